"""What a teacher marks: first contact, no show, interruption, and undoing them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from enrol_service import tables
from enrol_service.enrolment.participation import mark_many
from enrol_service.enrolment.withdraw import withdraw
from enrol_service.events import THE_STUDENT, advance_enrolment, history
from enrol_service.refusals.base import IllegalStep, Refusal
from enrol_service.refusals.completion import AlreadyPublished
from enrol_service.refusals.run import (
    AlreadyInterrupted,
    AlreadyStarted,
    BeforeEnrolment,
    BeforeFirstContact,
    DayInFuture,
    LeftByThemselves,
    NoSeatLeft,
    NotBegun,
    RunNotBegun,
    RunOff,
)
from tests.enrol_service.cast import ANNA, CAMILLA, CATALOGUE, NOW, P3, P4, SARI, TEACHER, Office, day, form, prices, with_offering

MAA6 = "kuusikko/maa6-derivaatta"
NONSTOP = "oma-tahti"


def placed(office: Office, email: str = "veeti.korhonen@strand.example", offering_id: str = P4) -> int:
    enrolled = office.enrol(form(email=email, offering_id=offering_id))
    office.give(enrolled)
    return enrolled


def placed_nonstop(office: Office, email: str = "veeti.korhonen@strand.example") -> int:
    enrolled = office.enrol(form(course_id=MAA6, offering_id=NONSTOP, email=email, prices_shown=prices(MAA6)))
    office.give(enrolled)
    return enrolled


def rows(office: Office, enrolled: int) -> list[tuple[date | None, date | None, int]]:
    return [(row.from_on, row.until_on, row.cents) for row in office.commitment(enrolled).leaving_rows()]


def kinds(office: Office, enrolled: int) -> list[tuple[str, bool]]:
    """The kinds of mails about marks, each once, and whether it has the student's link."""
    mail = tables.outbox.c
    with office.database.read() as connection:
        found = connection.execute(select(mail.kind, mail.link_id).where(mail.enrolment_id == enrolled).order_by(mail.id)).all()
    told = [(kind, link is not None) for kind, link in found if kind in ("not_started", "interrupted", "mark_undone")]
    return list(dict.fromkeys(told))


def test_first_contact_begins_the_studies_and_tells_nobody(office: Office) -> None:
    enrolled = placed(office)
    assert office.start(enrolled, "2026-11-23")
    assert office.states(enrolled) == ("active", "given")
    assert office.enrolment(enrolled).first_contact_on == date(2026, 11, 23)
    assert kinds(office, enrolled) == []


def test_first_contact_dates_the_price_of_leaving_of_a_nonstop_course_and_nothing_else_changes(office: Office) -> None:
    enrolled = placed_nonstop(office)
    before = office.commitment(enrolled)
    assert rows(office, enrolled) == [(None, None, 0), (None, None, 8000)]
    office.later(days=8)
    office.start(enrolled, "2026-11-27")
    assert rows(office, enrolled) == [(None, date(2026, 12, 10), 0), (date(2026, 12, 11), None, 8000)]
    after = office.commitment(enrolled)
    assert [one.because for one in after.leaving_rows()] == [one.because for one in before.leaving_rows()]
    assert (after.price_cents, after.agreement_digest) == (before.price_cents, before.agreement_digest)


def test_undoing_first_contact_takes_the_days_away_again(office: Office) -> None:
    enrolled = placed_nonstop(office)
    promised = office.commitment(enrolled).leaving
    office.start(enrolled, "2026-11-23")
    assert office.resume(enrolled)
    assert office.states(enrolled) == ("placed", "given")
    assert office.commitment(enrolled).leaving == promised
    assert rows(office, enrolled) == [(None, None, 0), (None, None, 8000)]
    assert office.enrolment(enrolled).first_contact_on is None
    assert kinds(office, enrolled) == []
    assert office.start(enrolled, "2026-11-23")


@pytest.mark.parametrize("enrolling", [placed, placed_nonstop], ids=["with dates", "non-stop"])
def test_the_same_mark_again_changes_nothing(office: Office, enrolling: Callable[[Office], int]) -> None:
    enrolled = enrolling(office)
    office.start(enrolled, "2026-11-23")
    office.now = day("2027-02-08")
    stored = office.enrolment(enrolled), office.commitment(enrolled)
    assert not office.start(enrolled, "2026-11-23", SARI)
    assert (office.enrolment(enrolled), office.commitment(enrolled)) == stored
    office.interrupt(enrolled, "2027-02-08")
    assert not office.interrupt(enrolled, "2027-02-08", SARI)
    assert kinds(office, enrolled) == [("interrupted", True), ("interrupted", False)]


