"""The cast of the small network that every test of the service knows, and builders with defaults.

Veeti studies in Kuusikko; Anna Laine answers for Kuusikko, Kari Metso pays; Sari Kivi coordinates Kuusikko's courses.
Camilla Holm answers for Strand and coordinates there; Pia Ranta is from Rantakylä, a school outside the network.
The course is Strand's FY1 (20 seats, 5 of them kept for Kuusikko) or Kuusikko's FY4 (10 seats in period 3, 2 in period 4).
"""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue, Course, Offering
from course_catalogue.price import agreement_for, price_for
from enrol_service.database import Database
from enrol_service.enrolment.decide import give, refuse
from enrol_service.enrolment.enrol import Enrolled, enrol
from enrol_service.enrolment.enrolments import Commitment, Enrolment, read_commitment, read_enrolment
from enrol_service.enrolment.form import EnrolmentForm
from enrol_service.enrolment.seats import rank_of
from enrol_service.enrolment.withdraw import withdraw
from enrol_service.events import THE_STUDENT, Actor
from enrol_service.school.accounts import staff_of
from enrol_service.school.acting import actor_for

SMALL = Path(__file__).resolve().parent.parent / "networks" / "small"
CATALOGUE = load(SMALL)
NOW = datetime(2026, 11, 23, 7, 52, tzinfo=UTC)  # Monday 9.52 in Finland
ANNA, KARI, SARI = "anna.laine@kuusikko.example", "kari.metso@kuusikko.example", "sari.kivi@kuusikko.example"
CAMILLA, PIA = "camilla.holm@strand.example", "pia.ranta@rantakyla.example"
FY4 = "kuusikko/fy4-voima-ja-liike"
P3, P4 = "2026-p3", "2027-p4"


def day(text: str, clock: str = "09:52") -> datetime:
    """A moment in the network's time zone: `day("2026-11-30", "00:00")`."""
    return datetime.fromisoformat(f"{text}T{clock}").replace(tzinfo=CATALOGUE.network.time_zone).astimezone(UTC)


def with_offering(catalogue: Catalogue, course_id: str, offering_id: str, **changes: object) -> Catalogue:
    """The catalogue with one offering changed."""
    course = catalogue.courses[course_id]
    changed = tuple(dataclasses.replace(one, **changes) if one.id == offering_id else one for one in course.offerings)  # type: ignore[arg-type]
    return with_course(catalogue, dataclasses.replace(course, offerings=changed))


def with_course(catalogue: Catalogue, course: Course) -> Catalogue:
    return dataclasses.replace(catalogue, courses={**catalogue.courses, course.id: course})


def offering_of(course_id: str, offering_id: str, catalogue: Catalogue = CATALOGUE) -> Offering:
    offering = catalogue.courses[course_id].offering(offering_id)
    assert offering is not None
    return offering


def prices(course_id: str, catalogue: Catalogue = CATALOGUE) -> dict[str, tuple[int, int]]:
    """What the page of a course has shown: cents for a member and for an outside school, by offering."""
    course = catalogue.courses[course_id]
    found = {}
    for offering in course.offerings:
        agreement = agreement_for(catalogue, offering)
        found[offering.id] = (price_for(agreement, course, "kuusikko").cents, price_for(agreement, course, "rantakyla").cents)
    return found


def form(
    *,
    course_id: str = FY4,
    offering_id: str = P3,
    name: str = "Veeti Korhonen",
    email: str = "veeti.korhonen@kuusikko.example",
    school_id: str = "strand",
    protected: bool = False,
    key: str | None = None,
    message: str = "",
    prices_shown: dict[str, tuple[int, int]] | None = None,
) -> EnrolmentForm:
    return EnrolmentForm(
        course_id=course_id,
        offering_id=offering_id,
        name=name,
        email=email,
        school_id=school_id,
        group="24B",
        syllabus="nuoret",
        learner_id="",
        phone="",
        message=message,
        protected=protected,
        key=key,
        prices_shown=prices(course_id) if prices_shown is None else prices_shown,
    )


class Office:
    """The commands on one database, each in a write transaction of its own, as the pages call them."""

    def __init__(self, database: Database, catalogue: Catalogue = CATALOGUE, now: datetime = NOW) -> None:
        self.database = database
        self.catalogue = catalogue
        self.now = now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def enrol(self, made: EnrolmentForm | None = None, language: str = "fi") -> int:
        return self.enrolled(made, language).enrolment_id

    def enrolled(self, made: EnrolmentForm | None = None, language: str = "fi") -> Enrolled:
        with self.database.write() as connection:
            return enrol(connection, self.catalogue, made or form(), language, self.now)

    def fill(self, count: int, **about: object) -> list[int]:
        """Enrol so many students with addresses of their own."""
        return [self.enrol(form(email=f"student{number}@strand.example", **about)) for number in range(count)]  # type: ignore[arg-type]

    def fill_one(self, email: str, offering_id: str) -> int:
        return self.enrol(form(email=email, offering_id=offering_id))

    def rank(self, enrolment_id: int) -> int:
        one = self.enrolment(enrolment_id)
        with self.database.read() as connection:
            return rank_of(connection, one.course_id, one.offering_id, one.queue_number or 0)

    def actor(self, email: str, act: str = "decide") -> Actor:
        """The person as steps know them, in the first school for which they may do the act."""
        with self.database.write() as connection:
            staff = staff_of(connection, self.catalogue, email, self.now)
            assert staff is not None
            return actor_for(connection, staff, act, staff.schools_for(act)[0], self.now)

    def give(self, enrolment_id: int, email: str = CAMILLA) -> bool:
        actor = self.actor(email)
        with self.database.write() as connection:
            return give(connection, self.catalogue, enrolment_id, actor, self.now).changed

    def refuse(self, enrolment_id: int, reason: str = "esitiedot", email: str = CAMILLA) -> bool:
        actor = self.actor(email)
        with self.database.write() as connection:
            return refuse(connection, self.catalogue, enrolment_id, reason, actor, self.now).changed

    def withdraw(self, enrolment_id: int) -> bool:
        with self.database.write() as connection:
            return withdraw(connection, self.catalogue, enrolment_id, THE_STUDENT, self.now)

    def enrolment(self, enrolment_id: int) -> Enrolment:
        with self.database.read() as connection:
            return read_enrolment(connection, enrolment_id)

    def commitment(self, enrolment_id: int) -> Commitment:
        with self.database.read() as connection:
            return read_commitment(connection, enrolment_id)

    def states(self, enrolment_id: int) -> tuple[str, str]:
        return self.enrolment(enrolment_id).state, self.commitment(enrolment_id).state
