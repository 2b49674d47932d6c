"""Every route for every role: it opens exactly for those whom permissions.ACTS names. A new route is covered by being there.

Ways of being refused: nobody is led to the sign-in, somebody without the act is told so (403), and what belongs to another
school is not there (404).
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from enrol_service.database import Database, open_database
from enrol_service.holder import Holder
from enrol_service.links import Signer
from enrol_service.permissions import ACTS, ActName
from enrol_service.refusals.web import NotYours
from enrol_service.school.accounts import grant
from enrol_service.school.role import NETWORK_COORDINATOR, ROLES
from enrol_service.service import Service
from enrol_service.settings import Settings
from enrol_service.tables import deputy, metadata, staff_session
from enrol_service.web.access import Access, access_of
from enrol_service.web.school.people_page import person_key
from enrol_service.web.traffic import Buckets, Rate
from tests.enrol_service.apps import app_over
from tests.enrol_service.cast import FY4, NOW, P3, SMALL, Office, form
from tests.enrol_service.conftest import Watch

SCHOOL = "kuusikko"
# Who asks → their roles, all in Kuusikko but for the last ones.
PEOPLE: dict[str, frozenset[str]] = {
    **{role: frozenset({role}) for role in ROLES},
    "deputy": frozenset({"contact_person"}),
    "stranger": frozenset(ROLES),  # of Rantakylä, with every role
    "network": frozenset({NETWORK_COORDINATOR}),
    "nobody": frozenset(),
}
# A parameter that no row has a number for → what is Kuusikko's.
PARAMETERS = {"school_id": SCHOOL, "course_name": FY4.split("/")[1], "course_id": FY4, "offering_id": P3, "token": "x" * 38}
SAME = {"Sec-Fetch-Site": "same-origin"}


class World:
    """The application with its people and some rows of Kuusikko's, put back to how it was after each request."""

    def __init__(self, path: Path, app: Flask, database: Database, refusal: str) -> None:
        self.app = app
        self.database = database
        self.refusal = refusal
        self._path = path
        self._kept = sqlite3.connect(":memory:")
        with sqlite3.connect(path) as file:
            file.backup(self._kept)
        self.rows = self._first_rows()

    def ask(self, who: str, method: str, address: str) -> TestResponse:
        client = self.app.test_client()
        client.set_cookie("tarjotin", who)
        answer = client.open(address, method=method, headers=SAME)
        if method != "GET":
            with sqlite3.connect(self._path) as file:
                self._kept.backup(file)
        return answer

    def outcome(self, who: str, method: str, address: str) -> str:
        """`sign-in`, `refused`, `absent`, `unread` (the empty form is no request) or `open`; what breaks is said by its number."""
        answer = self.ask(who, method, address)
        if answer.headers.get("Location", "").endswith("/staff/sign-in") or b'href="/staff/sign-in" target="_blank"' in answer.data:
            return "sign-in"
        if answer.status_code == 403 and self.refusal in answer.get_data(as_text=True):
            return "refused"
        if answer.status_code == 404:
            return "absent"
        if answer.status_code == 400:
            return "unread"
        return "open" if answer.status_code < 500 else str(answer.status_code)

    def address(self, rule: Rule) -> str:
        """The rule with its parameters filled: by the rows there are, else by what is Kuusikko's."""
        with self.app.test_request_context():
            known = {**PARAMETERS, "key": person_key("teacher@one.example"), **self.rows}
            parts = {name: known.get(name, 1 if _is_number(rule, name) else "x") for name in rule.arguments - set(rule.defaults or ())}
            return f"{self.app.url_map.bind('localhost').build(rule.endpoint, parts)}?school={SCHOOL}"

    def _first_rows(self) -> dict[str, int]:
        with self.database.read() as connection:
            tables = {name: table for name, table in metadata.tables.items() if "id" in table.c and name != "link"}
            found = {f"{name}_id": connection.execute(select(func.min(table.c.id))).scalar() for name, table in tables.items()}
        return {name: number for name, number in found.items() if isinstance(number, int)}


def _is_number(rule: Rule, name: str) -> bool:
    return type(rule._converters.get(name)).__name__ == "Number"