def test_another_day_is_refused_and_says_who_marked_it_and_when(office: Office) -> None:
    enrolled = placed(office)
    office.start(enrolled, "2026-11-23")
    office.later(days=1)
    with pytest.raises(AlreadyStarted) as refused:
        office.start(enrolled, "2026-11-24", SARI)
    assert refused.value.facts == {"day": date(2026, 11, 23), "who": "Fysiikan opettaja", "at": NOW}
    office.now = day("2027-02-08")
    office.interrupt(enrolled, "2027-02-08")
    with pytest.raises(AlreadyInterrupted):
        office.interrupt(enrolled, "2027-02-07", SARI)


Doing = Callable[[Office, int], object]

REFUSED: dict[str, tuple[Doing, type[Refusal]]] = {
    "first contact tomorrow": (lambda office, one: office.start(one, "2026-11-24"), DayInFuture),
    "first contact before enrolling": (lambda office, one: office.start(one, "2026-11-22"), BeforeEnrolment),
    "no show before the run has begun": (lambda office, one: office.miss(one), NotBegun),
    "interruption before first contact": (lambda office, one: office.interrupt(one, "2026-11-23"), IllegalStep),
    "no show by a contact person": (lambda office, one: office._marked(_missed, ANNA, one), Refusal),
}


def _missed(*_: object) -> bool:
    raise AssertionError("the act itself is refused")


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_changes_nothing(office: Office, name: str) -> None:
    doing, refusal = REFUSED[name]
    enrolled = placed(office)
    with pytest.raises((refusal, IndexError)):  # who may not do an act for any school has no school for it
        doing(office, enrolled)
    assert office.states(enrolled) == ("placed", "given")


def test_an_interruption_is_not_before_first_contact_and_not_to_come(office: Office) -> None:
    enrolled = placed(office)
    office.later(days=3)
    office.start(enrolled, "2026-11-25")
    office.now = day("2027-02-08")
    for on, refusal in (("2026-11-24", BeforeFirstContact), ("2027-02-09", DayInFuture)):
        with pytest.raises(refusal):
            office.interrupt(enrolled, on)
    assert office.states(enrolled) == ("active", "given")


# The agreement says nothing of no_show and interrupted: each costs what leaving on that day costs.
ENDINGS = [
    ("2027-02-08", "miss", "no_show", "charged", 7500, "alku"),
    ("2027-02-22", "miss", "no_show", "charged", 15000, "kaksi-viikkoa"),
    ("2027-02-07", "interrupt", "interrupted", "released", None, None),
    ("2027-02-21", "interrupt", "interrupted", "charged", 7500, "alku"),
    ("2027-02-22", "interrupt", "interrupted", "charged", 15000, "kaksi-viikkoa"),
]


@pytest.mark.parametrize(("on", "mark", "state", "commitment", "cents", "step"), ENDINGS)
def test_what_an_ending_costs_was_promised(
    office: Office, on: str, mark: str, state: str, commitment: str, cents: int | None, step: str | None
) -> None:
    enrolled = placed(office)
    if mark == "interrupt":
        office.start(enrolled, "2026-11-23")
        office.now = day("2027-03-01")
        office.interrupt(enrolled, on)
    else:
        office.now = day(on)
        office.miss(enrolled)
    assert office.states(enrolled) == (state, commitment)
    found = office.commitment(enrolled)
    assert (found.charged_cents, found.charged_step_id) == (cents, step)
    kind = "not_started" if mark == "miss" else "interrupted"
    assert kinds(office, enrolled) == [(kind, True), (kind, False)]


@pytest.mark.parametrize("mark", ["miss", "interrupt"])
def test_undoing_an_ending_charges_nothing_and_tells_it(office: Office, mark: str) -> None:
    enrolled = placed(office)
    if mark == "interrupt":
        office.start(enrolled, "2026-11-23")
    office.now = day("2027-02-25")
    office.miss(enrolled) if mark == "miss" else office.interrupt(enrolled, "2027-02-25")
    assert office.commitment(enrolled).charged_cents == 15000
    assert office.resume(enrolled)
    assert office.states(enrolled) == ("placed" if mark == "miss" else "active", "given")
    assert office.commitment(enrolled).charged_cents is None
    assert kinds(office, enrolled)[2:] == [("mark_undone", True)], "the home school, which has just had a mail, reads it in the digest"
    with office.database.read() as connection:
        assert [one.step for one in history(connection, enrolled)][-2:] == ["reopen", "resume"]


def test_there_is_nothing_to_undo_before_any_mark(office: Office) -> None:
    enrolled = placed(office)
    assert not office.resume(enrolled)


def test_who_left_by_themselves_is_not_brought_back(office: Office) -> None:
    enrolled = placed(office)
    office.start(enrolled, "2026-11-23")
    with office.database.write() as connection:
        advance_enrolment(connection, enrolled, "active", "interrupt", THE_STUDENT, office.now)
    with pytest.raises(LeftByThemselves):
        office.resume(enrolled)
    assert office.enrolment(enrolled).state == "interrupted"


