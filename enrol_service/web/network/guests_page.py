"""Admitting a guest school: a person of the network checks name, place and contact person, once; GET shows, POST acts."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, func, select

from course_catalogue.scalar import is_business_id
from enrol_service.enrolment.email_address import plain_address
from enrol_service.enrolment.free_text import free_text
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import EmailIncomplete
from enrol_service.refusals.guest import BusinessIdWrong, ContactNameMissing, GuestReasonMissing, SchoolNameMissing
from enrol_service.refusals.web import NotFound
from enrol_service.school.accounts import NETWORK, name_of
from enrol_service.school.acting import actor_for
from enrol_service.school.guest import GuestSchool, Particulars, admit, guest_schools, refuse
from enrol_service.tables import enrolment, guest_school
from enrol_service.web.access import me, staff
from enrol_service.web.page import STAFF_PAGE, here, page, private, service

pages = Blueprint("guests", __name__)

# Field of the form → most characters.
FIELDS = {"name": 120, "place": 80, "business_id": 20, "contact_name": 120, "contact_email": 254}


@pages.get("/staff/network/guests/<number:guest_id>")
@staff("admit_schools")
def show(guest_id: int) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        guest = _guest(connection, guest_id)
    return _form(guest, {name: str(getattr(guest, name)) for name in FIELDS} | {"language": guest.language}, {})


@pages.post("/staff/network/guests/<number:guest_id>/admit")
@staff("admit_schools")
def take(guest_id: int) -> ResponseReturnValue:
    private(STAFF_PAGE)
    at, typed = here(), {name: request.form.get(name, "") for name in (*FIELDS, "language")}
    said, errors = _read(typed)
    with service().database.write() as connection:
        guest = _guest(connection, guest_id)
        if said is not None:
            actor = actor_for(connection, me(), "admit_schools", NETWORK, at.now)
            admit(connection, at.catalogue, guest_id, said, actor, at.now)
            return redirect(at.url.staff(f"network/guests/{guest_id}"), 303)
    return _form(guest, typed, errors, next(iter(errors.values())).status)


@pages.get("/staff/network/guests/<number:guest_id>/refuse")
@staff("admit_schools")
def ask_turn_away(guest_id: int) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        guest = _guest(connection, guest_id)
    if guest.state != "applied":
        return redirect(here().url.staff(f"network/guests/{guest_id}"), 303)
    return _refuse_form(guest, "")


@pages.post("/staff/network/guests/<number:guest_id>/refuse")
@staff("admit_schools")
def turn_away(guest_id: int) -> ResponseReturnValue:
    private(STAFF_PAGE)
    at, typed = here(), request.form.get("reason", "")
    refused: Refusal
    with service().database.write() as connection:
        guest = _guest(connection, guest_id)
        try:
            reason = free_text(typed, 500)
            if not reason:
                raise GuestReasonMissing
        except Refusal as wrong:
            refused = wrong
        else:
            actor = actor_for(connection, me(), "admit_schools", NETWORK, at.now)
            refuse(connection, at.catalogue, guest_id, reason, actor, at.now)
            return redirect(at.url.staff(f"network/guests/{guest_id}"), 303)
    return _refuse_form(guest, typed, refused)


def _guest(connection: Connection, guest_id: int) -> GuestSchool:
    found = guest_schools(connection, guest_school.c.id == guest_id)
    if not found:
        raise NotFound
    return found[0]


def _read(typed: Mapping[str, str]) -> tuple[Particulars | None, dict[str, Refusal]]:
    """What the network says of the school, or what must be mended, by field."""
    values: dict[str, str] = {}
    errors: dict[str, Refusal] = {}
    for name, most in FIELDS.items():
        try:
            values[name] = free_text(typed[name], most, keep_lines=False)
        except Refusal as refused:
            errors[name] = refused
    email = plain_address(typed["contact_email"])
    if sum(letter.isalpha() for letter in values.get("name", "")) < 4:
        errors.setdefault("name", SchoolNameMissing())
    if not values.get("contact_name"):
        errors.setdefault("contact_name", ContactNameMissing())
    if email is None:
        errors.setdefault("contact_email", EmailIncomplete())
    if values.get("business_id") and not is_business_id(values["business_id"]):
        errors.setdefault("business_id", BusinessIdWrong())
    language = typed["language"] if typed["language"] in here().loaded.environments else here().language
    if errors or email is None:
        return None, errors
    return Particulars(values["name"], values["place"], values["business_id"], values["contact_name"], email, language), {}


def _form(guest: GuestSchool, values: Mapping[str, str], errors: Mapping[str, Refusal], status: int = 200) -> Response:
    at = here()
    with service().database.read() as connection:
        students = _students(connection, guest)
        decided_by = name_of(connection, guest.decided_by_id)
    said = {name: at.speech.say(refusal) for name, refusal in errors.items()}
    return page(
        "network/guest.html",
        status,
        guest=guest,
        students=students,
        decided_by=decided_by,
        values=values,
        errors=said,
        nav_current="network",
    )


def _refuse_form(guest: GuestSchool, reason: str, refused: Refusal | None = None) -> Response:
    with service().database.read() as connection:
        students = _students(connection, guest)
    return page(
        "network/guest_refuse.html",
        refused.status if refused else 200,
        guest=guest,
        students=students,
        reason=reason[:5000],
        errors={"reason": here().speech.say(refused)} if refused else {},
        nav_current="network",
    )


def _students(connection: Connection, guest: GuestSchool) -> int:
    """How many have enrolled from a guest school."""
    counted = select(func.count()).select_from(enrolment).where(enrolment.c.home_school_id == guest.school_id)
    return int(connection.execute(counted).scalar_one())