@pytest.fixture(scope="module")
def world(empty_database: Path, tmp_path_factory: pytest.TempPathFactory, holder: Holder) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("matrix")
    path = folder / "tarjotin.db"
    shutil.copy(empty_database, path)
    database = open_database(f"sqlite:///{path}")
    _fill(database)
    settings = Settings(
        development=True,
        content=SMALL,
        site=folder,
        data=folder,
        service_url="http://localhost",
        secret=b"a secret of the tests, long enough to be one",
        database_url=f"sqlite:///{path}",
    )
    app = app_over(Service(settings, database, holder, Signer(settings.secret), Watch()))
    app.extensions["buckets"] = {name: Buckets(Rate(10_000, 0.001)) for name in app.extensions["buckets"]}
    yield World(path, app, database, holder.current.speech["fi"].say(NotYours()))
    database.close()


def _fill(database: Database) -> None:
    """One person of each kind with a session, and an enrolment that Kuusikko decides on and one that it teaches."""
    office = Office(database)
    office.enrol(form(course_id="strand/fy1-fysik", school_id=SCHOOL, email="own@kuusikko.example"))
    office.enrol(form(email="other@strand.example"))
    emails = {role: f"{role}@one.example" for role in ROLES}
    emails |= {"deputy": "deputy@one.example", "stranger": "stranger@one.example", "network": "verkosto@pikku.example"}
    with database.write() as connection:
        for role in ROLES:
            grant(connection, emails[role], SCHOOL, role, "fi", [role], NOW)
        grant(connection, emails["stranger"], "rantakyla", "Stranger", "fi", ROLES, NOW)
        days = {"from_on": NOW.date(), "until_on": NOW.date() + timedelta(days=7)}
        about = {"school_id": SCHOOL, "email": emails["contact_person"], "created_at": NOW, "created_by_id": 1, "language": "fi"}
        connection.execute(deputy.insert().values(deputy_email=emails["deputy"], deputy_name="Deputy", **about, **days))
        for who, email in emails.items():
            digest = hashlib.sha256(who.encode()).hexdigest()
            row = {"email": email, "created_at": NOW, "expires_at": NOW + timedelta(hours=12)}
            connection.execute(staff_session.insert().values(token_digest=digest, **row))


def routes(world: World, *, guarded: bool) -> Iterator[tuple[Rule, str, Access]]:
    """Every rule of the network's first language with each of its methods."""
    for rule in world.app.url_map.iter_rules():
        access = access_of(world.app.view_functions[rule.endpoint])
        assert access is not None, rule.rule
        if rule.rule.startswith(("/sv/", "/en/", "/api/")) or bool(access.acts) is not guarded:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, access


def may(who: str, acts: tuple[ActName, ...]) -> bool:
    """What the table says: one of the acts is for one of the roles, and it is the network's for the network alone."""
    return any(ACTS[act].roles & PEOPLE[who] and (ACTS[act].side == "network") == (who == "network") for act in acts)


@pytest.mark.parametrize("who", PEOPLE)
def test_a_guarded_route_opens_exactly_for_those_whom_the_table_names(world: World, who: str) -> None:
    wrong = []
    for rule, method, access in routes(world, guarded=True):
        outcome = world.outcome(who, method, world.address(rule))
        if who == "nobody":
            allowed = {"sign-in"}
        elif not may(who, access.acts):
            allowed = {"refused"}
        elif who == "stranger" and _is_of_a_school(rule):
            allowed = {"absent", "unread"}
        else:
            allowed = {"open", "absent", "unread"}
        if outcome not in allowed:
            wrong.append(f"{method} {rule.rule} {access.acts}: {outcome} for {who}, not {' or '.join(sorted(allowed))}")
    assert "\n".join(wrong) == ""


def test_what_is_the_school_s_own_is_there(world: World) -> None:
    """A matrix in which everything is absent would pass: at least every page without a row of its own opens for somebody."""
    closed = []
    for rule, method, access in routes(world, guarded=True):
        if method == "GET" and not [name for name in rule.arguments if name not in PARAMETERS]:
            people = [who for who in PEOPLE if who != "nobody" and may(who, access.acts)]
            if not any(world.outcome(who, method, world.address(rule)) == "open" for who in people):
                closed.append(rule.rule)
    assert closed == []


def test_a_public_route_answers_everybody_alike(world: World) -> None:
    wrong = []
    for rule, method, _ in routes(world, guarded=False):
        address = world.address(rule)
        answers = {who: world.ask(who, method, address).status_code for who in PEOPLE}
        if len(set(answers.values())) > 1 or max(answers.values()) >= 500:
            wrong.append(f"{method} {rule.rule}: {answers}")
    assert "\n".join(wrong) == ""


def _is_of_a_school(rule: Rule) -> bool:
    """Whether the address names a school or a row of one; the network's own rows are another matter."""
    return any(name.endswith("_id") or name in ("course_name", "key") for name in rule.arguments)
