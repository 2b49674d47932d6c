"""Any order of steps by students, schools and time: what must hold, holds after each."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from enrol_service.database import migrate, open_database
from enrol_service.enrolment.deadline import seats_close_at
from enrol_service.enrolment.enrolments import pairs
from enrol_service.enrolment.seats import rank_of, seats_of
from enrol_service.events import history
from enrol_service.refusals.deciding import DeadlinePassed
from enrol_service.refusals.enrolling import AlreadyEnrolled, OfferingClosed, OwnSchool
from enrol_service.states import COMMITMENT_LIVE, HOLDS_SEAT, LIVE
from enrol_service.tick import tick
from tests.enrol_service.cast import ANNA, CAMILLA, CATALOGUE, FY4, P3, P4, PIA, Office, day, form, offering_of, with_offering
from tests.enrol_service.oracle import replay

DECIDER = {"strand": CAMILLA, "kuusikko": ANNA, "rantakyla": PIA}
STUDENTS = st.integers(0, 6)
OFFERINGS = st.sampled_from([P3, P4])
SCHOOLS = st.sampled_from(sorted(DECIDER))
# Three seats, one of them kept for Strand until the 28th; and two seats.
SMALL = with_offering(with_offering(CATALOGUE, FY4, P3, seats=3, reserved={"strand": 1}), FY4, P4, seats=2)


class Season(RuleBasedStateMachine):
    """A season of one course with two offerings, seven students and three schools."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        database = open_database(f"sqlite:///{self.folder / 'season.db'}")
        migrate(database)
        self.office = Office(database, SMALL, day("2026-11-20"))

    @initialize()
    def begin(self) -> None:
        with self.office.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA synchronous=OFF")

    def teardown(self) -> None:
        self.office.database.close()
        shutil.rmtree(self.folder)

    def _chosen(self, number: int, *states: str) -> int | None:
        with self.office.database.read() as connection:
            found = [one.id for one, _ in pairs(connection) if one.state in states]
        return found[number % len(found)] if found else None

    @rule(student=STUDENTS, offering=OFFERINGS, school=SCHOOLS)
    def enrol(self, student: int, offering: str, school: str) -> None:
        try:
            self.office.enrol(form(email=f"student{student}@school.example", offering_id=offering, school_id=school))
        except (AlreadyEnrolled, OfferingClosed, OwnSchool):
            return

    @rule(number=st.integers(0, 30), answer=st.booleans())
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

    @rule(number=st.integers(0, 30))
    def withdraw(self, number: int) -> None:
        chosen = self._chosen(number, *LIVE, "withdrawn")
        if chosen is not None:
            self.office.withdraw(chosen)

    @rule(hours=st.sampled_from([1, 6, 30, 100, 700]))
    def time_goes_by(self, hours: int) -> None:
        self.office.now += timedelta(hours=hours)

    @rule()
    def the_service_ticks(self) -> None:
        tick(self.office.database, SMALL, self.office.now)
        assert tick(self.office.database, SMALL, self.office.now) == 0

    @invariant()
    def what_must_hold_holds(self) -> None:
        with self.office.database.read() as connection:
            every = pairs(connection)
            for offering_id in (P3, P4):
                offering = offering_of(FY4, offering_id, SMALL)
                here = [pair for pair in every if pair[0].offering_id == offering_id]
                assert seats_of(connection, FY4, offering_id).taken <= (offering.seats or 0)
                live = [one.email for one, _ in here if one.state in LIVE]
                assert len(live) == len(set(live)), "two live enrolments of one student"
                queued = sorted(one.queue_number or 0 for one, _ in here if one.state == "queued")
                assert [rank_of(connection, FY4, offering_id, number) for number in queued] == list(range(1, len(queued) + 1))
                closes = seats_close_at(offering, SMALL.network.time_zone)
                for one, promised in here:
                    if one.state in HOLDS_SEAT:
                        assert promised.state in COMMITMENT_LIVE, f"a seat without a commitment: {promised.state}"
                    events = history(connection, one.id)
                    assert replay(events) == {"enrolment": one.state, "commitment": promised.state}
                    assert all(step.at < closes for step in events if step.step == "promote"), "promoted after the start"


TestSeason = Season.TestCase
TestSeason.settings = settings(max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
