"""Signing in with another service: there, back, and, the first time, the link in a mail that joins the two.

GET does no harm here: it begins a sign-in, or ends one that this very browser has begun, known by its sealed cookie.
"""

from __future__ import annotations

import hmac
from datetime import timedelta

from flask import Blueprint, Response, after_this_request, current_app, g, redirect, request
from flask.typing import ResponseReturnValue

from enrol_service.enrolment.email_address import plain_address
from enrol_service.refusals.enrolling import EmailIncomplete
from enrol_service.refusals.openid import NoRights, SignInStale, SignInStopped
from enrol_service.refusals.web import NotFound
from enrol_service.school.accounts import staff_of
from enrol_service.school.identity import ask_link, find_identity, note_use
from enrol_service.school.openid import Client, Told
from enrol_service.web import session
from enrol_service.web.access import public, refuse_stated_foreign_origin
from enrol_service.web.page import STAFF_PAGE, Here, here, page, private, service
from enrol_service.web.person.sealed import forget, keep, kept
from enrol_service.web.person.wanted import wanted_or_home
from enrol_service.web.traffic import limit
from theme.address import addresses

pages = Blueprint("openid", __name__)

BEFORE = "whoever signs in has not signed in yet"
BEGUN, WAITING = "sign-in", "link"  # purposes of sealed cookies
BEGUN_LASTS = timedelta(minutes=10)
WAITING_LASTS = timedelta(minutes=30)


@pages.get("/staff/sign-in/with/<provider_id>")
@public(BEFORE)
def begin(provider_id: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    limit(current_app.extensions["buckets"]["sign_in"])
    begun = _client(provider_id).begin(_return_address())
    g.leads_to = begun.address
    response = Response(status=303, headers={"Location": begun.address})
    told: dict[str, object] = {"provider": provider_id, "language": here().language}
    secrets: dict[str, object] = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier}
    keep(response, BEGUN, told | secrets, BEGUN_LASTS)
    return response


@pages.get("/staff/sign-in/callback")
@public("the other service leads the reader here; only the browser that began is let on")
def finish() -> ResponseReturnValue:
    """1. Is it this browser's own sign-in, for the first time? 2. Who is it? 3. Sign in, or ask for the address that it belongs to."""
    private(STAFF_PAGE)
    begun = kept(BEGUN)
    after_this_request(_without_begun)
    if begun is None or not hmac.compare_digest(request.args.get("state", "").encode(), str(begun["state"]).encode()):
        raise SignInStale
    _speak(str(begun["language"]))
    client = _client(str(begun["provider"]))
    told = _told(client, begun)
    at = here()
    with service().database.read() as connection:
        known = find_identity(connection, told.issuer, told.subject)
        person = staff_of(connection, at.catalogue, known.email, at.now) if known and known.proved_at else None
    if known is None or known.proved_at is None:
        response = Response(status=303, headers={"Location": at.url.staff("sign-in/link")})
        facts = {"issuer": told.issuer, "subject": told.subject, "name": told.name, "schools": told.schools, "roles": told.roles}
        keep(response, WAITING, {**facts, "provider": client.provider.id}, WAITING_LASTS)
        return response
    if person is None:
        raise NoRights
    with service().database.write() as connection:
        note_use(connection, known.id, at.now)
    response = wanted_or_home()
    session.sign_in(service(), request, person.email, response)
    return response


@pages.get("/staff/sign-in/link")
@public("whoever has signed in elsewhere says which address is theirs; a mail to it proves it")
def ask() -> ResponseReturnValue:
    private(STAFF_PAGE)
    return _ask_page(_waiting(), {}, {})


@pages.post("/staff/sign-in/link")
@public("the link goes by mail to the address itself")
def send() -> ResponseReturnValue:
    private(STAFF_PAGE)
    refuse_stated_foreign_origin()
    limit(current_app.extensions["buckets"]["sign_in"])
    at, waiting = here(), _waiting()
    typed = request.form.get("email", "")[:254]
    email = plain_address(typed)
    if email is None:
        return _ask_page(waiting, {"email": typed}, {"email": at.speech.say(EmailIncomplete())})
    with service().database.write() as connection:
        ask_link(connection, at.catalogue, str(waiting["issuer"]), str(waiting["subject"]), email, at.now)
    return redirect(at.url.staff("sign-in/link/sent"), 303)


@pages.get("/staff/sign-in/link/sent")
@public(BEFORE)
def sent() -> ResponseReturnValue:
    private(STAFF_PAGE)
    return page("person/link_sent.html", development=service().settings.development, nav_current="staff")


def is_waiting_here(identity_id: int) -> bool:
    """Whether it was this browser that signed in at the other service as this identity: else a stranger's could be joined to the reader."""
    waiting = kept(WAITING)
    if waiting is None:
        return False
    with service().database.read() as connection:
        known = find_identity(connection, str(waiting["issuer"]), str(waiting["subject"]))
    return known is not None and known.id == identity_id


def forget_waiting(response: Response) -> None:
    forget(response, WAITING)


def providers() -> tuple[Client, ...]:
    """The services that the operator has configured, for the buttons of the sign-in page."""
    found: dict[str, Client] = current_app.extensions["openid"]
    return tuple(found.values())


def label_of(client: Client, language: str) -> str:
    """What a provider's button says; in the provider's first language where it has none for the reader."""
    labels = client.provider.label
    return labels.get(language) or next(iter(labels.values()), client.provider.id)


def _told(client: Client, begun: dict[str, object]) -> Told:
    """What the provider tells of whoever came back. RFC 9207: an answer may name its issuer, and then must name the right one."""
    code, issuer = request.args.get("code", ""), request.args.get("iss")
    if "error" in request.args or not code:
        raise SignInStopped
    if issuer is not None and not client.may_answer_as(issuer):
        raise SignInStale
    return client.finish(code, str(begun["nonce"]), str(begun["verifier"]), _return_address(), here().now)


def _client(provider_id: str) -> Client:
    found: Client | None = current_app.extensions["openid"].get(provider_id)
    if found is None:
        raise NotFound
    return found


def _return_address() -> str:
    """One address for all languages: it is written down at the provider."""
    catalogue = here().catalogue
    return service().settings.service_url + addresses(catalogue, catalogue.network.languages[0]).staff("sign-in/callback")


def _waiting() -> dict[str, object]:
    waiting = kept(WAITING)
    if waiting is None:
        raise SignInStale
    return waiting


def _ask_page(waiting: dict[str, object], values: dict[str, str], errors: dict[str, str]) -> Response:
    client = _client(str(waiting["provider"]))
    told = {name: waiting[name] for name in ("name", "schools", "roles")}
    status = EmailIncomplete.status if errors else 200
    label = label_of(client, here().language)
    return page("person/link.html", status, told=told, label=label, values=values, errors=errors, nav_current="staff")


def _speak(language: str) -> None:
    """Go on in the language in which the reader began: the provider knows one address only."""
    at = here()
    spoken = at.loaded.language(language)
    g.here = Here(at.loaded, spoken, at.now, addresses(at.catalogue, spoken))


def _without_begun(response: Response) -> Response:
    forget(response, BEGUN)
    return response
