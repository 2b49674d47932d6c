"""The waiting list, and what time does to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.event import listen

from enrol_service.enrolment.authorisation import Terms, authorise
from enrol_service.enrolment.reminder import asked_since
from enrol_service.enrolment.waiting_list import move, moves_of, promote
from enrol_service.events import THE_SERVICE, THE_STUDENT
from enrol_service.refusals.base import IllegalStep
from enrol_service.refusals.enrolling import NoTimeToAnswer
from enrol_service.refusals.queue import MoveReasonMissing, NotInLine, RankUnknown
from enrol_service.tables import commitment, outbox
from enrol_service.tick import tick
from tests.enrol_service.cast import CAMILLA, CATALOGUE, FY4, P4, TEACHER, Office, day, form, prices, with_offering

HENRIK = "henrik.sandell@strand.example"  # pays for Strand


def mails(office: Office, enrolment_id: int) -> list[tuple[str, str]]:
    """Kind and receiver of every mail about an enrolment."""
    wanted = select(outbox.c.kind, outbox.c.to_email).where(outbox.c.enrolment_id == enrolment_id).order_by(outbox.c.id)
    with office.database.read() as connection:
        return [(kind, to) for kind, to in connection.execute(wanted)]


def test_the_first_in_line_gets_the_freed_seat(office: Office) -> None:
    first, _ = office.fill(2, offering_id=P4)
    waiting = [office.fill_one(f"waiting{number}@strand.example", P4) for number in range(3)]
    office.withdraw(first)
    assert [office.enrolment(one).state for one in waiting] == ["requested", "queued", "queued"]
    assert [office.rank(one) for one in waiting[1:]] == [1, 2]


def test_nobody_gets_a_seat_after_the_start(office: Office) -> None:
    first, _ = office.fill(2, offering_id=P4)
    office.give(first)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.now = day("2027-02-08", "00:00")
    office.withdraw(first)
    assert office.enrolment(waiting).state == "queued"
    tick(office.database, office.catalogue, office.now)
    assert office.states(waiting) == ("expired", "expired")


@pytest.mark.parametrize(
    ("clock", "approved", "state"),
    [("21:59", False, "requested"), ("22:01", False, "queued"), ("21:59", True, "offered"), ("22:01", True, "queued")],
)
def test_a_school_or_a_student_without_time_to_answer_is_passed_over(office: Office, clock: str, approved: bool, state: str) -> None:
    first, second = office.fill(2, offering_id=P4)
    office.give(first)
    waiting = office.fill_one("siiri@strand.example", P4)
    if approved:
        office.give(waiting)
    office.now = day("2027-02-07", clock)
    office.withdraw(first)
    assert office.enrolment(waiting).state == state
    assert office.enrolment(second).state == "requested"


def test_a_newcomer_in_the_last_hours_does_not_overtake_the_line_either(office: Office) -> None:
    office.catalogue = with_offering(CATALOGUE, FY4, P4, enrolment_closes_at=day("2027-02-07", "23:30"))
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.now = day("2027-02-07", "22:30")
    office.withdraw(first)
    with pytest.raises(NoTimeToAnswer):
        office.fill_one("uusi@strand.example", P4)
    assert office.enrolment(waiting).state == "queued"


def test_nor_one_whose_student_has_no_time_to_accept(office: Office) -> None:
    office.catalogue = with_offering(CATALOGUE, FY4, P4, enrolment_closes_at=day("2027-02-08", "16:00"))
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.give(waiting)
    office.now = day("2027-02-07", "23:30")
    office.withdraw(first)
    with pytest.raises(NoTimeToAnswer):
        office.fill_one("uusi@strand.example", P4)
    assert office.enrolment(waiting).state == "queued"


def test_a_line_is_served_on_the_eve_where_the_answer_may_come_on_the_first_day(office: Office) -> None:
    office.catalogue = with_offering(CATALOGUE, FY4, P4, enrolment_closes_at=day("2027-02-08", "16:00"))
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.now = day("2027-02-07", "23:30")
    office.withdraw(first)
    assert office.states(waiting) == ("requested", "asked")
    assert office.commitment(waiting).answer_by_at == day("2027-02-08", "16:00")


def test_whoever_was_approved_in_advance_and_got_no_place_costs_nothing(office: Office) -> None:
    office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.give(waiting)
    office.now = day("2027-02-08", "09:00")
    tick(office.database, office.catalogue, office.now)
    assert office.states(waiting) == ("expired", "released")


def test_an_unanswered_request_expires_and_its_seat_goes_on(office: Office) -> None:
    first, second = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.give(second)
    office.now = office.commitment(first).answer_by_at
    assert tick(office.database, office.catalogue, office.now) == 1
    assert office.states(first) == ("expired", "expired")
    assert office.states(waiting) == ("requested", "asked")
    assert tick(office.database, office.catalogue, office.now) == 0


def test_more_seats_in_the_file_let_the_line_in(office: Office) -> None:
    office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.catalogue = with_offering(CATALOGUE, FY4, P4, seats=3)
    tick(office.database, office.catalogue, office.now)
    assert office.states(waiting) == ("requested", "asked")


def test_a_newcomer_does_not_overtake_the_line(office: Office) -> None:
    office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.catalogue = with_offering(CATALOGUE, FY4, P4, seats=3)
    newcomer = office.fill_one("uusi@strand.example", P4)
    assert (office.enrolment(waiting).state, office.enrolment(newcomer).state) == ("requested", "queued")


def test_whoever_is_promoted_is_asked_anew_with_reminders_to_come(office: Office) -> None:
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    asked_at = office.commitment(waiting).asked_at
    with office.database.write() as connection:
        connection.execute(commitment.update().values(reminded_at=office.now, escalated_at=office.now))
    office.later(days=3)
    office.withdraw(first)
    promised = office.commitment(waiting)
    assert (promised.asked_at, promised.reminded_at, promised.escalated_at) == (asked_at, None, None)
    assert asked_since(office.enrolment(waiting), promised) == office.now


def test_a_standing_authorisation_answers_for_whoever_is_promoted(office: Office) -> None:
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    payer = office.actor(HENRIK, "authorise")
    today = office.now.date()
    with office.database.write() as connection:
        authorise(connection, "strand", Terms(100_000, "EUR", 3, today, today + timedelta(days=90)), payer, office.now)
    office.withdraw(first)
    assert office.states(waiting) == ("placed", "given")
    assert [kind for kind, to in mails(office, waiting) if to.startswith("siiri")] == ["receipt", "placed"]


@pytest.mark.parametrize(
    ("which", "to_rank", "order", "ranks"),
    [
        (3, 1, "dabc", [(4, 1), (1, 2), (2, 3), (3, 4)]),
        (0, 4, "bcda", [(1, 4), (2, 1), (3, 2), (4, 3)]),
        (2, 2, "acbd", [(3, 2), (2, 3)]),
        (1, 3, "acbd", [(2, 3), (3, 2)]),
        (1, 2, "abcd", []),
    ],
)
def test_a_move_gives_everybody_it_touches_a_reason(
    office: Office, which: int, to_rank: int, order: str, ranks: list[tuple[int, int]]
) -> None:
    office.fill(2, offering_id=P4)
    line = {name: office.fill_one(f"{name}@strand.example", P4) for name in "abcd"}
    moved = list(line.values())[which]
    assert office.move(moved, to_rank, "graduating") == len(ranks)
    assert "".join(sorted(line, key=lambda name: office.rank(line[name]))) == order
    with office.database.read() as connection:
        found = [one for number in line.values() for one in moves_of(connection, number)]
    assert sorted((one.from_rank, one.to_rank) for one in found) == sorted(ranks)
    assert {(one.reason_id, one.because_of, one.at) for one in found} <= {("graduating", moved, office.now)}
    told = {to for number in line.values() for kind, to in mails(office, number) if kind == "queue_moved"}
    assert told == {f"{name}@strand.example" for name in line if "abcd".index(name) < order.index(name)}
    assert office.move(moved, to_rank, "graduating") == 0, "a second click changes nothing"


def test_a_moved_line_is_served_in_its_new_order_and_newcomers_come_last(office: Office) -> None:
    first, _ = office.fill(2, offering_id=P4)
    a, b = (office.fill_one(f"{name}@strand.example", P4) for name in "ab")
    office.move(b, 1)
    c = office.fill_one("c@strand.example", P4)
    assert [office.rank(one) for one in (b, a, c)] == [1, 2, 3]
    office.withdraw(first)
    assert [office.enrolment(one).state for one in (b, a, c)] == ["requested", "queued", "queued"]
    with pytest.raises(NotInLine):
        office.move(b, 1)


def test_a_move_is_the_offering_schools_with_a_reason_to_a_place_that_is_there(office: Office) -> None:
    office.fill(2, offering_id=P4)
    waiting = office.fill_one("a@strand.example", P4)
    office.fill_one("b@strand.example", P4)
    for rank in (0, 3, -1):
        with pytest.raises(RankUnknown):
            office.move(waiting, rank)
    with pytest.raises(MoveReasonMissing):
        office.move(waiting, 2, "because")
    for actor in (THE_STUDENT, THE_SERVICE, office.actor(CAMILLA), office.actor(TEACHER, "grade")):
        with pytest.raises(IllegalStep), office.database.write() as connection:
            move(connection, office.catalogue, waiting, 2, "error", actor, office.now)
    assert office.rank(waiting) == 1


def test_a_cancelled_run_gives_no_seats(office: Office) -> None:
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.catalogue = with_offering(CATALOGUE, FY4, P4, cancelled=True)
    office.withdraw(first)
    assert office.enrolment(waiting).state == "queued"


def test_seats_kept_for_a_school_are_let_go_on_the_day(office: Office) -> None:
    course = "strand/fy1-fysik"
    office.catalogue = with_offering(CATALOGUE, course, "2026-p3", seats=6)
    people = [
        office.enrol(form(course_id=course, school_id="rantakyla", email=f"s{number}@rantakyla.example", prices_shown=prices(course)))
        for number in range(3)
    ]
    assert [office.enrolment(one).state for one in people] == ["requested", "queued", "queued"]
    office.now = day("2026-11-26", "00:10")
    tick(office.database, office.catalogue, office.now)
    assert [office.enrolment(one).state for one in people] == ["requested", "requested", "requested"]


@pytest.mark.parametrize(
    ("asked", "deadline"),
    [
        ("2026-11-20T15:00", "2026-11-25T16:00"),  # Friday: the weekend does not count
        ("2026-11-21T12:00", "2026-11-25T16:00"),  # Saturday
        ("2026-11-25T17:00", "2026-11-29T23:59"),  # the course starts on Monday the 30th
        ("2026-11-27T15:59", "2026-11-29T23:59"),
    ],
)
def test_the_deadline_counts_weekdays_and_never_passes_the_start(office: Office, asked: str, deadline: str) -> None:
    office.now = day(*asked.split("T"))
    assert office.commitment(office.enrol()).answer_by_at == day(*deadline.split("T"))


def test_a_deadline_across_summer_time_keeps_its_hour(office: Office) -> None:
    course = "kuusikko/maa6-derivaatta"
    office.now = day("2027-03-25", "12:00")
    enrolled = office.enrol(form(course_id=course, offering_id="oma-tahti", prices_shown=prices(course)))
    assert office.commitment(enrolled).answer_by_at == day("2027-03-30", "16:00")


def statements(office: Office, act: Callable[[Connection], object]) -> list[str]:
    """What an act asks the database, in order."""
    told: list[str] = []

    def tell(connection: object, cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    with office.database.write() as connection:
        listen(connection, "before_cursor_execute", tell)
        act(connection)
    return told


def test_a_full_run_is_counted_once_however_long_its_line_is(office: Office) -> None:
    office.fill(6, offering_id=P4)
    asked = statements(office, lambda connection: promote(connection, office.catalogue, FY4, P4, office.now))
    assert len(asked) == 1
    assert "count(" in asked[0]


def test_each_seat_that_is_given_is_counted_once(office: Office) -> None:
    office.fill(6, offering_id=P4)
    office.catalogue = with_offering(CATALOGUE, FY4, P4, seats=4)
    asked = statements(office, lambda connection: promote(connection, office.catalogue, FY4, P4, office.now))
    assert sum("GROUP BY enrolment.home_school_id" in one for one in asked) == 3, "two seats given, and the look that finds none"
    assert [office.enrolment(one).state for one in range(1, 7)] == ["requested"] * 4 + ["queued"] * 2