def test_on_a_nonstop_course_no_show_is_marked_a_week_after_the_place_and_its_seat_goes_on(office: Office) -> None:
    office.catalogue = with_offering(CATALOGUE, MAA6, NONSTOP, seats=1)
    first = placed_nonstop(office)
    second = office.enrol(form(course_id=MAA6, offering_id=NONSTOP, email="b@strand.example", prices_shown=prices(MAA6)))
    office.give(second)
    office.now = day("2026-11-29")
    with pytest.raises(NotBegun):
        office.miss(first)
    office.now = day("2026-11-30")
    assert office.miss(first)
    assert office.states(first) == ("no_show", "released")
    assert office.enrolment(second).state in ("placed", "offered")
    with pytest.raises(NoSeatLeft):
        office.resume(first)


def test_a_nonstop_course_costs_nothing_without_first_contact_however_often_marks_were_undone(office: Office) -> None:
    enrolled = placed_nonstop(office)
    promised = office.commitment(enrolled).leaving
    office.later(days=2)
    office.start(enrolled, "2026-11-25")
    office.interrupt(enrolled, "2026-11-25")
    office.resume(enrolled)
    office.resume(enrolled)
    assert (office.states(enrolled), office.enrolment(enrolled).first_contact_on) == (("placed", "given"), None)
    assert office.commitment(enrolled).leaving == promised
    office.now = day("2026-12-20")
    office.withdraw(enrolled)
    assert (office.states(enrolled), office.commitment(enrolled).charged_cents) == (("withdrawn", "released"), None)


@pytest.mark.parametrize("steps", [("8",), ("4",), ("K",), ("T", "8", "K")], ids="-".join)
def test_what_a_published_completion_has_ended_is_undone_by_a_correction_alone(office: Office, steps: tuple[str, ...]) -> None:
    enrolled = placed(office, offering_id=P3)
    office.now = day("2026-12-10")
    office.start(enrolled, "2026-12-01")
    office.grade(enrolled, steps[0])
    for grade in steps[1:]:
        office.later(minutes=1)
        office.correct(enrolled, grade) if office.completion(enrolled).is_ended else office.grade(enrolled, grade)
    before = office.states(enrolled), office.commitment(enrolled).charged_cents
    with pytest.raises(AlreadyPublished):
        office.resume(enrolled)
    assert (office.states(enrolled), office.commitment(enrolled).charged_cents) == before
    office.later(minutes=1)
    office.correct(enrolled, "T")
    assert office.states(enrolled) == ("active", "given")


def test_the_teacher_is_told_by_name_of_colleagues_alone(office: Office) -> None:
    enrolled = placed(office, offering_id=P3)
    given_at = office.now
    teacher = office.actor(TEACHER, "mark_participation")
    with office.database.write() as connection:
        nothing_to_undo = mark_many(connection, CATALOGUE, "resume", [enrolled], date(2026, 11, 23), teacher, office.now)
    (_, marker) = nothing_to_undo.same[0]
    assert (marker.kind, marker.name, marker.at) == ("home_school", "", given_at)
    office.start(enrolled, "2026-11-23")
    with office.database.write() as connection:
        again = mark_many(connection, CATALOGUE, "start", [enrolled], date(2026, 11, 23), teacher, office.now)
    assert again.same[0][1].name == "Fysiikan opettaja"


@pytest.mark.parametrize("who", ["student", "home_school"])
def test_whoever_left_by_themselves_is_not_named_to_the_teacher(office: Office, who: str) -> None:
    enrolled = placed(office, offering_id=P3)
    office.start(enrolled, "2026-11-23")
    office.now = day("2026-12-02")
    actor = THE_STUDENT if who == "student" else office.actor(CAMILLA, "ask_changes")
    with office.database.write() as connection:
        withdraw(connection, CATALOGUE, enrolled, actor, office.now, price_shown=7500)
    with pytest.raises(LeftByThemselves) as refused:
        office.interrupt(enrolled, "2026-12-02")
    assert "Camilla" not in str(refused.value.facts)


@pytest.mark.parametrize("mark", ["miss", "interrupt"])
def test_no_mark_is_undone_on_a_run_that_is_off(office: Office, mark: str) -> None:
    enrolled = placed(office, offering_id=P3)
    office.now = day("2026-12-10")
    if mark == "interrupt":
        office.start(enrolled, "2026-12-01")
    office.miss(enrolled) if mark == "miss" else office.interrupt(enrolled, "2026-12-10")
    office.cancel_run(P3)
    before = office.states(enrolled)
    with pytest.raises(RunOff):
        office.resume(enrolled)
    assert office.states(enrolled) == before


def test_studies_do_not_break_off_before_the_run_has_begun(office: Office) -> None:
    enrolled = placed(office, offering_id=P3)
    office.start(enrolled, "2026-11-23")
    office.now = day("2026-11-29")
    with pytest.raises(RunNotBegun) as refused:
        office.interrupt(enrolled, "2026-11-29")
    assert refused.value.facts == {"day": date(2026, 11, 30)}
    office.now = day("2026-11-30")
    assert office.interrupt(enrolled, "2026-11-30")
