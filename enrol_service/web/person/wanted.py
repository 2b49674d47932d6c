"""What somebody wanted who is not signed in: the page goes on opening after the sign-in, and a form that was sent is not lost.

The page's address lies in a sealed cookie, so that no link can lead anybody elsewhere; a form's fields stay in the page itself.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, g, request

from enrol_service.refusals.web import SessionEnded
from enrol_service.web.page import STAFF_PAGE, here, page, private
from enrol_service.web.person.sealed import forget, keep, kept

WANTED = "wanted"  # purpose of the sealed cookie
LASTS = timedelta(hours=1)  # the link in the mail works for half an hour
LONGEST_ADDRESS = 1500  # a cookie may have 4096 bytes
LONGEST_FORM = 1200 * 1024  # bytes: a pasted table of a whole school
SHORTEST_TEXT = 30  # characters; what is longer was written by hand, and is shown so that it can be copied


def ask_to_sign_in() -> Response:
    """Answer somebody who is not signed in: the sign-in page, which leads back here; or the sent form with what was typed."""
    private(STAFF_PAGE)
    if request.method not in ("GET", "HEAD"):
        return _form_kept()
    at = here()
    response = Response(status=303, headers={"Location": at.url.staff("sign-in")})
    address = request.full_path.removesuffix("?")
    opened = request.headers.get("Sec-Fetch-Dest", "document") == "document"  # not fetched by a script
    if opened and request.path != at.url.staff() and len(address) <= LONGEST_ADDRESS:
        keep(response, WANTED, {"address": address}, LASTS)
    return response


def wanted_or_home() -> Response:
    """The way on after a sign-in: to the page that was wanted, once, or to the first page of staff."""
    told = kept(WANTED)
    response = Response(status=303, headers={"Location": str(told["address"]) if told else here().url.staff()})
    if told:
        forget(response, WANTED)
    return response


def _form_kept() -> Response:
    """A page with the form that was sent: nothing was done, and the same can be sent again after a sign-in in another tab."""
    g.refused = SessionEnded.__name__
    request.max_content_length = request.max_form_memory_size = LONGEST_FORM
    fields = list(request.form.items(multi=True))
    files = [one.filename for one in request.files.values() if one.filename]
    written = [value for _, value in fields if len(value) >= SHORTEST_TEXT]
    address = request.full_path.removesuffix("?")
    response = page(
        "person/session_ended.html",
        SessionEnded.status,
        sentence=here().speech.say(SessionEnded()),
        address=address,
        fields=fields,
        files=files,
        written=written,
        alternates={here().language: address},
    )
    forget(response, WANTED)
    return response
