"""POST /enrol: from the course page's form to the student's own page. No cookie, no script needed, nothing typed is lost."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue

from course_catalogue.model import Course, Offering, OfferingId, School
from course_catalogue.price import agreement_for, price_for
from enrol_service.enrolment.enrol import enrol, price_sentence, remind_of_enrolment
from enrol_service.enrolment.form import OTHER, TYPED, read_form, typed_values
from enrol_service.enrolment.seats import Seats, seats_of
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import (
    AlreadyEnrolled,
    CourseUnknown,
    FormRefused,
    KeyReused,
    OfferingCancelled,
    OfferingClosed,
    OfferingFull,
    OfferingNotOpen,
    OfferingUnknown,
    OwnSchool,
    PriceChanged,
    PriceNotShown,
)
from enrol_service.refusals.guest import OtherContactIsYou, SchoolListed
from enrol_service.refusals.staff_enrolling import RunLapsed
from enrol_service.refusals.web import BodyTooLarge, FormFailed
from enrol_service.school.directory import without_applicants
from enrol_service.school.guest import settle_school
from enrol_service.speech import Money
from enrol_service.web.access import known_origins, public
from enrol_service.web.page import here, page, service
from enrol_service.web.request_log import request_id
from enrol_service.web.traffic import limit
from theme.address import addresses
from theme.course_view import course_view, school_choices

log = logging.getLogger(__name__)

pages = Blueprint("enrol", __name__)

# Refusals that the form answers, and the field they are said at.
AT_FIELD: dict[type[Refusal], str] = {
    KeyReused: "name",
    OfferingCancelled: "offering",
    OfferingClosed: "offering",
    OfferingFull: "offering",
    OfferingNotOpen: "offering",
    OfferingUnknown: "offering",
    OwnSchool: "school",
    SchoolListed: "other_school",
    OtherContactIsYou: "other_contact",
    PriceChanged: "offering",
    PriceNotShown: "offering",
    RunLapsed: "offering",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a form chooses, to be read before it is confirmed; none where the choice is missing or unknown."""

    school: School | None
    elsewhere: bool  # the school is not in the list
    offering: Offering | None
    price: str | None
    syllabus: str
    protected: bool


@pages.get("/enrol")
@public("leads whoever comes back to the address of a sent form to the tray")
def look() -> ResponseReturnValue:
    return redirect(here().url.home(), 303)


@pages.get("/enrol/sent")
@public("says nothing but that the answer is in the mail")
def sent() -> ResponseReturnValue:
    return page("student/enrol_sent.html", development=service().settings.development)


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
    if not _is_from_a_known_page(values) or values["website"]:
        return _ask_to_confirm(values, course)
    try:
        return _enrol(values, course)
    except Refusal:
        raise
    except Exception as broken:
        return _failed(values, course, broken)


def _enrol(values: dict[str, str], course: Course) -> ResponseReturnValue:
    """Judge the form: the way to the student's own page, or the form with what to mend."""
    at = here()
    try:
        made = read_form(values, at.catalogue, course)
        with service().database.write() as connection:
            catalogue, made = settle_school(connection, at.catalogue, made, at.language, at.now)
            enrolled = enrol(connection, catalogue, made, at.language, at.now)
    except FormRefused as refused:
        return _form_again(values, course, {name: at.speech.say(refusal) for name, refusal in refused.fields}, refused)
    except AlreadyEnrolled:
        # A stranger may have typed the address, so the answer does not say who is on the course.
        with service().database.write() as connection:
            remind_of_enrolment(connection, made, at.now)
        return redirect(f"{at.url.prefix}/enrol/sent", 303)
    except tuple(AT_FIELD) as refused:
        return _form_again(values, course, {AT_FIELD[type(refused)]: at.speech.say(refused)}, refused)
    return redirect(at.url.enrolment(service().signer.token("student", enrolled.link_id)), 303)


