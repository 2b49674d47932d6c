"""Kuusikko in the middle of an autumn, at home and as a host, with something in every state that the API can meet; and its keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask

from enrol_service.completion.answer import query
from enrol_service.database import Database
from enrol_service.enrolment.authorisation import Terms, authorise
from enrol_service.permissions import ActName
from enrol_service.school.accounts import grant, staff_of
from enrol_service.school.acting import actor_for
from enrol_service.school.people import name_deputy
from enrol_service.school.role import ROLES
from enrol_service.school.token import SCOPES, make_token
from enrol_service.tables import change
from enrol_service.web.traffic import Buckets, Rate
from tests.enrol_service.cast import ANNA, CAMILLA, CATALOGUE, FY4, NOW, P3, P4, SARI, Office, form, prices, with_offering

SCHOOL = "kuusikko"
BOSS = "kaikki@kuusikko.example"  # every role in Kuusikko
FY1, FY1_RUN = "strand/fy1-fysik", P3
PROTECTED = "Salla Piilo"  # of Strand, on Kuusikko's course
HIDDEN = (PROTECTED, "salla.piilo@strand.example", "040 1234567", "Strands gymnasium")


@dataclass(frozen=True, slots=True)
class Scene:
    """Numbers of rows by what they are."""

    requested: int
    placed: int
    graded: int
    protected: int
    participant: int
    queued: int
    change: int
    asked_of_us: int
    authorisation: int
    deputy: int
    completion: int
    strangers: int  # an enrolment with which Kuusikko has nothing to do


def play(office: Office) -> Scene:
    """One of everything."""
    with office.database.write() as connection:
        grant(connection, BOSS, SCHOOL, "Kaikki Osaava", "fi", ROLES, NOW)
        boss = staff_of(connection, CATALOGUE, BOSS, NOW)
        assert boss is not None
        payer = actor_for(connection, boss, "authorise", SCHOOL, NOW)
        authorisation = authorise(connection, SCHOOL, Terms(1500, "EUR", 2, date(2026, 11, 1), date(2027, 5, 31)), payer, NOW)
        keeper = actor_for(connection, boss, "manage_people", SCHOOL, NOW)
        days = (date(2026, 11, 20), date(2026, 12, 20))
        name_deputy(connection, CATALOGUE, SCHOOL, ANNA, "sijainen@kuusikko.example", "Sija Inen", "fi", *days, keeper, NOW)
    requested, placed, graded = (office.enrol(_ours(f"oma{number}@kuusikko.example")) for number in range(3))
    for one in (placed, graded):
        office.give(one, ANNA)
    with office.database.write() as connection:
        strand = staff_of(connection, CATALOGUE, CAMILLA, NOW)
        assert strand is not None
        actor_for(connection, strand, "grade", "strand", NOW)
    _graded(office, FY1, graded, CAMILLA)
    asked_by_us = _asked(office, placed)
    protected = office.enrol(form(name=PROTECTED, email="salla.piilo@strand.example", protected=True))
    participant = office.enrol(form(email="veeti@strand.example"))
    for one in (protected, participant):
        office.give(one)
    office.start(participant, "2026-11-23")
    _graded(office, FY4, participant, SARI)
    completion = office.completion(participant).id
    with office.database.write() as connection:
        assert strand is not None
        asker = actor_for(connection, strand, "answer_completions", "strand", NOW)
        query(connection, CATALOGUE, completion, "Miksi kahdeksan?", asker, NOW)
    asked_of_us = office.ask_change(protected, "move", to_offering_id=P4)
    line = [office.enrol(form(email=f"jono{number}@strand.example", offering_id=P4)) for number in range(4)]
    office.send("Tervetuloa", "Kurssi alkaa.", [participant])
    strangers = office.enrol(
        form(course_id=FY1, offering_id=FY1_RUN, school_id="rantakyla", email="vieras@rantakyla.example", prices_shown=prices(FY1))
    )
    return Scene(
        requested, placed, graded, protected, participant, line[-1], asked_by_us, asked_of_us, authorisation, 1, completion, strangers
    )


def _ours(email: str) -> Any:
    return form(course_id=FY1, offering_id=FY1_RUN, school_id=SCHOOL, email=email, prices_shown=prices(FY1))


def _graded(office: Office, course_id: str, enrolment_id: int, email: str) -> None:
    """Publish a grade on a run that has begun today; nobody is graded before."""
    office.catalogue = with_offering(CATALOGUE, course_id, P3, starts_on=NOW.date())
    office.grade(enrolment_id, email=email)
    office.catalogue = CATALOGUE


def _asked(office: Office, enrolment_id: int) -> int:
    """A late change that has been asked: of this course nothing can be, today."""
    about = {"kind": "leave_free", "state": "asked", "text": "Muuttaa.", "asked_at": NOW, "asked_by_kind": "home_school"}
    with office.database.write() as connection:
        return int(connection.execute(change.insert().values(enrolment_id=enrolment_id, **about).returning(change.c.id)).scalar_one())


def key_of(database: Database, scopes: Iterable[ActName] = SCOPES, email: str = BOSS, school_id: str = SCHOOL, now: datetime = NOW) -> str:
    """A new key of a person. Of the scopes, those that the person has."""
    with database.write() as connection:
        person = staff_of(connection, CATALOGUE, email, now)
        assert person is not None
        mine = [one for one in scopes if person.may(one, school_id)]
        return make_token(connection, person, school_id, "Primus", mine, 90, now)


class Program:
    """A program with a key."""

    def __init__(self, app: Flask, key: str, language: str = "en") -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}

    def get(self, path: str) -> Any:
        return self.client.get(f"/api{path}", headers=self.headers)

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api{path}", json=body if body is not None else {}, headers={**self.headers, **named})


def unlimited(app: Flask) -> None:
    """Let tests ask as often as they like."""
    app.extensions["buckets"] = {name: Buckets(Rate(1_000_000, 0.0001)) for name in app.extensions["buckets"]}
