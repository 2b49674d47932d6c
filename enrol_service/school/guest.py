"""Guest schools: a student types the name and a contact address, a person of the network admits the school once, and it works as any.

Until then nobody at that address is written to: whoever types it need not have the right to.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue, School, SchoolId
from course_catalogue.price import agreement_for
from enrol_service.enrolment.deadline import answer_by
from enrol_service.enrolment.enrolments import Commitment, Enrolment, pairs
from enrol_service.enrolment.form import EnrolmentForm
from enrol_service.enrolment.waiting_list import promote
from enrol_service.events import THE_SERVICE, Actor, advance_commitment, advance_enrolment
from enrol_service.mail.notices import ask_home_school, tell_guest_school, tell_network, tell_student
from enrol_service.refusals.guest import GuestDecided, OtherContactIsYou, SchoolListed
from enrol_service.school.accounts import NETWORK, grant, name_of
from enrol_service.school.acting import record_act
from enrol_service.school.directory import APPLICANT, GUEST, with_guests
from enrol_service.tables import commitment, enrolment, guest_school

NOT_ADMITTED = "guest-not-admitted"  # the reason with which the requests of a school that is not admitted are refused
FIRST_ROLES = ("contact_person", "payer")  # of the contact person: the school then invites others itself


@dataclass(frozen=True, slots=True)
class GuestSchool:
    """A row of `guest_school`; see tables.py for each column."""

    id: int
    school_id: SchoolId
    state: str
    name: str
    place: str
    business_id: str
    contact_name: str
    contact_email: str
    language: str
    applied_at: datetime
    decided_at: datetime | None
    decided_by_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the network knows of a school when it admits it."""

    name: str
    place: str
    business_id: str
    contact_name: str
    contact_email: str
    language: str


COLUMNS = tuple(guest_school.c[field.name] for field in fields(GuestSchool))


def settle_school(
    connection: Connection, catalogue: Catalogue, form: EnrolmentForm, language: str, now: datetime
) -> tuple[Catalogue, EnrolmentForm]:
    """The form with the guest school it names, and the catalogue that knows it; as they are when the school was chosen from the list.

    1. A name that the list has is refused with SchoolListed, the student's own address with OtherContactIsYou.
    2. A guest school that has been typed before is the same one, whatever contact is typed now.
    3. A new one has applied, and the network is told.
    Call inside the write transaction of the enrolment, so that nothing is left of a form that is refused.
    """
    if not form.other_school:
        return catalogue, form
    if form.other_contact == form.email:
        raise OtherContactIsYou
    wanted = _folded(form.other_school)
    for school in catalogue.schools.values():
        if wanted in {_folded(name) for name in school.name.by_language.values()}:
            if not is_guest(school):
                raise SchoolListed(school=school.name.to(language))
            return catalogue, replace(form, school_id=school.id)
    school_id = _apply(connection, form, language, now)
    tell_network(connection, catalogue, "guest_applied", now, facts={"guest_school": int(school_id.removeprefix("guest-"))})
    return with_guests(connection, catalogue), replace(form, school_id=school_id)


def is_guest(school: School) -> bool:
    return school.kind in (GUEST, APPLICANT)


def guest_schools(connection: Connection, *conditions: object) -> tuple[GuestSchool, ...]:
    """Guest schools in the order of applying."""
    rows = connection.execute(select(*COLUMNS).where(*conditions).order_by(guest_school.c.id))  # type: ignore[arg-type]
    return tuple(GuestSchool(*row) for row in rows)


def admit(connection: Connection, catalogue: Catalogue, guest_id: int, said: Particulars, actor: Actor, now: datetime) -> None:
    """Admit a school: its contact person may sign in and decide, and is asked about everything that waits.

    Refuses with GuestDecided when somebody has decided before. Call inside a write transaction.
    """
    guest = _undecided(connection, catalogue, guest_id)
    _decide(connection, guest, "admitted", actor, now, **{field.name: getattr(said, field.name) for field in fields(said)})
    record_act(connection, "admit_schools", NETWORK, actor, now, guest_school=guest.id, state="admitted")
    grant(connection, said.contact_email, guest.school_id, said.contact_name, said.language, FIRST_ROLES, now)
    known = with_guests(connection, catalogue)
    tell_guest_school(connection, said.contact_email, said.language, now, guest.id)
    for one, promised in _waiting(connection, guest):
        offering = known.offering(one.course_id, one.offering_id)
        deadline = promised.answer_by_at
        if offering is not None and one.state == "requested":
            deadline = answer_by(now, agreement_for(known, offering), offering, known.network.time_zone)
        # The school is asked only now: the time to answer and the reminders count from here.
        clock = {"asked_at": now, "answer_by_at": deadline, "reminded_at": None, "escalated_at": None}
        connection.execute(commitment.update().where(commitment.c.enrolment_id == one.id).values(**clock))
        ask_home_school(connection, known, one, deadline, now)


def refuse(connection: Connection, catalogue: Catalogue, guest_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Refuse a school with a reason that its students read; their requests end, their seats go to the first in line.

    Refuses with GuestDecided when somebody has decided before. Call inside a write transaction.
    """
    guest = _undecided(connection, catalogue, guest_id)
    _decide(connection, guest, "refused", actor, now, reason=reason)
    record_act(connection, "admit_schools", NETWORK, actor, now, guest_school=guest.id, state="refused")
    found = _waiting(connection, guest)
    for one, _ in found:
        decided = {"decided_at": now, "refusal_reason_id": NOT_ADMITTED}
        advance_commitment(connection, one.id, "asked", "refuse", THE_SERVICE, now, **decided)
        advance_enrolment(connection, one.id, one.state, "refuse", THE_SERVICE, now)
        tell_student(connection, "refused", one, now)
    for course_id, offering_id in sorted({(one.course_id, one.offering_id) for one, _ in found}):
        promote(connection, catalogue, course_id, offering_id, now)


def _apply(connection: Connection, form: EnrolmentForm, language: str, now: datetime) -> SchoolId:
    row = {
        "school_id": "",
        "state": "applied",
        "name": form.other_school,
        "contact_email": form.other_contact,
        "language": language,
        "applied_at": now,
        "changed_at": now,
    }
    number = int(connection.execute(guest_school.insert().values(**row).returning(guest_school.c.id)).scalar_one())
    school_id = f"guest-{number}"
    connection.execute(guest_school.update().where(guest_school.c.id == number).values(school_id=school_id))
    return school_id


def _undecided(connection: Connection, catalogue: Catalogue, guest_id: int) -> GuestSchool:
    guest = guest_schools(connection, guest_school.c.id == guest_id)[0]
    if guest.state != "applied":
        raise GuestDecided(who=name_of(connection, guest.decided_by_id) or "", when=guest.decided_at)
    return guest


def _decide(connection: Connection, guest: GuestSchool, state: str, actor: Actor, now: datetime, **values: object) -> None:
    decided: Mapping[str, object] = {"state": state, "decided_at": now, "decided_by_id": actor.account_id, "changed_at": now, **values}
    connection.execute(guest_school.update().where(guest_school.c.id == guest.id).values(**decided))


def _waiting(connection: Connection, guest: GuestSchool) -> tuple[tuple[Enrolment, Commitment], ...]:
    """The school's requests that nobody has answered."""
    return pairs(connection, enrolment.c.home_school_id == guest.school_id, commitment.c.state == "asked")


def _folded(name: str) -> str:
    """A school's name for comparing: case, accents, spaces and hyphens do not count."""
    letters = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
