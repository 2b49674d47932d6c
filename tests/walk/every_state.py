"""One small autumn in which every state occurs that a page can show, made by the real commands; and what holds on later days.

Stages: `empty` before anybody has enrolled; `now` on Monday 23 November; `decided` on the 29th, when it is settled which runs are held.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select

from enrol_service.completion.answer import acknowledge, query
from enrol_service.completion.completion import latest
from enrol_service.completion.entry import tidy_entry
from enrol_service.database import Database
from enrol_service.enrolment.change import changes
from enrol_service.enrolment.enrol import enrol
from enrol_service.events import THE_STUDENT
from enrol_service.school import people
from enrol_service.school.accounts import NETWORK, staff_of
from enrol_service.school.acting import actor_for
from enrol_service.school.guest import Particulars, admit, settle_school
from enrol_service.school.guest import refuse as turn_away
from enrol_service.school.token import make_token
from enrol_service.tables import link
from tests.enrol_service.cast import (
    ANNA,
    CAMILLA,
    CATALOGUE,
    FY4,
    KARI,
    NOW,
    P3,
    P4,
    SARI,
    Office,
    day,
    form,
    prices,
    with_course,
    with_offering,
)

Stage = Literal["empty", "now", "decided", "lapsed"]

P2 = "2026-p2"  # from October, over in four days
FY1 = "strand/fy1-fysik"
OWN_PACE = "kuusikko/maa6-derivaatta"
GONE = "2026-gone"  # a run that the content had and has no more
NETWORK_COORDINATOR = "verkosto@pikku.example"
MOMENTS: Mapping[Stage, datetime] = {"empty": NOW, "now": NOW, "decided": day("2026-11-29", "09:00"), "lapsed": day("2026-11-29", "09:00")}

FIRST_NAMES = ("Aino", "Elsa", "Helmi", "Iida", "Lempi", "Minea", "Nea", "Oona", "Pinja", "Siiri")
LAST_NAMES = ("Aho", "Koski", "Niemi", "Salo")


class Autumn:
    """Enrolments by what has become of them: `numbers["failed"]`. Later stages are played on by `play`."""

    def __init__(self, database: Database) -> None:
        self.office = Office(database, now=day("2026-09-10"))
        self.numbers: dict[str, int] = {}
        self._names = (f"{first} {last}" for last in LAST_NAMES for first in FIRST_NAMES)

    def play(self) -> None:
        """From the empty database to Monday 23 November."""
        self._a_run_that_is_nearly_over()
        self._runs_to_come()
        self._a_full_run()
        self._guests()
        self._people()

    def decide(self) -> None:
        """On to the day on which the run of the third period is settled: it is held."""
        self.office.now = day("2026-11-29", "00:05")
        self.office.tick()
        with self.office.database.write() as connection:
            person = staff_of(connection, CATALOGUE, NETWORK_COORDINATOR, self.office.now)
            assert person is not None
            actor = actor_for(connection, person, "admit_schools", NETWORK, self.office.now)
            said = Particulars("Saariston lukio", "Korppoo", "", "Olli Opo", "opo@guest.example", "fi")
            admit(connection, CATALOGUE, 1, said, actor, self.office.now)
            turn_away(connection, CATALOGUE, 2, "Osoite ei ole oppilaitoksen.", actor, self.office.now)

    def lapse(self) -> None:
        """Instead: too few, by a content that asks for more."""
        self.office.now = day("2026-11-29", "00:05")
        self.office.catalogue = with_offering(CATALOGUE, FY4, P3, minimum=9)
        self.office.tick()

    def token(self, name: str, purpose: str = "student") -> str:
        """The id of the link to an enrolment, of which its address is made."""
        with self.office.database.read() as connection:
            wanted = select(link.c.id).where(link.c.enrolment_id == self.numbers[name], link.c.purpose == purpose)
            return str(connection.execute(wanted.order_by(link.c.expires_at.desc())).scalars().first())

    def changes(self) -> dict[str, int]:
        """The number of the newest late change, by enrolment."""
        names = {number: name for name, number in self.numbers.items()}
        with self.office.database.read() as connection:
            return {names[one.enrolment_id]: one.id for one in changes(connection)}

    def completion(self, name: str) -> int:
        """The number of the newest published version."""
        return self.office.completion(self.numbers[name]).id

    def _enrol(self, name: str, *, offering_id: str = P3, course_id: str = FY4, school_id: str = "strand", **about: object) -> int:
        email = f"{name.replace('_', '.')}@{school_id}.example"
        made = form(course_id=course_id, offering_id=offering_id, school_id=school_id, name=next(self._names), email=email, **about)  # type: ignore[arg-type]
        if course_id != FY4:
            made = dataclasses.replace(made, prices_shown=prices(course_id))
        self.numbers[name] = self.office.enrol(made)
        return self.numbers[name]

    def _placed(self, name: str, email: str = CAMILLA, **about: object) -> int:
        number = self._enrol(name, **about)  # type: ignore[arg-type]
        self.office.give(number, email)
        return number

    def _a_run_that_is_nearly_over(self) -> None:
        office = self.office
        studying = ("active", "change_asked", "change_refused", "ready", "half", "taught")
        ended = ("completed", "corrected", "queried", "acknowledged", "failed", "in_progress", "interrupted", "left_late")
        for name in (*studying, *ended, "left_free", "no_show", "not_begun"):
            self._placed(name, offering_id=P2)
        self._placed("protected", offering_id=P2, protected=True, message="Olen yhteydessä itse.")
        office.now = day("2026-10-06")
        for name in (*studying, *ended, "left_free", "protected"):
            office.start(self.numbers[name], "2026-10-06")
        office.now = day("2026-10-21")
        office.miss(self.numbers["no_show"])
        office.interrupt(self.numbers["interrupted"], "2026-10-20")
        office.withdraw(self.numbers["left_late"])
        self._changes()
        office.now = day("2026-11-20")
        self._grades()
        office.now = NOW

    def _changes(self) -> None:
        office, numbers = self.office, self.numbers
        office.answer_change(office.ask_change(numbers["left_free"], "leave_free", "Muutan.", THE_STUDENT), accepted=True)
        refused = office.ask_change(numbers["change_refused"], "leave_free", "En ehdi.", THE_STUDENT)
        office.answer_change(refused, accepted=False, text="Kurssi on jo pitkällä.")
        office.take_back(office.ask_change(numbers["taught"], "leave_free", "Väärä opiskelija."))
        office.ask_change(numbers["change_asked"], "leave_free", "Muutan toiselle paikkakunnalle.", THE_STUDENT)
        office.ask_change(numbers["active"], "move", "Jakso vaihtuu.", to_offering_id=P3)
        office.send("Tehtävä 2", "Palauttakaa perjantaihin mennessä.", [numbers["active"], numbers["ready"]], run=P2)

    def _grades(self) -> None:
        office, numbers = self.office, self.numbers
        for name, grade in {"completed": "9", "corrected": "7", "queried": "5", "acknowledged": "10", "failed": "4"}.items():
            office.grade(numbers[name], grade)
        office.grade(numbers["in_progress"], "T")
        office.correct(numbers["corrected"], "8")
        office.draft(numbers["ready"], tidy_entry({"FY": "8"}, "", ""))
        office.draft(numbers["half"], tidy_entry({}, "T", ""))
        actor = office.actor(CAMILLA, "answer_completions")
        with office.database.write() as connection:
            newest = latest(connection, numbers.values())
            acknowledge(connection, newest[numbers["acknowledged"]].id, actor, office.now)
            query(connection, office.catalogue, newest[numbers["queried"]].id, "Onko koe arvioitu?", actor, office.now)

    def _runs_to_come(self) -> None:
        office = self.office
        office.now = day("2026-11-10")
        self._enrol("expired")
        office.now = day("2026-11-14")
        office.tick()
        office.now = NOW
        for name in ("requested", "requested_too", "requested_protected"):
            self._enrol(name, protected=name.endswith("protected"), message="Kiitos.")
        self._placed("placed")
        self._placed("placed_too")
        self.numbers["by_school"] = office.enrol_by_school(form(name=next(self._names), email="by.school@strand.example"))
        office.refuse(self._enrol("refused"))
        office.withdraw(self._enrol("withdrawn"))
        self._enrol("outside", school_id="rantakyla")
        self._placed("own_pace", course_id=OWN_PACE, offering_id="oma-tahti")
        office.start(self.numbers["own_pace"], "2026-11-23")
        self._what_the_content_has_changed()
        self._placed("cancelled", ANNA, course_id=FY1, offering_id=P3, school_id="kuusikko")
        office.cancel_run(P3, course_id=FY1, email=CAMILLA)

    def _what_the_content_has_changed(self) -> None:
        """The request was made when the course had another teacher; or on a run that is gone."""
        before = CATALOGUE.courses[FY4]
        run = before.offering(P3)
        assert run is not None
        self.office.catalogue = with_course(CATALOGUE, dataclasses.replace(before, teacher="Kemian opettaja"))
        self._enrol("changed")
        gone = dataclasses.replace(run, id=GONE)
        self.office.catalogue = with_course(CATALOGUE, dataclasses.replace(before, offerings=(*before.offerings, gone)))
        made = form(offering_id=GONE, name=next(self._names), email="gone@strand.example")
        shown = {**made.prices_shown, GONE: made.prices_shown[P3]}
        self.numbers["gone"] = self.office.enrol(dataclasses.replace(made, prices_shown=shown))
        self.office.catalogue = CATALOGUE

    def _a_full_run(self) -> None:
        office = self.office
        for name in ("gave_way", "kept"):
            self._placed(name, offering_id=P4)
        self._placed("offered", offering_id=P4)
        self._enrol("queued", offering_id=P4)
        self._placed("approved_in_line", offering_id=P4)
        self._enrol("moved", offering_id=P4)
        office.move(self.numbers["moved"], 2)
        office.withdraw(self.numbers["gave_way"])

    def _guests(self) -> None:
        for name, school in {"guest": "Saariston lukio", "guest_too": "Tunturin lukio"}.items():
            made = form(name=next(self._names), email=f"{name}@saaristo.example", school_id="", message="Hei.")
            made = dataclasses.replace(made, other_school=school, other_contact=f"opo@{name}.example")
            with self.office.database.write() as connection:
                catalogue, settled = settle_school(connection, CATALOGUE, made, "fi", NOW)
                self.numbers[name] = enrol(connection, catalogue, settled, "fi", NOW).enrolment_id

    def _people(self) -> None:
        office = self.office
        actor = office.actor(KARI, "manage_people")
        with office.database.write() as connection:
            people.invite(connection, CATALOGUE, "kuusikko", "uusi@kuusikko.example", "Uusi Ihminen", "fi", ["contact_person"], actor, NOW)
            people.invite(connection, CATALOGUE, "kuusikko", "pois@kuusikko.example", "Entinen Ihminen", "fi", ["office"], actor, NOW)
            people.remove(connection, CATALOGUE, "kuusikko", "pois@kuusikko.example", actor, NOW)
            days = (date(2026, 11, 23), date(2026, 12, 4))
            people.name_deputy(connection, CATALOGUE, "kuusikko", ANNA, SARI, "Sari Kivi", "fi", *days, actor, NOW)
            keeper = staff_of(connection, CATALOGUE, KARI, NOW)
            assert keeper is not None
            make_token(connection, keeper, "kuusikko", "Opiskelijahallinto", ["see_students"], 90, NOW)
        office.end_authorisation(office.authorise(cents=100000))
        office.authorise(cents=50000)
