"""POST /enrol: from the course page's form to the student's own page. No cookie, no script needed, nothing typed is lost."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import Blueprint, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue

from course_catalogue.model import Course
from enrol_service.enrol import enrol, remind_of_enrolment
from enrol_service.form import TYPED, read_form, typed_values
from enrol_service.refusals import (
    STATUS,
    AlreadyEnrolled,
    BodyTooLarge,
    CourseUnknown,
    FormRefused,
    KeyReused,
    OfferingCancelled,
    OfferingClosed,
    OfferingNotOpen,
    OfferingUnknown,
    PriceChanged,
    PriceNotShown,
    Refusal,
)
from enrol_service.settings import origin_of
from enrol_service.web.access import public
from enrol_service.web.page import here, page, service
from enrol_service.web.traffic import limit
from theme.address import addresses
from theme.course_view import course_view, school_choices

pages = Blueprint("enrol", __name__)

# Refusals that the form answers, and the field they are said at.
AT_FIELD: dict[type[Refusal], str] = {
    AlreadyEnrolled: "email",
    KeyReused: "name",
    OfferingCancelled: "offering",
    OfferingClosed: "offering",
    OfferingNotOpen: "offering",
    OfferingUnknown: "offering",
    PriceChanged: "offering",
    PriceNotShown: "offering",
}


@pages.get("/enrol")
@public("leads whoever comes back to the address of a sent form to the tray")
def look() -> ResponseReturnValue:
    return redirect(here().url.home(), 303)


@pages.post("/enrol")
@public("a student has no account; the answer is a page of the student's own, and a mail to the address given")
def send() -> ResponseReturnValue:
    limit(current_app.extensions["buckets"]["enrol"])
    if len(request.form) > 100:
        raise BodyTooLarge
    values = typed_values(request.form)
    at = here()
    course = at.catalogue.courses.get(values["course"])
    if course is None or course.status not in ("published", "cancelled"):
        raise CourseUnknown
    if not _is_from_a_known_page() or values["website"]:
        return _ask_to_confirm(values, course)
    try:
        made = read_form(values, at.catalogue, course)
        with service().database.write() as connection:
            enrolled = enrol(connection, at.catalogue, made, at.language, at.now)
    except FormRefused as refused:
        return _form_again(values, course, {name: at.speech.say(refusal) for name, refusal in refused.fields}, refused)
    except AlreadyEnrolled as refused:
        with service().database.write() as connection:
            remind_of_enrolment(connection, made, at.now)
        return _form_again(values, course, {AT_FIELD[AlreadyEnrolled]: at.speech.say(refused)}, refused)
    except tuple(AT_FIELD) as refused:
        return _form_again(values, course, {AT_FIELD[type(refused)]: at.speech.say(refused)}, refused)
    return redirect(at.url.enrolment(service().signer.token("student", enrolled.link_id)), 303)


def _form_again(values: dict[str, str], course: Course, errors: dict[str, str], refused: Refusal) -> Response:
    """The form with what was typed and what to mend. Its key is a new one, so that a form sent before stays as it is."""
    at = here()
    shown = {**values, "key": secrets.token_urlsafe(16)}
    return page(
        "enrol_again.html",
        STATUS[type(refused)],
        view=course_view(at.catalogue, course, at.now),
        schools=school_choices(at.catalogue, at.language),
        privacy_page=_privacy_page(),
        values=shown,
        errors=errors,
        alternates=_course_page(course),
    )


def _ask_to_confirm(values: dict[str, str], course: Course) -> Response:
    """A page of our own with all that came, and a button. Shown when we cannot tell which page has sent the form."""
    at = here()
    kept = {name: value for name, value in values.items() if value and name != "website"}
    typed = [(name, kept[name]) for name in TYPED if name in kept]
    kept["confirmed"] = _confirmation(at.now.timestamp())
    return page("confirm.html", kept=kept, typed=typed, course=course, alternates=_course_page(course))


def _is_from_a_known_page() -> bool:
    """Whether the form comes from the tray, from the network's site, or from our own page of confirmation."""
    settings = service().settings
    known = {origin_of(settings.service_url), origin_of(here().catalogue.network.site_url), *settings.origins}
    if request.headers.get("Origin", "").lower() in known:
        return True
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or _is_confirmed(request.form.get("confirmed", ""))


def _confirmation(moment: float) -> str:
    """Proof that the page of confirmation was ours: nothing but its time, signed."""
    stamp = f"{int(moment)}"
    return f"{stamp}.{hmac.digest(service().settings.secret, f'tarjotin confirm 1 {stamp}'.encode(), hashlib.sha256).hex()}"


def _is_confirmed(proof: str) -> bool:
    stamp = proof.partition(".")[0]
    if not stamp.isdecimal() or len(stamp) > 12 or not hmac.compare_digest(proof.encode(), _confirmation(float(stamp)).encode()):
        return False
    return 0 <= here().now.timestamp() - int(stamp) <= 3600


def _privacy_page() -> str | None:
    return next((one.id for one in here().catalogue.pages if one.id == "privacy"), None)


def _course_page(course: Course) -> dict[str, str]:
    at = here()
    return {language: addresses(at.catalogue, language).course(course.id) for language in at.loaded.environments}
