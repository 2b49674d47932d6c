"""One small autumn in which every state occurs that a page can show, made by the real commands; and what holds on later days.

Stages: `empty` before anybody has enrolled; `now` on Monday 23 November; `decided` on the 29th, when it is settled which runs are held.
"""

from __future__ import annotations

import dataclasses
import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select

from enrol_service.completion.answer import acknowledge, query
from enrol_service.completion.completion import latest
from enrol_service.completion.entry import tidy_entry
from enrol_service.database import Database, migrate, open_database
from enrol_service.enrolment.change import changes
from enrol_service.enrolment.enrol import enrol
from enrol_service.events import THE_STUDENT
from enrol_service.holder import Holder
from enrol_service.links import Signer, make_link
from enrol_service.mail.sender import MailboxSender
from enrol_service.school import people
from enrol_service.school.accounts import NETWORK, grant, staff_of
from enrol_service.school.acting import actor_for
from enrol_service.school.guest import Particulars, admit, settle_school
from enrol_service.school.guest import refuse as turn_away
from enrol_service.school.role import ROLES
from enrol_service.school.token import make_token
from enrol_service.service import Service
from enrol_service.settings import Settings
from enrol_service.tables import link, staff_session
from enrol_service.web.app import make_app
from enrol_service.web.school.people_page import person_key
from enrol_service.web.traffic import Buckets, Rate
from enrol_service.worker import drain
from tests.enrol_service.cast import (
    ANNA,
    CAMILLA,
    CATALOGUE,
    FY4,
    HENRIK,
    KARI,
    NOW,
    P3,
    P4,
    PIA,
    SARI,
    SMALL,
    TEACHER,
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
STRANGER = "vieras@rantakyla.example"  # has every role, in another school
INVITED = "uusi@kuusikko.example"
PEOPLE = (ANNA, KARI, SARI, TEACHER, CAMILLA, HENRIK, PIA, NETWORK_COORDINATOR, STRANGER)
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
            return connection.execute(wanted.order_by(link.c.expires_at.desc())).scalars().first() or ""

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
        with office.database.write() as connection:
            grant(connection, STRANGER, "rantakyla", "Vieras", "fi", ROLES, NOW)
        actor = office.actor(KARI, "manage_people")
        with office.database.write() as connection:
            people.invite(connection, CATALOGUE, "kuusikko", INVITED, "Uusi Ihminen", "fi", ["contact_person"], actor, NOW)
            people.invite(connection, CATALOGUE, "kuusikko", "pois@kuusikko.example", "Entinen Ihminen", "fi", ["office"], actor, NOW)
            people.remove(connection, CATALOGUE, "kuusikko", "pois@kuusikko.example", actor, NOW)
            days = (date(2026, 11, 23), date(2026, 12, 4))
            people.name_deputy(connection, CATALOGUE, "kuusikko", ANNA, SARI, "Sari Kivi", "fi", *days, actor, NOW)
            keeper = staff_of(connection, CATALOGUE, KARI, NOW)
            assert keeper is not None
            make_token(connection, keeper, "kuusikko", "Opiskelijahallinto", ["see_students"], 90, NOW)
        office.end_authorisation(office.authorise(cents=100000))
        office.authorise(cents=50000)


class World:
    """The application on one database that is put back to a stage before each look at it. Everybody of `PEOPLE` is signed in."""

    def __init__(self, folder: Path, address: str, holder: Holder) -> None:
        self.address = address
        self.now = MOMENTS["now"]
        self.settings = Settings(
            development=True,
            content=SMALL,
            site=folder,
            data=folder,
            service_url=address,
            secret=b"a secret of the tests, long enough to be one",
            database_url=f"sqlite:///{folder / 'tarjotin.db'}",
        )
        self._path = folder / "tarjotin.db"
        self.database = open_database(self.settings.database_url)
        migrate(self.database)
        self.service = Service(self.settings, self.database, holder, Signer(self.settings.secret), lambda: self.now)
        self.app = make_app(self.service)
        self._stages: dict[Stage, sqlite3.Connection] = {}
        self.autumn = Autumn(self.database)
        self.known = self._play()

    def close(self) -> None:
        self.database.close()
        for kept in self._stages.values():
            kept.close()

    def put_back(self, stage: Stage, at: datetime | None = None) -> None:
        """The database as it was, the clock at the stage's moment or another, and nobody has asked too often."""
        self._restore(stage)
        self.now = self.autumn.office.now = at or MOMENTS[stage]
        self.autumn.office.catalogue = CATALOGUE
        self.app.extensions["buckets"] = {name: Buckets(Rate(10_000, 0.001)) for name in self.app.extensions["buckets"]}

    def spoil(self, statement: str) -> None:
        """Break the database, until it is put back."""
        with closing(sqlite3.connect(self._path)) as file:
            file.execute(statement)

    def address_of(self, path: str) -> str:
        """A path whose braces name what the autumn has made: `/enrolment/{own[offered]}`."""
        return path.format_map(self.known)

    def _play(self) -> dict[str, Any]:
        """Play the autumn, keep each stage, and tell what stands in addresses."""
        autumn = self.autumn
        self._keep("empty")
        autumn.play()
        with self.database.write() as connection:
            unused = make_link(connection, "sign_in", ANNA, self.now, day("2026-12-24"))
        drain(self.service, MailboxSender(self.settings.data / "mailbox"))
        self._keep("now")
        known = self._known(unused)
        autumn.decide()
        self._keep("decided")
        self._restore("now")
        autumn.lapse()
        self._keep("lapsed")
        return known

    def _known(self, unused: str) -> dict[str, Any]:
        signer, autumn = self.service.signer, self.autumn
        deciding = {name: autumn.token(name, "decide") for name in autumn.numbers}
        with self.app.app_context():
            keys = {"anna": person_key(ANNA), "new": person_key(INVITED)}
        return {
            "number": autumn.numbers,
            "own": {name: signer.token("student", autumn.token(name)) for name in autumn.numbers},
            "decide": {name: signer.token("decide", one) for name, one in deciding.items() if one},
            "sign_in": signer.token("sign_in", unused),
            "key": keys,
            "change": autumn.changes(),
            "mail": min(int(one.stem) for one in (self.settings.data / "mailbox").glob("*.eml")),
        }

    def _keep(self, stage: Stage) -> None:
        now = MOMENTS[stage]
        with self.database.write() as connection:
            connection.execute(staff_session.delete())
            for email in PEOPLE:
                row = {"email": email, "created_at": now, "expires_at": day("2027-08-01")}
                connection.execute(staff_session.insert().values(token_digest=hashlib.sha256(email.encode()).hexdigest(), **row))
        self._stages[stage] = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(sqlite3.connect(self._path)) as file:
            file.backup(self._stages[stage])

    def _restore(self, stage: Stage) -> None:
        with closing(sqlite3.connect(self._path)) as file:
            self._stages[stage].backup(file)