def _failed(values: dict[str, str], course: Course, broken: Exception) -> Response:
    """A bug or a full disk: logged like any other, and nothing typed is lost. The key stays: if it was stored after all, once is enough."""
    log.exception("request %s failed", request_id(), exc_info=broken)
    return _form_again(values, course, {}, FormFailed(), key=values["key"], number=request_id())


def _form_again(
    values: dict[str, str], course: Course, errors: dict[str, str], refused: Refusal, *, key: str = "", number: str = ""
) -> Response:
    """The form with what was typed and what to mend. Its key is a new one, so that a form sent before stays as it is.

    `number` is the request's, when it failed by no fault of the reader.
    """
    at = here()
    shown = {**values, "key": key or secrets.token_urlsafe(16)}
    return page(
        "student/enrol_again.html",
        refused.status,
        view=course_view(at.catalogue, course, at.now),
        schools=school_choices(without_applicants(at.catalogue), at.language),
        privacy_page=_privacy_page(),
        values=shown,
        seats={} if number else _seats(course),
        errors=errors,
        failed=at.speech.say(refused) if number else "",
        number=number,
        alternates=_course_page(course),
    )


def _seats(course: Course) -> dict[OfferingId, Seats]:
    """How many hold a seat and wait now, by run."""
    with service().database.read() as connection:
        return {one.id: seats_of(connection, course.id, one.id) for one in course.offerings}


def _ask_to_confirm(values: dict[str, str], course: Course) -> Response:
    """A page of our own with all that came, and a button. Shown when we cannot tell which page has sent the form."""
    at = here()
    kept = {name: value for name, value in values.items() if value and name != "website"}
    typed = [(name, kept[name]) for name in TYPED if name in kept]
    kept["confirmed"] = _confirmation(at.now.timestamp(), values)
    chosen = _chosen(values, course)
    return page("student/confirm.html", kept=kept, typed=typed, chosen=chosen, course=course, alternates=_course_page(course))


def _chosen(values: dict[str, str], course: Course) -> Chosen:
    at = here()
    school, offering = at.catalogue.schools.get(values["school"]), course.offering(values["offering"])
    price = None
    if school and offering:
        quote = price_for(agreement_for(at.catalogue, offering), course, school.id)
        price = price_sentence(at.speech, school.id, Money(quote.cents, quote.currency))
    return Chosen(school, values["school"] == OTHER, offering, price, values["syllabus"], bool(values["protected"]))


def _is_from_a_known_page(values: dict[str, str]) -> bool:
    """Whether the form comes from the tray, from the network's site, or from our own page of confirmation."""
    if request.headers.get("Origin", "").lower() in known_origins():
        return True
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or _is_confirmed(request.form.get("confirmed", ""), values)


def _confirmation(moment: float, values: dict[str, str]) -> str:
    """Proof that the page of confirmation was ours and showed just this: its time and what was typed, signed.

    Spaces do not count: browsers write the ends of lines in their own ways.
    """
    stamp = f"{int(moment)}"
    shown = json.dumps({name: " ".join(value.split()) for name, value in values.items() if name != "website"}, sort_keys=True)
    digest = hashlib.sha256(shown.encode()).hexdigest()
    return f"{stamp}.{hmac.digest(service().settings.secret, f'tarjotin confirm 2 {stamp} {digest}'.encode(), hashlib.sha256).hex()}"


def _is_confirmed(proof: str, values: dict[str, str]) -> bool:
    stamp = proof.partition(".")[0]
    if not stamp.isdecimal() or len(stamp) > 12 or not hmac.compare_digest(proof.encode(), _confirmation(float(stamp), values).encode()):
        return False
    return 0 <= here().now.timestamp() - int(stamp) <= 3600


def _privacy_page() -> str | None:
    return next((one.id for one in here().catalogue.pages if one.id == "privacy"), None)


def _course_page(course: Course) -> dict[str, str]:
    at = here()
    return {language: addresses(at.catalogue, language).course(course.id) for language in at.loaded.environments}
