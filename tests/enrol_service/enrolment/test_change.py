"""Late changes: who may ask what and when, what an answer does, and that a second one does nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from enrol_service import tables
from enrol_service.enrolment.change import Change, answer_change, changes, read_change, take_back
from enrol_service.enrolment.transfer import runs_to_move_to
from enrol_service.events import THE_STUDENT, history
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.change import (
    AnswerReasonMissing,
    ChangeAlreadyAsked,
    ChangeKindMissing,
    ChangeReasonMissing,
    LeavingIsFree,
    NothingToChange,
    OtherRunBegun,
    OtherRunFull,
    OtherRunMissing,
    OtherRunQueued,
    OtherRunTaken,
)
from enrol_service.refusals.web import NotFound, NotYours
from tests.enrol_service.cast import ANNA, CAMILLA, CATALOGUE, FY4, P3, P4, SARI, Office, day, form, offering_of, with_offering

BEGUN = "2026-12-02"  # P3 has run two days: leaving costs half


def placed(office: Office, on: str = BEGUN, **about: object) -> int:
    """Somebody with a confirmed place in period 3, on a day when the course runs."""
    enrolled = office.enrol(form(**about))  # type: ignore[arg-type]
    office.give(enrolled)
    office.now = day(on)
    return enrolled


def one(office: Office, change_id: int) -> Change:
    with office.database.read() as connection:
        return read_change(connection, change_id)


def mails(office: Office) -> list[tuple[str, str]]:
    """The mails posted at this moment: kind and receiver."""
    rows = select(tables.outbox.c.kind, tables.outbox.c.to_email).where(tables.outbox.c.created_at == office.now)
    with office.database.read() as connection:
        return [tuple(row) for row in connection.execute(rows.order_by(tables.outbox.c.id))]


def test_leaving_free_of_charge_ends_the_enrolment_and_costs_nothing(office: Office) -> None:
    enrolled = placed(office)
    change = office.ask_change(enrolled, "leave_free")
    assert mails(office) == [("change_asked", SARI)]
    assert office.states(enrolled) == ("placed", "given")
    office.later(hours=1)
    assert office.answer_change(change, accepted=True)
    assert office.states(enrolled) == ("withdrawn", "released")
    assert office.commitment(enrolled).charged_cents is None
    assert mails(office) == [("change_answered", CAMILLA), ("withdrawn", "veeti.korhonen@kuusikko.example")]
    assert one(office, change).state == "accepted"


def test_a_student_may_ask_to_leave_free_and_is_answered(office: Office) -> None:
    enrolled = placed(office)
    change = office.ask_change(enrolled, "leave_free", actor=THE_STUDENT)
    office.later(hours=1)
    office.answer_change(change, accepted=True, text="Selvä.")
    kinds = [kind for kind, _ in mails(office)]
    assert kinds == ["own_change_answered", "student_left", "student_left"]
    assert (one(office, change).asked_by_kind, one(office, change).answer) == ("student", "Selvä.")


def test_refusing_needs_a_reason_and_changes_nothing_else(office: Office) -> None:
    enrolled = placed(office)
    change = office.ask_change(enrolled, "leave_free")
    with pytest.raises(AnswerReasonMissing):
        office.answer_change(change, accepted=False)
    assert office.answer_change(change, accepted=False, text="Kurssi on jo pitkällä.")
    assert office.states(enrolled) == ("placed", "given")
    assert one(office, change).state == "refused"


def test_a_move_keeps_the_price_and_takes_the_new_days(office: Office) -> None:
    enrolled = placed(office)
    change = office.ask_change(enrolled, "move", to_offering_id=P4)
    office.later(hours=1)
    office.answer_change(change, accepted=True)
    there, promised = office.enrolment(enrolled), office.commitment(enrolled)
    assert (there.state, there.offering_id, there.starts_on) == ("placed", P4, date(2027, 2, 8))
    assert (promised.state, promised.price_cents) == ("given", 15000)
    rows = [(row.from_on, row.cents) for row in promised.leaving_rows()]
    assert rows == [(None, 0), (date(2027, 2, 8), 7500), (date(2027, 2, 22), 15000)]
    assert mails(office) == [("change_answered", CAMILLA), ("moved", "veeti.korhonen@kuusikko.example")]
    with office.database.read() as connection:
        last = history(connection, enrolled)[-1]
    assert (last.step, last.facts) == ("transfer", {"from_offering_id": P3, "to_offering_id": P4})


def test_a_move_costs_what_was_promised_whatever_the_agreement_says_today(office: Office) -> None:
    enrolled = placed(office)
    change = office.ask_change(enrolled, "move", to_offering_id=P4)
    harder = {
        key: dataclasses.replace(one, leaving=tuple(dataclasses.replace(step, share=100, days=-100) for step in one.leaving[:1]))
        for key, one in CATALOGUE.agreements.items()
    }
    office.catalogue = dataclasses.replace(CATALOGUE, agreements=harder)
    office.answer_change(change, accepted=True)
    rows = office.commitment(enrolled).leaving_rows()
    assert [(row.from_on, row.cents) for row in rows] == [(None, 0), (date(2027, 2, 8), 7500), (date(2027, 2, 22), 15000)]
    assert rows[1].because is not None
    assert rows[1].because.to("sv") == "Kursen har börjat."


def test_a_move_prolongs_the_student_s_link(office: Office) -> None:
    enrolled = placed(office)
    until = select(tables.link.c.expires_at).where(tables.link.c.enrolment_id == enrolled, tables.link.c.purpose == "student")
    office.answer_change(office.ask_change(enrolled, "move", to_offering_id=P4), accepted=True)
    last = offering_of(FY4, P4).ends_on
    assert last is not None
    with office.database.read() as connection:
        assert (connection.execute(until).scalar_one().date() - last).days in (179, 180)


def test_a_move_does_not_jump_the_line_of_the_other_run(office: Office) -> None:
    mover = placed(office, on="2026-11-23")
    full(office)
    first = office.fill_one("first@strand.example", P4)
    office.catalogue = with_offering(CATALOGUE, FY4, P4, seats=3)
    with pytest.raises(OtherRunFull):
        office.ask_change(mover, "move", to_offering_id=P4)
    office.tick()
    assert office.enrolment(first).state == "requested"


def test_nor_one_in_line_who_has_no_time_to_answer(office: Office) -> None:
    mover = placed(office, on="2026-11-23")
    taken, _ = office.fill(2, offering_id=P4)
    office.give(taken)
    office.fill_one("first@strand.example", P4)
    office.now = day("2027-02-07", "22:30")
    office.withdraw(taken)
    with pytest.raises(OtherRunQueued):
        office.ask_change(mover, "move", to_offering_id=P4)


def test_nobody_asks_or_answers_for_another_school(office: Office) -> None:
    enrolled = placed(office)
    with pytest.raises(NotYours):
        office.ask_change(enrolled, "leave_free", actor=office.actor(ANNA, "ask_changes"))
    change = office.ask_change(enrolled, "leave_free")
    stranger = office.actor(CAMILLA, "answer_changes")  # coordinates Strand's courses
    for accepted in (True, False):
        with pytest.raises(NotYours), office.database.write() as connection:
            answer_change(connection, office.catalogue, change, accepted, "Syy.", stranger, office.now)
    anna = office.actor(ANNA, "ask_changes")
    with pytest.raises(NotYours), office.database.write() as connection:
        take_back(connection, change, anna, office.now)
    assert one(office, change).state == "asked"


def test_the_seat_that_a_move_leaves_goes_to_the_first_in_line(office: Office) -> None:
    office.fill(9)
    mover = office.enrol(form(email="mover@strand.example"))
    first = office.enrol(form(email="first@strand.example"))
    office.give(mover)
    assert office.states(first) == ("queued", "asked")
    change = office.ask_change(mover, "move", to_offering_id=P4)
    office.answer_change(change, accepted=True)
    assert office.states(first) == ("requested", "asked")


def full(office: Office) -> None:
    office.now = day("2026-11-23")
    office.fill(2, offering_id=P4)


def second(office: Office) -> None:
    office.now = day("2026-11-23")
    office.enrol(form(offering_id=P4))


@pytest.mark.parametrize(
    ("before", "to", "on", "refusal"),
    [
        (full, P4, BEGUN, OtherRunFull),
        (second, P4, BEGUN, OtherRunTaken),
        (None, "2026-p2", BEGUN, OtherRunBegun),
        (None, P4, "2027-02-05", None),
        (None, P3, BEGUN, OtherRunMissing),
        (None, "2030-p1", BEGUN, OtherRunMissing),
        (None, None, BEGUN, OtherRunMissing),
    ],
)
def test_a_move_is_refused_to_a_run_that_does_not_take_the_student(
    office: Office, before: Callable[[Office], None] | None, to: str | None, on: str, refusal: type[Refusal] | None
) -> None:
    enrolled = placed(office)
    if before is not None:
        before(office)
    office.now = day(on)
    if refusal is None:
        assert office.ask_change(enrolled, "move", to_offering_id=to)
        return
    with pytest.raises(refusal):
        office.ask_change(enrolled, "move", to_offering_id=to)


def test_a_run_that_has_filled_up_since_the_asking_is_refused_at_the_answer(office: Office) -> None:
    enrolled = placed(office)
    change = office.ask_change(enrolled, "move", to_offering_id=P4)
    full(office)
    with pytest.raises(OtherRunFull):
        office.answer_change(change, accepted=True)
    assert office.enrolment(enrolled).offering_id == P3
    assert one(office, change).state == "asked"


def test_a_run_that_its_school_has_cancelled_is_not_proposed(office: Office) -> None:
    enrolled = placed(office)
    with office.database.write() as connection:
        assert [one.id for one in runs_to_move_to(connection, office.catalogue, office.enrolment(enrolled), office.now)] == [P4]
        connection.execute(
            tables.run.insert().values(course_id="kuusikko/fy4-voima-ja-liike", offering_id=P4, state="cancelled", at=office.now)
        )
        assert runs_to_move_to(connection, office.catalogue, office.enrolment(enrolled), office.now) == ()


def unanswered(office: Office) -> int:
    return office.enrol()


def before_the_start(office: Office) -> int:
    return placed(office, on="2026-11-24")


def ended(office: Office) -> int:
    enrolled = placed(office)
    office.withdraw(enrolled)
    return enrolled


@pytest.mark.parametrize(
    ("made", "kind", "text", "refusal"),
    [
        (unanswered, "leave_free", "Syy", NothingToChange),
        (ended, "leave_free", "Syy", NothingToChange),
        (before_the_start, "leave_free", "Syy", LeavingIsFree),
        (placed, "leave_free", "", ChangeReasonMissing),
        (placed, "swap", "Syy", ChangeKindMissing),
    ],
)
def test_a_change_is_asked_only_where_something_can_change(
    office: Office, made: Callable[[Office], int], kind: str, text: str, refusal: type[Refusal]
) -> None:
    enrolled = made(office)
    with pytest.raises(refusal):
        office.ask_change(enrolled, kind, text)


def test_one_request_is_open_at_a_time(office: Office) -> None:
    enrolled = placed(office)
    change = office.ask_change(enrolled, "leave_free")
    with pytest.raises(ChangeAlreadyAsked):
        office.ask_change(enrolled, "leave_free")
    assert office.take_back(change)
    assert not office.take_back(change)
    assert office.ask_change(enrolled, "leave_free") != change


def test_only_the_side_that_asked_takes_back(office: Office) -> None:
    change = office.ask_change(placed(office), "leave_free", actor=THE_STUDENT)
    with pytest.raises(NotYours):
        office.take_back(change)


def test_a_student_does_not_ask_for_a_move(office: Office) -> None:
    with pytest.raises(NotYours):
        office.ask_change(placed(office), "move", actor=THE_STUDENT, to_offering_id=P4)


def test_a_second_answer_changes_nothing(office: Office) -> None:
    enrolled = placed(office)
    change = office.ask_change(enrolled, "leave_free")
    assert office.answer_change(change, accepted=False, text="Ei enää.")
    first = one(office, change)
    office.later(hours=1)
    assert not office.answer_change(change, accepted=True)
    assert one(office, change) == first
    assert office.states(enrolled) == ("placed", "given")
    assert mails(office) == []


def test_a_request_ends_with_its_enrolment(office: Office) -> None:
    enrolled = placed(office)
    change = office.ask_change(enrolled, "leave_free")
    office.withdraw(enrolled)
    assert one(office, change).state == "withdrawn"
    assert not office.answer_change(change, accepted=True)
    with office.database.read() as connection:
        stored = connection.execute(select(tables.change.c.state).where(tables.change.c.id == change)).scalar_one()
    assert stored == "withdrawn"


def test_what_does_not_exist_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        one(office, 12)


def test_changes_are_listed_in_the_order_of_asking(office: Office) -> None:
    placed_ones = office.fill(2)
    for enrolled in placed_ones:
        office.give(enrolled)
    asked = [office.ask_change(enrolled, "move", to_offering_id=P4) for enrolled in placed_ones]
    with office.database.read() as connection:
        assert [one.id for one in changes(connection, tables.enrolment.c.offering_school_id == "kuusikko")] == asked
        assert changes(connection, tables.enrolment.c.offering_school_id == "strand") == ()


def test_a_request_whose_enrolment_has_ended_is_closed_by_time(office: Office) -> None:
    enrolled = placed(office)
    change = office.ask_change(enrolled, "leave_free")
    office.withdraw(enrolled)
    assert office.tick() == 1
    with office.database.read() as connection:
        stored = connection.execute(select(tables.change.c.state, tables.change.c.answered_at).where(tables.change.c.id == change)).one()
    assert tuple(stored) == ("withdrawn", office.now)
    assert office.tick() == 0
