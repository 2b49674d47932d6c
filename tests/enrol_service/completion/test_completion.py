"""Completions from draft to correction: who sees what, where the enrolment and the charge end, and what a second click does."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from sqlalchemy import select

from enrol_service.completion.answer import acknowledge, answers, query, reply, standing
from enrol_service.completion.completion import latest, versions, write_draft
from enrol_service.completion.entry import Entry, tidy_entry
from enrol_service.completion.publish import correct, publish_each, reason_of
from enrol_service.enrolment.participation import interrupt, miss, resume, start
from enrol_service.events import history
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.completion import (
    AlreadyPublished,
    CompletionSuperseded,
    CorrectionReasonMissing,
    CorrectionTextMissing,
    EntryRefused,
    EntryStale,
    MarkedInterrupted,
    NotAssessable,
    NothingEntered,
    NothingPublished,
    NothingQueried,
    QueryEmpty,
    ReplyEmpty,
    RetakeNotBetter,
)
from enrol_service.refusals.deciding import CommitmentSettled
from enrol_service.refusals.run import BeforeFirstContact, LeftByThemselves, RunNotBegun, RunOff
from enrol_service.refusals.web import NotYours
from enrol_service.tables import act, commitment, completion, course_teacher, outbox
from tests.enrol_service.cast import ANNA, CAMILLA, CATALOGUE, FY4, P3, SARI, Office, day, form

TODAY = date(2026, 12, 10)


def placed(office: Office, email: str = "veeti.korhonen@strand.example", **about: object) -> int:
    """A student with a confirmed place on the course of period 3, which is running."""
    office.now = day("2026-11-23")
    one = office.enrol(form(email=email, **about))  # type: ignore[arg-type]
    office.give(one)
    office.now = day("2026-12-10")
    return one


def active(office: Office, email: str = "veeti.korhonen@strand.example") -> int:
    one = placed(office, email)
    actor = office.actor(SARI, "mark_participation")
    with office.database.write() as connection:
        start(connection, CATALOGUE, one, date(2026, 12, 1), actor, office.now)
    return one


def mails(office: Office, kind: str) -> list[tuple[str, dict[str, int]]]:
    with office.database.read() as connection:
        rows = connection.execute(select(outbox.c.to_email, outbox.c.facts).where(outbox.c.kind == kind).order_by(outbox.c.id))
        return [(row.to_email, row.facts) for row in rows]


def settle(office: Office, enrolment_id: int) -> None:
    with office.database.write() as connection:
        connection.execute(commitment.update().where(commitment.c.enrolment_id == enrolment_id).values(state="settled"))


# Drafts.


def test_a_draft_is_nobody_elses(office: Office) -> None:
    one = active(office)
    assert office.draft(one, Entry({"FY": "8"})) is True
    with office.database.read() as connection:
        assert latest(connection, [one]) == {}
        assert latest(connection, [one], published=False)[one].grades[0].grade == "8"
    assert office.states(one) == ("active", "given")
    assert mails(office, "grade_published") == []


def test_a_draft_may_be_changed_and_emptied(office: Office) -> None:
    one = active(office)
    office.draft(one, Entry({"FY": "8"}))
    office.later(minutes=1)
    assert office.draft(one, Entry({}, "T")) is True, "what is missing may be said later"
    assert office.draft(one, Entry({}, "T")) is False
    assert office.draft(one, Entry({})) is True
    with office.database.read() as connection:
        assert connection.execute(select(completion)).all() == []
    assert office.draft(one, Entry({})) is False


def test_a_draft_is_not_taken_over_anothers(office: Office) -> None:
    one = active(office)
    office.draft(one, Entry({"FY": "8"}, seen=""))
    office.later(minutes=1)
    with pytest.raises(EntryStale):
        office.draft(one, Entry({"FY": "9"}, seen=""), "fysiikka@kuusikko.example")
    assert office.draft(one, Entry({"FY": "8"}, seen="")) is False, "the same again changes nothing"


@pytest.mark.parametrize("grade", ["11", "O", "3", "abc"])
def test_a_wrong_grade_is_not_saved_even_as_a_draft(office: Office, grade: str) -> None:
    one = active(office)
    with pytest.raises(EntryRefused):
        office.draft(one, Entry({"FY": grade}))


# Publishing.


@pytest.mark.parametrize(
    ("grade", "states", "cents"),
    [
        ("8", ("completed", "charged"), 15000),
        ("S", ("completed", "charged"), 15000),
        ("4", ("failed", "charged"), 15000),
        ("H", ("failed", "charged"), 15000),
        ("T", ("active", "given"), None),
        ("K", ("interrupted", "charged"), 7500),  # before the fifteenth day
    ],
)
@pytest.mark.parametrize("begun", [True, False])
def test_publishing_ends_the_studies_and_charges(
    office: Office, grade: str, states: tuple[str, str], cents: int | None, begun: bool
) -> None:
    one = active(office) if begun else placed(office)
    published = office.grade(one, grade)
    assert office.states(one) == states
    assert office.commitment(one).charged_cents == cents
    assert (published.version, published.state, published.assessed_on) == (1, "published", TODAY)
    assert office.enrolment(one).first_contact_on == (date(2026, 12, 1) if begun else TODAY)


def test_a_completion_keeps_what_the_grade_was_given_for(office: Office) -> None:
    (grade,) = office.grade(active(office)).grades
    assert (grade.subject_id, grade.grade, grade.credits, grade.modules) == ("FY", "8", 2, ("FY4",))


def test_publishing_again_changes_nothing_and_writes_to_nobody(office: Office) -> None:
    one = active(office)
    office.grade(one)
    before = (mails(office, "grade_published"), mails(office, "completion_published"))
    assert office.publish(one) == 0
    assert office.draft(one, Entry({"FY": "8"})) is False
    assert (mails(office, "grade_published"), mails(office, "completion_published")) == before


def test_what_is_published_is_changed_by_a_correction_alone(office: Office) -> None:
    one = active(office)
    office.grade(one)
    with pytest.raises(AlreadyPublished):
        office.draft(one, Entry({"FY": "9"}))


def test_after_a_t_the_grade_is_published_as_the_next_version(office: Office) -> None:
    one = active(office)
    assert office.grade(one, "T").missing == "koe"
    office.later(days=7)
    assert office.grade(one, "7").version == 2
    assert office.states(one) == ("completed", "charged")


def test_many_are_published_at_once_and_each_home_school_person_is_told_once(office: Office) -> None:
    ids = [active(office, f"student{number}@strand.example") for number in range(3)]
    for one in ids:
        office.draft(one, Entry({"FY": "8"}))
    assert office.publish(*ids) == 3
    assert mails(office, "completion_published") == [(CAMILLA, {"count": 3})]
    assert [to for to, _ in mails(office, "grade_published")] == [f"student{number}@strand.example" for number in range(3)]
    with office.database.read() as connection:
        assert connection.execute(select(act.c.name)).scalars().all() == ["grade"]


def test_one_who_is_refused_keeps_nobody_else_from_being_published(office: Office) -> None:
    ready, open_, nothing = (active(office, f"student{number}@strand.example") for number in range(3))
    office.draft(ready, Entry({"FY": "8"}))
    office.draft(open_, Entry({}, "T"))
    actor = office.actor(SARI, "grade")
    with office.database.write() as connection:
        results = publish_each(connection, CATALOGUE, {ready: None, open_: None, nothing: None}, actor, office.now)
    assert results[ready] is True
    assert isinstance(results[open_], EntryRefused)
    assert isinstance(results[nothing], NothingEntered)
    assert [office.enrolment(one).state for one in (ready, open_, nothing)] == ["completed", "active", "active"]


def test_one_who_is_refused_keeps_all_from_being_published_where_all_is_asked(office: Office) -> None:
    ready, nothing = (active(office, f"student{number}@strand.example") for number in range(2))
    office.draft(ready, Entry({"FY": "8"}))
    with pytest.raises(NothingEntered):
        office.publish(ready, nothing)
    assert office.enrolment(ready).state == "active"


def test_a_draft_that_another_has_changed_is_not_published(office: Office) -> None:
    one = active(office)
    office.draft(one, Entry({"FY": "8"}))
    with office.database.read() as connection:
        seen = latest(connection, [one], published=False)[one].stamp
    office.later(minutes=1)
    office.draft(one, Entry({"FY": "5"}))
    actor = office.actor(SARI, "grade")
    with office.database.write() as connection:
        results = publish_each(connection, CATALOGUE, {one: seen}, actor, office.now)
    assert isinstance(results[one], EntryStale)


def test_nobody_is_assessed_for_a_day_before_first_contact(office: Office) -> None:
    one = active(office)
    office.draft(one, Entry({"FY": "8"}, assessed_on=date(2026, 11, 30)))
    with pytest.raises(BeforeFirstContact):
        office.publish(one)


def test_only_those_on_the_course_are_assessed(office: Office) -> None:
    waiting = office.enrol()
    missed = placed(office, "b@strand.example")
    actor = office.actor(SARI, "mark_participation")
    with office.database.write() as connection:
        miss(connection, CATALOGUE, missed, actor, office.now)
    for one in (waiting, missed):
        with pytest.raises(NotAssessable):
            office.draft(one, Entry({"FY": "8"}))


def test_a_counsellor_does_not_grade(office: Office) -> None:
    one = active(office)
    office.draft(one, Entry({"FY": "8"}))
    counsellor = office.actor(ANNA)
    with office.database.write() as connection, pytest.raises(NotYours):
        raise next(
            one for one in publish_each(connection, CATALOGUE, {one: None}, counsellor, office.now).values() if isinstance(one, Refusal)
        )


def test_whoever_left_is_not_graded_but_may_be_published_as_interrupted(office: Office) -> None:
    one = active(office)
    office.withdraw(one)
    assert office.states(one) == ("interrupted", "charged")
    office.draft(one, Entry({"FY": "8"}))
    with pytest.raises(LeftByThemselves):
        office.publish(one)
    office.later(minutes=1)
    charged = office.commitment(one).charged_cents
    assert office.grade(one, "K").mark == "K"
    assert (office.states(one), office.commitment(one).charged_cents) == (("interrupted", "charged"), charged)


@pytest.mark.parametrize("grade", ["6", "4", "T"])
def test_an_interruption_that_the_teacher_marked_is_undone_before_anything_else_is_published(office: Office, grade: str) -> None:
    one = active(office)
    actor = office.actor(SARI, "mark_participation")
    with office.database.write() as connection:
        interrupt(connection, CATALOGUE, one, TODAY, actor, office.now)
    charged = office.commitment(one).charged_cents
    with pytest.raises(MarkedInterrupted):
        office.grade(one, grade)
    assert (office.states(one), office.commitment(one).charged_cents) == (("interrupted", "charged"), charged)
    office.later(hours=5)  # what comes within hours of another mail waits for the digest
    with office.database.write() as connection:
        resume(connection, CATALOGUE, one, actor, office.now)
    office.publish(one)
    assert office.enrolment(one).state == {"6": "completed", "4": "failed", "T": "active"}[grade]
    assert CAMILLA in [to for to, _ in mails(office, "mark_undone")], "the home school is told that the mark is undone"


def test_a_correction_does_not_take_the_place_of_a_mark_either(office: Office) -> None:
    one = active(office)
    office.grade(one, "T")
    actor = office.actor(SARI, "mark_participation")
    with office.database.write() as connection:
        interrupt(connection, CATALOGUE, one, TODAY, actor, office.now)
    office.later(minutes=1)
    with pytest.raises(MarkedInterrupted):
        office.correct(one, "8")


def test_an_interruption_published_after_its_mark_keeps_the_day_and_the_price(office: Office) -> None:
    one = active(office)
    actor = office.actor(SARI, "mark_participation")
    with office.database.write() as connection:
        interrupt(connection, CATALOGUE, one, TODAY, actor, office.now)
    charged = office.commitment(one).charged_cents
    office.later(days=20)
    assert office.grade(one, "K").assessed_on == TODAY
    assert office.commitment(one).charged_cents == charged


# Correcting.


@pytest.mark.parametrize(
    ("first", "then", "states", "cents"),
    [
        ("8", "9", ("completed", "charged"), 15000),
        ("4", "7", ("completed", "charged"), 15000),
        ("8", "4", ("failed", "charged"), 15000),
        ("8", "K", ("interrupted", "charged"), 7500),
        ("K", "8", ("completed", "charged"), 15000),
        ("K", "4", ("failed", "charged"), 15000),
        ("8", "T", ("active", "given"), None),
        ("K", "T", ("active", "given"), None),
        ("T", "K", ("interrupted", "charged"), 7500),
    ],
)
def test_a_correction_is_a_new_version_and_puts_state_and_charge_right(
    office: Office, first: str, then: str, states: tuple[str, str], cents: int | None
) -> None:
    one = active(office)
    office.grade(one, first)
    office.later(minutes=5)
    assert office.correct(one, then, "mistake", "Väärä rivi") is True
    assert office.states(one) == states
    assert office.commitment(one).charged_cents == cents
    newest = office.completion(one)
    assert (newest.version, reason_of(newest)) == (2, ("mistake", "Väärä rivi"))
    with office.database.read() as connection:
        assert [old.version for old in versions(connection, [one])[one]] == [1, 2]


def test_the_same_correction_again_changes_nothing(office: Office) -> None:
    one = active(office)
    office.grade(one, "8")
    office.later(days=1)  # what comes within hours of another mail waits for the digest
    office.correct(one, "9")
    assert office.correct(one, "9") is False
    assert office.completion(one).version == 2
    assert len(mails(office, "completion_corrected")) == 1


def test_a_correction_tells_student_and_home_school(office: Office) -> None:
    one = active(office)
    office.grade(one)
    office.later(days=1)  # what comes within hours of another mail waits for the digest
    office.correct(one, "9")
    facts = {"completion": office.completion(one).id, "enrolment": one}
    assert mails(office, "completion_corrected") == [(CAMILLA, facts)]
    assert len(mails(office, "grade_published")) == 2


@pytest.mark.parametrize(
    ("first", "then", "refused"),
    [("8", "7", True), ("8", "4", True), ("8", "K", True), ("8", "T", True), ("4", "5", False), ("8", "9", False), ("K", "5", False)],
)
def test_a_retake_never_lowers(office: Office, first: str, then: str, refused: bool) -> None:
    one = active(office)
    office.grade(one, first)
    if refused:
        with pytest.raises(RetakeNotBetter):
            office.correct(one, then, "retake")
        assert office.completion(one).version == 1
    else:
        assert office.correct(one, then, "retake") is True


@pytest.mark.parametrize(
    ("reason", "text", "refusal"),
    [("", "", CorrectionReasonMissing), ("whim", "", CorrectionReasonMissing), ("other", " ", CorrectionTextMissing)],
)
def test_a_correction_has_a_reason(office: Office, reason: str, text: str, refusal: type[Refusal]) -> None:
    one = active(office)
    office.grade(one)
    with pytest.raises(refusal):
        office.correct(one, "9", reason, text)


def test_nothing_is_corrected_that_has_not_been_published(office: Office) -> None:
    one = active(office)
    office.draft(one, Entry({"FY": "8"}))
    with pytest.raises(NothingPublished):
        office.correct(one, "9")


def test_a_correction_of_what_another_has_corrected_is_refused(office: Office) -> None:
    one = active(office)
    seen = office.grade(one).stamp
    office.later(minutes=1)
    office.correct(one, "9")
    actor = office.actor(SARI, "grade")
    stale = dataclasses.replace(tidy_entry({"FY": "10"}, "", ""), seen=seen)
    with office.database.write() as connection, pytest.raises(EntryStale):
        correct(connection, CATALOGUE, one, stale, "mistake", actor, office.now)


def test_what_has_been_invoiced_is_not_charged_anew(office: Office) -> None:
    one = active(office)
    office.grade(one, "4")
    settle(office, one)
    assert office.correct(one, "7", "retake") is True, "the sum is the same"
    assert office.states(one) == ("completed", "settled")
    with pytest.raises(CommitmentSettled):
        office.correct(one, "K")
    assert office.completion(one).version == 2


# Answers of the home school.


def say(office: Office, kind: str, completion_id: int, text: str = "", email: str = CAMILLA) -> bool:
    actor = office.actor(email, "grade" if kind == "reply" else "answer_completions")
    with office.database.write() as connection:
        if kind == "acknowledge":
            return acknowledge(connection, completion_id, actor, office.now)
        said = {"query": query, "reply": reply}[kind]
        return said(connection, CATALOGUE, completion_id, text, actor, office.now)


def stands(office: Office, completion_id: int) -> str:
    with office.database.read() as connection:
        return standing(answers(connection, [completion_id]).get(completion_id, ()))


def test_the_home_school_acknowledges_once(office: Office) -> None:
    one = office.grade(active(office))
    assert stands(office, one.id) == "new"
    assert say(office, "acknowledge", one.id) is True
    assert say(office, "acknowledge", one.id) is False
    assert stands(office, one.id) == "acknowledged"


def test_a_query_and_its_reply_are_a_conversation(office: Office) -> None:
    one = office.grade(active(office))
    assert say(office, "query", one.id, "Puuttuuko koe?") is True
    assert say(office, "query", one.id, "Puuttuuko koe?") is False
    assert stands(office, one.id) == "queried"
    assert [to for to, _ in mails(office, "completion_queried")] == ["fysiikka@kuusikko.example", SARI]
    assert say(office, "reply", one.id, "Ei puutu.", SARI) is True
    assert say(office, "reply", one.id, "Ei puutu.", SARI) is False
    assert mails(office, "completion_replied") == [(CAMILLA, {"completion": one.id, "enrolment": one.enrolment_id})]
    assert say(office, "acknowledge", one.id) is True
    assert stands(office, one.id) == "acknowledged"


def test_a_correction_makes_it_new_again(office: Office) -> None:
    one = active(office)
    old = office.grade(one)
    say(office, "acknowledge", old.id)
    office.correct(one, "9")
    assert stands(office, office.completion(one).id) == "new"
    for kind in ("acknowledge", "query", "reply"):
        with pytest.raises(CompletionSuperseded):
            say(office, kind, old.id, "?", SARI if kind == "reply" else CAMILLA)


def test_a_query_about_a_course_with_named_teachers_reaches_them_and_the_coordinator(office: Office) -> None:
    with office.database.write() as connection:
        connection.execute(course_teacher.insert().values(school_id="kuusikko", course_id=FY4, email="fysiikka@kuusikko.example"))
    one = office.grade(active(office))
    assert say(office, "query", one.id, "Puuttuuko koe?") is True
    assert [to for to, _ in mails(office, "completion_queried")] == ["fysiikka@kuusikko.example", SARI]


def test_an_empty_text_is_no_query_and_no_reply(office: Office) -> None:
    one = office.grade(active(office))
    with pytest.raises(QueryEmpty):
        say(office, "query", one.id, " \n ")
    with pytest.raises(NothingQueried):
        say(office, "reply", one.id, "Hei", SARI)
    with pytest.raises(ReplyEmpty):
        say(office, "reply", one.id, "", SARI)


def test_a_draft_is_not_saved_twice_by_two_clicks(office: Office) -> None:
    one = active(office)
    actor = office.actor(SARI, "grade")
    with office.database.write() as connection:
        assert write_draft(connection, CATALOGUE, one, Entry({"FY": "8"}), actor, office.now) is True
        assert write_draft(connection, CATALOGUE, one, Entry({"FY": "8"}), actor, office.now) is False


# Days, and runs that are off.


def days_of_ending(office: Office, enrolled: int) -> list[tuple[str, str | None]]:
    with office.database.read() as connection:
        return [(one.step, one.facts.get("on")) for one in history(connection, enrolled) if one.noun == "enrolment"][-2:]


@pytest.mark.parametrize(
    ("published_on", "corrected_on", "states", "cents", "step"),
    [
        ("2026-12-20", "2026-12-10", ("interrupted", "charged"), 7500, "alku"),
        ("2026-12-10", "2026-12-20", ("interrupted", "charged"), 15000, "kaksi-viikkoa"),
    ],
)
def test_an_interruption_corrected_to_another_day_costs_what_leaving_on_that_day_costs(
    office: Office, published_on: str, corrected_on: str, states: tuple[str, str], cents: int, step: str
) -> None:
    one = active(office)
    office.now = day("2026-12-21")
    office.draft(one, Entry({}, "K", assessed_on=date.fromisoformat(published_on)))
    office.publish(one)
    office.later(minutes=1)
    assert office.correct(one, "K", on=date.fromisoformat(corrected_on))
    charged = office.commitment(one)
    assert (office.states(one), charged.charged_cents, charged.charged_step_id) == (states, cents, step)
    assert days_of_ending(office, one) == [("interrupt", published_on), ("correct", corrected_on)]
    office.later(minutes=1)
    assert not office.correct(one, "K", on=date.fromisoformat(corrected_on))
    office.correct(one, "8", on=date.fromisoformat(corrected_on))
    assert office.states(one) == ("completed", "charged")


def test_another_day_of_whoever_left_by_themselves_changes_no_charge(office: Office) -> None:
    one = active(office)
    office.withdraw(one)
    charged = office.commitment(one)
    office.now = day("2026-12-21")
    office.draft(one, Entry({}, "K", assessed_on=date(2026, 12, 20)))
    office.publish(one)
    office.later(minutes=1)
    office.correct(one, "K", on=date(2026, 12, 21))
    assert office.commitment(one) == charged
    assert days_of_ending(office, one)[-1] == ("interrupt", None)


@pytest.mark.parametrize(("first", "then"), [("8", "T"), ("8", "K"), ("K", "8"), ("K", "T")])
def test_nobody_is_brought_back_or_charged_anew_on_a_run_that_is_off(office: Office, first: str, then: str) -> None:
    one = active(office)
    office.grade(one, first)
    office.cancel_run(P3)
    before = office.states(one), office.commitment(one).charged_cents
    office.later(minutes=1)
    with pytest.raises(RunOff):
        office.correct(one, then)
    assert (office.states(one), office.commitment(one).charged_cents) == before


def test_a_wrong_grade_is_still_put_right_on_a_run_that_was_cancelled_later(office: Office) -> None:
    one = active(office)
    office.grade(one, "8")
    office.cancel_run(P3)
    office.later(minutes=1)
    assert office.correct(one, "9")
    assert office.states(one) == ("completed", "charged")


def test_a_draft_is_not_published_on_a_run_that_is_off(office: Office) -> None:
    one = active(office)
    office.draft(one, Entry({"FY": "8"}))
    actor = office.actor(SARI, "mark_participation")
    with office.database.write() as connection:
        interrupt(connection, CATALOGUE, one, TODAY, actor, office.now)
    office.cancel_run(P3)
    with pytest.raises(RunOff):
        office.publish(one)
    assert office.enrolment(one).state == "interrupted"


@pytest.mark.parametrize("grade", ["8", "4", "K"])
def test_nobody_is_graded_before_the_run_has_begun(office: Office, grade: str) -> None:
    one = placed(office)
    office.now = day("2026-11-29")
    with pytest.raises(RunNotBegun):
        office.grade(one, grade)
    assert office.states(one) == ("placed", "given")
    office.now = day("2026-11-30")
    office.publish(one)
    assert office.enrolment(one).state in ("completed", "failed", "interrupted")
