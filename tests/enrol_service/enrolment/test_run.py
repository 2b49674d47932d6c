"""Runs as a whole: confirmed or lapsed on their day, or cancelled by their school."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from course_catalogue.model import Catalogue
from enrol_service.enrolment.run import Run, all_runs, cancel_run, run_of, to_go
from enrol_service.events import THE_STUDENT, history
from enrol_service.mail.mails import render
from enrol_service.mail.outbox import Message
from enrol_service.refusals.base import IllegalStep
from enrol_service.refusals.enrolling import IdentityCodeFound, TextTooLong, TextUnprintable
from enrol_service.refusals.queue import RunOver
from enrol_service.refusals.run import CancelReasonMissing
from enrol_service.refusals.web import NotFound, NotYours
from enrol_service.service import Service
from enrol_service.tables import act, outbox
from tests.enrol_service.cast import ANNA, CAMILLA, CATALOGUE, FY4, P3, P4, SARI, TEACHER, Office, day, form, offering_of, with_offering
from tests.enrol_service.mail.every_language import texts

DECIDED = day("2026-11-29", "00:00")  # the midnight after FY4's day of decision; two commitments are needed
NEEDED = offering_of(FY4, P3)


def run(office: Office, offering_id: str = P3) -> Run | None:
    with office.database.read() as connection:
        return run_of(connection, FY4, offering_id)


def missing(office: Office) -> int | None:
    with office.database.read() as connection:
        return to_go(connection, FY4, NEEDED)


def kinds(office: Office, *wanted: str) -> list[tuple[str, str]]:
    with office.database.read() as connection:
        rows = connection.execute(select(outbox.c.kind, outbox.c.to_email).where(outbox.c.kind.in_(wanted)).order_by(outbox.c.id))
        return [(kind, to) for kind, to in rows]


def test_the_distance_to_go_counts_commitments_of_those_who_have_a_place(office: Office) -> None:
    assert missing(office) == 2
    first, second, third = office.fill(3, offering_id=P3)
    assert missing(office) == 2, "asked is not given"
    office.give(first)
    assert missing(office) == 1
    office.give(second)
    office.give(third)
    assert missing(office) == 0
    office.withdraw(second)
    office.withdraw(third)
    assert missing(office) == 1
    with office.database.read() as connection:
        assert to_go(connection, FY4, offering_of(FY4, P4)) is None, "no minimum"


def test_enough_commitments_confirm_the_run_when_its_day_has_ended_and_not_before(office: Office) -> None:
    for one in office.fill(2, offering_id=P3):
        office.give(one)
    office.now = DECIDED - timedelta(seconds=1)
    office.tick()
    assert run(office) is None
    office.now = DECIDED
    assert office.tick() == 1
    assert run(office) == Run("confirmed", DECIDED, None, "")
    assert missing(office) is None
    assert office.tick() == 0
    told = kinds(office, "run_confirmed", "course_confirmed")
    assert [to for kind, to in told if kind == "run_confirmed"] == ["student0@strand.example", "student1@strand.example"]
    assert {to for kind, to in told if kind == "course_confirmed"} == {CAMILLA, "henrik.sandell@strand.example"}


def test_too_few_commitments_let_everybody_go_together(office: Office) -> None:
    placed, asked, left = office.fill(3, offering_id=P3)
    office.give(placed)
    office.withdraw(left)
    other = office.fill_one("other@strand.example", P4)
    office.give(other)
    office.now = DECIDED
    assert office.tick() == 1 + 1, "the request that was never answered has expired"
    assert run(office) == Run("lapsed", DECIDED, None, "")
    assert office.states(placed) == ("cancelled", "released")
    assert office.states(asked) == ("expired", "expired")
    assert (office.states(left)[0], office.states(other)[0]) == ("withdrawn", "placed")
    assert office.commitment(placed).charged_cents is None
    assert office.tick() == 0
    assert [to for kind, to in kinds(office, "run_lapsed")] == ["student0@strand.example"]
    with office.database.read() as connection:
        assert [(one.step, one.actor_kind) for one in history(connection, placed)][-2:] == [("cancel", "service"), ("release", "service")]


def test_a_request_is_asked_on_while_its_run_is_confirmed(office: Office) -> None:
    for one in office.fill(2, offering_id=P3):
        office.give(one)
    asked = office.fill_one("late@strand.example", P3)
    office.catalogue = with_offering(CATALOGUE, FY4, P3, decided_on=day("2026-11-23").date())
    office.now = day("2026-11-24", "00:00")
    office.tick()
    assert office.states(asked) == ("requested", "asked")
    assert office.give(asked)


def test_requests_and_the_line_lapse_with_the_run(office: Office) -> None:
    office.catalogue = with_offering(CATALOGUE, FY4, P3, seats=2, minimum=2)
    placed, asked = office.fill(2, offering_id=P3)
    office.give(placed)
    queued, approved = (office.fill_one(f"waiting{number}@strand.example", P3) for number in range(2))
    office.give(approved)
    office.now = day("2026-11-26", "15:00")
    office.catalogue = with_offering(office.catalogue, FY4, P3, decided_on=day("2026-11-25").date())
    office.tick()
    assert {office.states(one) for one in (placed, asked, queued, approved)} == {("cancelled", "released")}


def test_a_decision_that_comes_late_is_made_once_and_never_against_a_run_that_is_taught(office: Office) -> None:
    (student,) = office.fill(1, offering_id=P3)
    office.give(student)
    office.now = day("2026-12-02")
    office.start(student, "2026-12-01")
    office.tick()
    assert run(office) == Run("confirmed", office.now, None, "")
    assert office.states(student) == ("active", "given")


def test_first_contact_before_the_start_does_not_stand_for_the_minimum(office: Office) -> None:
    (student,) = office.fill(1, offering_id=P3)
    office.give(student)
    office.now = day("2026-11-25")
    office.start(student, "2026-11-24")
    office.now = DECIDED
    office.tick()
    assert office.states(student) == ("cancelled", "released")


@pytest.mark.parametrize("off", ["here", "in the content"])
def test_who_had_left_at_a_cost_owes_nothing_for_a_run_that_is_cancelled(service: Service, office: Office, off: str) -> None:
    left, missed, asked, graded = office.fill(4, offering_id=P3)
    for one in (left, missed, graded):
        office.give(one)
    office.now = day("2026-12-16")
    office.withdraw(left)
    office.miss(missed)
    office.start(graded, "2026-12-01")
    office.grade(graded)
    before = office.states(asked)
    assert {office.commitment(one).charged_cents for one in (left, missed, graded)} == {15000}
    if off == "here":
        office.cancel_run(P3)
    else:
        office.catalogue = with_offering(CATALOGUE, FY4, P3, cancelled=True)
        office.tick()
        office.tick()
    assert (office.states(left), office.states(missed)) == (("withdrawn", "released"), ("no_show", "released"))
    assert {office.commitment(one).charged_cents for one in (left, missed)} == {None}
    assert office.states(graded) == ("completed", "charged"), "who has completed it has had the course"
    assert office.states(asked) == (("cancelled", "released") if before[0] == "requested" else before)
    assert len(kinds(office, "charge_released")) == 4, "each decider of the home school, for each student"
    subjects, bodies = texts(service, office, "charge_released", left)
    assert subjects["fi"] == "Keskeyttämisen maksu on peruttu"
    assert "avgift" in subjects["sv"]
    assert "Nothing is owed" in bodies["en"]


def test_who_had_left_at_a_cost_owes_nothing_for_a_run_that_lapses(office: Office) -> None:
    leaver, other = office.fill(2, offering_id=P3)
    for one in (leaver, other):
        office.give(one)
    office.catalogue = with_offering(CATALOGUE, FY4, P3, decided_on=day("2026-12-10").date())
    office.now = day("2026-12-02")
    office.withdraw(leaver)
    assert office.states(leaver) == ("withdrawn", "charged")
    office.now = day("2026-12-11")
    office.tick()
    assert office.states(other) == ("cancelled", "released")
    assert office.states(leaver) == ("withdrawn", "released")


@pytest.mark.parametrize("late", ["2026-11-29", "2026-12-03"])
def test_a_late_decision_lapses_what_nobody_teaches(office: Office, late: str) -> None:
    (student,) = office.fill(1, offering_id=P3)
    office.give(student)
    office.now = day(late)
    office.tick()
    assert office.states(student) == ("cancelled", "released")


def test_a_run_that_has_begun_without_anybody_needs_no_decision(office: Office) -> None:
    office.now = day("2026-12-03")
    assert office.tick() == 0
    assert run(office) is None


@pytest.mark.parametrize("cancelled", [True, False])
def test_what_was_cancelled_before_its_day_is_left_alone(office: Office, cancelled: bool) -> None:
    if cancelled:
        office.catalogue = with_offering(CATALOGUE, FY4, P3, cancelled=True)
    else:
        office.cancel_run(P3)
    before = run(office)
    office.now = DECIDED
    assert office.tick() == 0
    assert run(office) == before


def test_cancelling_a_run_frees_everybody_and_says_why(office: Office) -> None:
    requested, placed = office.fill(2, offering_id=P4)
    office.give(placed)
    waiting, approved = (office.fill_one(f"waiting{number}@strand.example", P4) for number in range(2))
    office.give(approved)
    other = office.fill_one("other@strand.example", P3)
    office.now = day("2027-02-20")  # long after the start: leaving would cost
    assert office.cancel_run(P4, "  Opettaja on\u200b sairastunut.\r\n") == 4
    assert {office.states(one) for one in (requested, placed, waiting, approved)} == {("cancelled", "released")}
    assert office.states(other) == ("requested", "asked")
    sari = office.actor(SARI, "cancel_run").account_id
    assert run(office, P4) == Run("cancelled", office.now, sari, "Opettaja on sairastunut.")
    with office.database.read() as connection:
        assert all_runs(connection) == {(FY4, P4): run(office, P4)}
        assert [(one.step, one.actor_kind, one.actor_id) for one in history(connection, placed)][-2:] == [
            ("cancel", "offering_school", sari),
            ("release", "offering_school", sari),
        ]
        journal = connection.execute(act.select().where(act.c.name == "cancel_run")).one()
    assert journal.facts == {"course_id": FY4, "offering_id": P4, "students": 4}
    assert len([to for kind, to in kinds(office, "cancelled")]) == 4


def test_cancelling_twice_is_cancelling_once(office: Office) -> None:
    office.fill(1, offering_id=P4)
    office.cancel_run(P4)
    before, mails = run(office, P4), kinds(office, "cancelled", "course_cancelled")
    office.later(hours=1)
    assert office.cancel_run(P4, "Toinen syy.") == 0
    assert (run(office, P4), kinds(office, "cancelled", "course_cancelled")) == (before, mails)
    with office.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(act).where(act.c.name == "cancel_run")).scalar_one() == 1


def test_a_confirmed_run_may_still_be_cancelled(office: Office) -> None:
    students = office.fill(2, offering_id=P3)
    for one in students:
        office.give(one)
    office.now = DECIDED
    office.tick()
    assert office.cancel_run(P3) == 2
    found = run(office)
    assert found is not None
    assert found.state == "cancelled"


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [
        ("", CancelReasonMissing),
        (" \u200b\n", CancelReasonMissing),
        ("x" * 501, TextTooLong),
        ("a\x00b", TextUnprintable),
        ("131052-308T ei tule", IdentityCodeFound),
    ],
)
def test_a_reason_that_cannot_be_told_to_everybody_is_refused(office: Office, reason: str, refusal: type[Exception]) -> None:
    (student,) = office.fill(1, offering_id=P4)
    with pytest.raises(refusal):
        office.cancel_run(P4, reason)
    assert run(office, P4) is None
    assert office.states(student) == ("requested", "asked")


def test_only_a_run_that_is_there_and_not_over_can_be_cancelled(office: Office) -> None:
    for course_id, offering_id in ((FY4, "2099-p9"), ("kuusikko/nothing", P4)):
        with pytest.raises(NotFound):
            office.cancel_run(offering_id, course_id=course_id)
    office.now = day("2027-04-10", "00:00")
    with pytest.raises(RunOver):
        office.cancel_run(P4)


def test_cancelling_is_the_coordinators_step(office: Office) -> None:
    office.fill(1, offering_id=P4)
    for actor in (THE_STUDENT, office.actor(CAMILLA), office.actor(TEACHER, "grade")):
        with pytest.raises((IllegalStep, NotYours)), office.database.write() as connection:
            cancel_run(connection, office.catalogue, FY4, P4, "Syy.", actor, office.now)
    assert run(office, P4) is None


def test_seats_of_a_run_that_is_off_go_to_nobody(office: Office) -> None:
    office.fill(2, offering_id=P4)
    office.cancel_run(P4)
    assert office.tick() == 0


def test_the_mails_of_a_run_say_what_holds(service: Service, office: Office) -> None:
    confirmed: Catalogue = CATALOGUE
    students = [office.enrol(form(email=f"s{number}@strand.example", offering_id=P3)) for number in range(2)]
    for one in students:
        office.give(one)
    office.now = DECIDED
    office.tick()
    assert office.catalogue is confirmed
    assert texts(service, office, "run_confirmed", students[0])[0]["fi"] == "Kurssisi toteutuu"
    assert "är i kraft" in texts(service, office, "course_confirmed", students[0])[1]["sv"]
    office.cancel_run(P3)
    assert texts(service, office, "run_confirmed", students[0]) == ({}, {})
    assert "Syy: Opettaja on sairastunut." in texts(service, office, "cancelled", students[0])[1]["fi"]
    assert "Orsak: Opettaja on sairastunut." in texts(service, office, "course_cancelled", students[0])[1]["sv"]
    assert "Too few students" in texts(service, office, "run_lapsed", students[0])[1]["en"]
    assert texts(service, office, "course_lapsed", students[0])[0]["sv"] == "En kurs för studerande hos er blir inte av"


def decided_mails(service: Service, office: Office) -> list[tuple[str, str, str]]:
    """Receiver, subject and plain text of the mails to the offering school about its run, in each language of the first receiver."""
    columns = [outbox.c[name] for name in Message.__slots__]
    with office.database.read() as connection:
        found = [Message(*row) for row in connection.execute(select(*columns).where(outbox.c.kind == "run_decided").order_by(outbox.c.id))]
        told = []
        for one, language in ((one, language) for one in found for language in ("fi", "sv", "en")):
            mail = render(connection, service, dataclasses.replace(one, language=language), office.now)
            body = mail.get_body(("plain",)) if mail else None
            if mail is not None and body is not None:
                told.append((one.to_email, str(mail["Subject"]), body.get_content()))
    return told


@pytest.mark.parametrize(
    ("commitments", "subjects", "said"),
    [
        (
            2,
            ("Oppilaitoksenne kurssi toteutuu", "En kurs vid er läroanstalt blir av", "A course of your school will be held"),
            "Riittävän monella on vahvistettu paikka: 2.",
        ),
        (
            1,
            ("Oppilaitoksenne kurssi ei toteudu", "En kurs vid er läroanstalt blir inte av", "A course of your school will not be held"),
            "1 ilmoittautuminen päättyi.",
        ),
    ],
)
def test_the_school_that_teaches_is_told_what_became_of_its_run(
    service: Service, office: Office, commitments: int, subjects: tuple[str, ...], said: str
) -> None:
    for one in office.fill(commitments, offering_id=P3):
        office.give(one)
    office.now = DECIDED
    office.tick()
    office.tick()
    mails = decided_mails(service, office)
    assert [to for to, _, _ in mails] == [SARI] * 3
    assert tuple(subject for _, subject, _ in mails) == subjects
    assert said in " ".join(mails[0][2].split())
    assert all("FY4" in body and f"/staff/offerings/{FY4}/{P3}" in body for _, _, body in mails)
    assert not any("strand.example" in body or "€" in body for _, _, body in mails)


def test_the_school_that_teaches_is_told_once_of_a_run_that_its_content_cancels(service: Service, office: Office) -> None:
    office.fill(2, offering_id=P4)
    office.catalogue = with_offering(CATALOGUE, FY4, P4, cancelled=True)
    office.tick()
    office.tick()
    mails = decided_mails(service, office)
    assert [(to, subject) for to, subject, _ in mails][:1] == [(SARI, "Oppilaitoksenne kurssi on peruttu")]
    assert len(mails) == 3
    assert "2 ilmoittautumista päättyi." in mails[0][2]


def test_a_run_that_was_to_be_held_and_is_cancelled_is_not_told_of_as_held(service: Service, office: Office) -> None:
    for one in office.fill(2, offering_id=P3):
        office.give(one)
    office.now = DECIDED
    office.tick()
    office.cancel_run(P3)
    assert decided_mails(service, office) == []


def test_home_schools_are_told_of_their_own_students(office: Office) -> None:
    course = "strand/fy1-fysik"
    office.enrol(form(course_id=course, school_id="kuusikko", email="a@kuusikko.example"))
    office.later(hours=5)
    office.cancel_run("2026-p3", course_id=course, email=CAMILLA)
    assert ANNA in [to for kind, to in kinds(office, "course_cancelled")]
    assert CAMILLA not in [to for kind, to in kinds(office, "course_cancelled")]
