"""Any order of steps by students, schools and time: what must hold, holds after each."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection, select

from enrol_service.database import migrate, open_database
from enrol_service.enrolment.deadline import seats_close_at
from enrol_service.enrolment.enrolments import Commitment, Enrolment, pairs
from enrol_service.enrolment.run import Run, all_runs
from enrol_service.enrolment.seats import rank_of, seats_of
from enrol_service.enrolment.waiting_list import MOVE_REASONS
from enrol_service.events import Event, history
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.deciding import DeadlinePassed
from enrol_service.refusals.enrolling import AlreadyEnrolled, OfferingCancelled, OfferingClosed, OfferingFull, OwnSchool
from enrol_service.refusals.queue import OfferExpired, RunOver
from enrol_service.refusals.staff_enrolling import RunLapsed
from enrol_service.states import COMMITMENT_LIVE, HOLDS_SEAT, LIVE
from enrol_service.tables import enrolment, event
from tests.enrol_service.cast import ANNA, CAMILLA, CATALOGUE, FY4, P3, P4, PIA, Office, day, form, offering_of, with_offering
from tests.enrol_service.oracle import line_after, replay

DECIDER = {"strand": CAMILLA, "kuusikko": ANNA, "rantakyla": PIA}
STUDENTS = st.integers(0, 6)
OFFERINGS = st.sampled_from([P3, P4])
SCHOOLS = st.sampled_from(sorted(DECIDER))
WHICH = st.integers(0, 30)
# Three seats, one of them kept for Strand, and two commitments needed by the 28th; and two seats.
SMALL = with_offering(with_offering(CATALOGUE, FY4, P3, seats=3, reserved={"strand": 1}), FY4, P4, seats=2)


class Season(RuleBasedStateMachine):
    """A season of one course with two offerings, seven students and three schools."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        database = open_database(f"sqlite:///{self.folder / 'season.db'}")
        migrate(database)
        self.office = Office(database, SMALL, day("2026-11-20"))

    @initialize(offering=OFFERINGS, students=st.integers(3, 7), given=st.booleans())
    def begin(self, offering: str, students: int, given: bool) -> None:
        with self.office.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
        for student in range(students):
            self.enrol(student, offering, "strand" if student % 2 else "rantakyla")
        if given:
            self.every_school_gives(offering)

    def teardown(self) -> None:
        self.office.database.close()
        shutil.rmtree(self.folder)

    def _chosen(self, number: int, *states: str) -> int | None:
        with self.office.database.read() as connection:
            found = [one.id for one, _ in pairs(connection) if one.state in states]
        return found[number % len(found)] if found else None

    def _is_anybody(self, *states: str) -> bool:
        return self._chosen(0, *states) is not None

    @rule(student=STUDENTS, offering=OFFERINGS, school=SCHOOLS)
    def enrol(self, student: int, offering: str, school: str) -> None:
        try:
            self.office.enrol(form(email=f"student{student}@school.example", offering_id=offering, school_id=school))
        except (AlreadyEnrolled, OfferingCancelled, OfferingClosed, OfferingFull, OwnSchool, RunLapsed):
            return

    @rule(number=WHICH, answer=st.booleans())
    def decide(self, number: int, answer: bool) -> None:
        chosen = self._chosen(number, "requested", "queued", "placed", "expired")
        if chosen is None:
            return
        person = DECIDER[self.office.enrolment(chosen).home_school_id]
        try:
            if answer:
                self.office.give(chosen, person)
            else:
                self.office.refuse(chosen, email=person)
        except DeadlinePassed:
            return

    @rule(offering=OFFERINGS)
    def every_school_gives(self, offering: str) -> None:
        with self.office.database.read() as connection:
            asked = [one for one, promised in pairs(connection) if promised.state == "asked" and one.offering_id == offering]
        for one in asked:
            try:
                self.office.give(one.id, DECIDER[one.home_school_id])
            except DeadlinePassed:
                continue

    @precondition(lambda self: self._is_anybody("queued"))
    @rule(number=WHICH)
    def commit_in_advance(self, number: int) -> None:
        chosen = self._chosen(number, "queued")
        assert chosen is not None
        try:
            self.office.give(chosen, DECIDER[self.office.enrolment(chosen).home_school_id])
        except DeadlinePassed:
            return

    @precondition(lambda self: self._is_anybody("offered"))
    @rule(number=WHICH)
    def accept(self, number: int) -> None:
        chosen = self._chosen(number, "offered")
        assert chosen is not None
        try:
            assert self.office.accept(chosen)
        except OfferExpired:
            return

    @rule(number=WHICH)
    def withdraw(self, number: int) -> None:
        chosen = self._chosen(number, *LIVE, "withdrawn")
        if chosen is not None:
            self.office.withdraw(chosen)

    @precondition(lambda self: self._is_anybody("queued"))
    @rule(number=WHICH, rank=st.integers(0, 5), reason=st.sampled_from(sorted(MOVE_REASONS)))
    def move(self, number: int, rank: int, reason: str) -> None:
        chosen = self._chosen(number, "queued")
        assert chosen is not None
        one = self.office.enrolment(chosen)
        with self.office.database.read() as connection:
            last = seats_of(connection, one.course_id, one.offering_id).queued
        to_rank = 1 + rank % last
        self.office.move(chosen, to_rank, reason)
        assert self.office.rank(chosen) == to_rank

    @precondition(lambda self: self._is_anybody("placed", "active"))
    @rule(number=WHICH, mark=st.sampled_from(["start", "miss", "interrupt", "resume"]))
    def the_teacher_marks(self, number: int, mark: str) -> None:
        chosen = self._chosen(number, "placed", "active", "no_show", "interrupted")
        assert chosen is not None
        today = self.office.now.astimezone(SMALL.network.time_zone).date().isoformat()
        try:
            getattr(self.office, mark)(chosen, *([today] if mark in ("start", "interrupt") else []))
        except Refusal:
            return  # too early, contradictory, or no seat any more: tested by itself

    @precondition(lambda self: self._is_anybody("placed", "queued", "active"))
    @rule(offering=OFFERINGS, sure=st.integers(0, 9))
    def cancel_run(self, offering: str, sure: int) -> None:
        if sure != 7:
            return  # most seasons go on
        try:
            self.office.cancel_run(offering)
        except RunOver:
            return
        assert self.office.cancel_run(offering) == 0

    @rule(hours=st.sampled_from([1, 6, 25, 60, 200]))
    def time_goes_by(self, hours: int) -> None:
        self.office.now += timedelta(hours=hours)

    @rule(hours=st.sampled_from([0, 1, 25, 60, 200]))
    def the_service_ticks(self, hours: int) -> None:
        self.office.now += timedelta(hours=hours)
        self.office.tick()
        assert self.office.tick() == 0

    @invariant()
    def what_must_hold_holds(self) -> None:
        with self.office.database.read() as connection:
            every = pairs(connection)
            runs = all_runs(connection)
            for offering_id in (P3, P4):
                here = [pair for pair in every if pair[0].offering_id == offering_id]
                judge_seats(connection, offering_id, here)
                judge_line(connection, offering_id, here)
                judge_run(runs.get((FY4, offering_id)), here)
                closes = seats_close_at(offering_of(FY4, offering_id, SMALL), SMALL.network.time_zone)
                for one, promised in here:
                    events = history(connection, one.id)
                    assert replay(events) == {"enrolment": one.state, "commitment": promised.state}
                    late = [step.step for step in events if step.step in ("promote", "offer") and step.at >= closes]
                    assert not late, f"after the start: {late}"
                    if one.state == "offered":
                        assert one.offer_until_at is not None
                        assert one.state_at < one.offer_until_at <= closes


