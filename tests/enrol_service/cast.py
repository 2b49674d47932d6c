"""The cast of the small network that every test of the service knows, and builders with defaults.

Veeti studies in Kuusikko; Anna Laine answers for Kuusikko, Kari Metso pays; Sari Kivi coordinates Kuusikko's courses.
Camilla Holm answers for Strand and coordinates there; Pia Ranta is from Rantakylä, a school outside the network.
The course is Strand's FY1 (20 seats, 5 of them kept for Kuusikko) or Kuusikko's FY4 (10 seats in period 3, 2 in period 4).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue, Course, Offering
from course_catalogue.price import agreement_for, price_for
from enrol_service.completion.completion import Completion, latest, write_draft
from enrol_service.completion.entry import Entry, tidy_entry
from enrol_service.completion.publish import correct, publish
from enrol_service.database import Database
from enrol_service.enrolment.authorisation import Authorisation, Terms, authorise, end_authorisation, read_authorisation
from enrol_service.enrolment.change import answer_change, ask_change, take_back
from enrol_service.enrolment.decide import give, refuse
from enrol_service.enrolment.enrol import Enrolled, enrol
from enrol_service.enrolment.enrolments import Commitment, Enrolment, read_commitment, read_enrolment
from enrol_service.enrolment.form import EnrolmentForm
from enrol_service.enrolment.offer import accept
from enrol_service.enrolment.participation import interrupt, miss, resume, start
from enrol_service.enrolment.run import cancel_run
from enrol_service.enrolment.seats import rank_of
from enrol_service.enrolment.waiting_list import move
from enrol_service.enrolment.withdraw import price_of_leaving, withdraw
from enrol_service.events import THE_STUDENT, Actor
from enrol_service.mail.message import send_message
from enrol_service.school.accounts import staff_of
from enrol_service.school.acting import actor_for
from enrol_service.tick import tick

SMALL = Path(__file__).resolve().parent.parent / "networks" / "small"
CATALOGUE = load(SMALL)
NOW = datetime(2026, 11, 23, 7, 52, tzinfo=UTC)  # Monday 9.52 in Finland
ANNA, KARI, SARI = "anna.laine@kuusikko.example", "kari.metso@kuusikko.example", "sari.kivi@kuusikko.example"
TEACHER = "fysiikka@kuusikko.example"  # of Kuusikko
HENRIK = "henrik.sandell@strand.example"  # pays for Strand
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
        """The student leaves at the price that the page shows now."""
        with self.database.write() as connection:
            one, promised = read_enrolment(connection, enrolment_id), read_commitment(connection, enrolment_id)
            price = price_of_leaving(one, promised, self.catalogue, self.now)
            shown = price.cents if price else 0
            return withdraw(connection, self.catalogue, enrolment_id, THE_STUDENT, self.now, price_shown=shown)

    def accept(self, enrolment_id: int) -> bool:
        with self.database.write() as connection:
            return accept(connection, self.catalogue, enrolment_id, THE_STUDENT, self.now)

    def move(self, enrolment_id: int, to_rank: int, reason: str = "graduating", email: str = SARI) -> int:
        actor = self.actor(email, "order_queue")
        with self.database.write() as connection:
            return move(connection, self.catalogue, enrolment_id, to_rank, reason, actor, self.now)

    def cancel_run(self, offering_id: str = P4, reason: str = "Opettaja on sairastunut.", course_id: str = FY4, email: str = SARI) -> int:
        actor = self.actor(email, "cancel_run")
        with self.database.write() as connection:
            return cancel_run(connection, self.catalogue, course_id, offering_id, reason, actor, self.now)

    def tick(self) -> int:
        return tick(self.database, self.catalogue, self.now)

    def start(self, enrolment_id: int, on: str, email: str = TEACHER) -> bool:
        return self._marked(start, email, enrolment_id, date.fromisoformat(on))

    def miss(self, enrolment_id: int, email: str = TEACHER) -> bool:
        return self._marked(miss, email, enrolment_id)

    def interrupt(self, enrolment_id: int, on: str, email: str = TEACHER) -> bool:
        return self._marked(interrupt, email, enrolment_id, date.fromisoformat(on))

    def resume(self, enrolment_id: int, email: str = TEACHER) -> bool:
        return self._marked(resume, email, enrolment_id)

    def _marked(self, mark: Callable[..., bool], email: str, enrolment_id: int, *on: date) -> bool:
        actor = self.actor(email, "mark_participation")
        with self.database.write() as connection:
            return mark(connection, self.catalogue, enrolment_id, *on, actor, self.now)

    def send(self, subject: str, body: str, enrolment_ids: Iterable[int], email: str = TEACHER, run: str = P3) -> int:
        """Write to participants of a run of FY4; the message's number."""
        actor = self.actor(email, "write_messages")
        with self.database.write() as connection:
            return send_message(connection, self.catalogue, FY4, run, subject, body, enrolment_ids, actor, self.now)

    def ask_change(
        self, enrolment_id: int, kind: str, text: str = "Opiskelija muutti.", actor: Actor | None = None, to_offering_id: str | None = None
    ) -> int:
        actor = actor or self.actor(CAMILLA, "ask_changes")
        with self.database.write() as connection:
            return ask_change(connection, self.catalogue, enrolment_id, kind, text, actor, self.now, to_offering_id)

    def answer_change(self, change_id: int, *, accepted: bool, text: str = "") -> bool:
        actor = self.actor(SARI, "answer_changes")
        with self.database.write() as connection:
            return answer_change(connection, self.catalogue, change_id, accepted, text, actor, self.now)

    def take_back(self, change_id: int) -> bool:
        actor = self.actor(CAMILLA, "ask_changes")
        with self.database.write() as connection:
            return take_back(connection, change_id, actor, self.now)

    def draft(self, enrolment_id: int, entry: Entry, email: str = SARI) -> bool:
        actor = self.actor(email, "grade")
        with self.database.write() as connection:
            return write_draft(connection, self.catalogue, enrolment_id, entry, actor, self.now)

    def publish(self, *enrolment_ids: int, email: str = SARI) -> int:
        actor = self.actor(email, "grade")
        with self.database.write() as connection:
            return publish(connection, self.catalogue, enrolment_ids, actor, self.now)

    def grade(self, enrolment_id: int, grade: str = "8", email: str = SARI) -> Completion:
        """Publish a grade of physics, or T, or K."""
        self.draft(enrolment_id, tidy_entry({"FY": grade}, "", "koe" if grade == "T" else ""), email)
        self.publish(enrolment_id, email=email)
        return self.completion(enrolment_id)

    def correct(
        self, enrolment_id: int, grade: str, reason: str = "mistake", text: str = "", email: str = SARI, on: date | None = None
    ) -> bool:
        actor = self.actor(email, "grade")
        entry = tidy_entry({"FY": grade}, "", "koe" if grade == "T" else "", on)
        with self.database.write() as connection:
            return correct(connection, self.catalogue, enrolment_id, entry, reason, actor, self.now, text)

    def completion(self, enrolment_id: int) -> Completion:
        """The newest published version."""
        with self.database.read() as connection:
            return latest(connection, [enrolment_id])[enrolment_id]

    def enrol_by_school(self, made: EnrolmentForm | None = None, email: str = CAMILLA) -> int:
        """A person of the home school enrols a student, and the school commits in the same act."""
        actor = self.actor(email, "enrol_students")
        with self.database.write() as connection:
            return enrol(connection, self.catalogue, made or form(), "sv", self.now, actor).enrolment_id

    def authorise(self, email: str = HENRIK, *, cents: int = 30000, per_student: int = 2, days: int = 60) -> int:
        """The payer lets requests commit by themselves, from today on."""
        today = self.now.astimezone(self.catalogue.network.time_zone).date()
        actor, terms = self.actor(email, "authorise"), Terms(cents, "EUR", per_student, today, today + timedelta(days=days))
        with self.database.write() as connection:
            staff = staff_of(connection, self.catalogue, email, self.now)
            assert staff is not None
            school_id = staff.schools_for("authorise")[0]
            return authorise(connection, school_id, terms, actor, self.now)

    def end_authorisation(self, authorisation_id: int, email: str = HENRIK) -> bool:
        actor = self.actor(email, "authorise")
        with self.database.write() as connection:
            return end_authorisation(connection, authorisation_id, actor, self.now)

    def authorisation(self, authorisation_id: int) -> Authorisation:
        with self.database.read() as connection:
            found = read_authorisation(connection, authorisation_id)
        assert found is not None
        return found

    def enrolment(self, enrolment_id: int) -> Enrolment:
        with self.database.read() as connection:
            return read_enrolment(connection, enrolment_id)

    def commitment(self, enrolment_id: int) -> Commitment:
        with self.database.read() as connection:
            return read_commitment(connection, enrolment_id)

    def states(self, enrolment_id: int) -> tuple[str, str]:
        return self.enrolment(enrolment_id).state, self.commitment(enrolment_id).state