def judge_seats(connection: Connection, offering_id: str, here: list[tuple[Enrolment, Commitment]]) -> None:
    assert seats_of(connection, FY4, offering_id).taken <= (offering_of(FY4, offering_id, SMALL).seats or 0)
    live = [one.email for one, _ in here if one.state in LIVE]
    assert len(live) == len(set(live)), "two live enrolments of one student"
    for one, promised in here:
        if one.state in HOLDS_SEAT:
            assert promised.state in COMMITMENT_LIVE, f"a seat without a commitment: {promised.state}"


def judge_line(connection: Connection, offering_id: str, here: list[tuple[Enrolment, Commitment]]) -> None:
    """Ranks are dense, and nothing but joining, leaving and a move with a reason has made them."""
    queued = sorted((one.queue_number or 0, one.id) for one, _ in here if one.state == "queued")
    assert [rank_of(connection, FY4, offering_id, number) for number, _ in queued] == list(range(1, len(queued) + 1))
    columns = [event.c[name] for name in Event.__slots__]
    told = select(event.c.enrolment_id, *columns).join(enrolment).where(enrolment.c.offering_id == offering_id).order_by(event.c.id)
    events = [(number, Event(*rest)) for number, *rest in connection.execute(told)]
    assert line_after(events) == [number for _, number in queued]
    assert all(one.facts["reason"] in MOVE_REASONS for _, one in events if one.step == "move")


def judge_run(run: Run | None, here: list[tuple[Enrolment, Commitment]]) -> None:
    if run is not None and run.is_off:
        live = [(one.id, one.state) for one, _ in here if one.state in LIVE]
        assert not live, f"somebody is on a run that is {run.state}: {live}"


TestSeason = Season.TestCase
TestSeason.settings = settings(max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
