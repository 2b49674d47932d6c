"""Every operation with every key: it opens with its own scope, in its own school, while its maker has the right, and with nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from enrol_service.permissions import ACTS
from enrol_service.school.accounts import grant
from enrol_service.school.role import ROLES
from enrol_service.school.token import SCOPES
from enrol_service.tables import api_token
from enrol_service.web.api.operation import OPERATIONS, PARAMETER, Operation
from tests.enrol_service.api.scene import BOSS, SCHOOL, Program, Scene, key_of, play, unlimited
from tests.enrol_service.cast import FY4, NOW, P3, PIA, Office
from tests.enrol_service.conftest import Watch

OPEN = {200, 404, 409, 410, 422}  # the key was let in; what was asked for may still be refused


@pytest.fixture
def scene(office: Office, app: Flask) -> Scene:
    unlimited(app)
    return play(office)


def asked(program: Program, made: Operation, scene: Scene) -> int:
    """Ask an operation about what is there, with a body or query that is never right; the status."""
    known = {
        "enrolment_id": scene.requested,
        "change_id": scene.change,
        "authorisation_id": scene.authorisation,
        "deputy_id": scene.deputy,
        "course_name": FY4.split("/")[1],
        "offering_id": P3,
    }
    path = PARAMETER.sub(lambda match: str(known[match[1]]), made.path)
    headers = {**program.headers, "Idempotency-Key": "?"}  # a key that is none: let in, and nothing is done
    return program.client.open(f"/api{path}", method=made.method, headers=headers, json={} if made.method == "POST" else None).status_code


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_with_one_scope_opens_that_scope_alone(app: Flask, office: Office, scene: Scene, scope: str) -> None:
    program = Program(app, key_of(office.database, [scope]))
    wrong = []
    for made in OPERATIONS.values():
        status = asked(program, made, scene)
        if (status in OPEN | {400}) is not (made.act == scope) or status >= 500:
            wrong.append(f"{made.name}: {status}")
    assert wrong == []


def ways_of_being_out(app: Flask, office: Office, watch: Watch) -> Iterator[tuple[str, Program, int]]:
    """A key that does not open, and the status with which it is told so."""
    yield "none", Program(app, ""), 401
    yield "never made", Program(app, "tarjotin_" + "x" * 43), 401
    yield "not a key", Program(app, "x" * 5000), 401
    ended = key_of(office.database)
    with office.database.write() as connection:
        connection.execute(api_token.update().values(ended_at=NOW))
    yield "ended", Program(app, ended), 401
    expired = key_of(office.database, now=NOW - timedelta(days=90))
    yield "expired", Program(app, expired), 401
    teacher = key_of(office.database, sorted(SCOPES))
    with office.database.write() as connection:
        grant(connection, BOSS, SCHOOL, "Kaikki Osaava", "fi", ["office"], NOW)
    yield "lost the role", Program(app, teacher), 403
    with office.database.write() as connection:
        grant(connection, BOSS, SCHOOL, "Kaikki Osaava", "fi", [], NOW)
    yield "left the school", Program(app, teacher), 401


def test_a_key_that_is_out_opens_nothing(app: Flask, office: Office, scene: Scene, watch: Watch) -> None:
    wrong = []
    for why, program, expected in ways_of_being_out(app, office, watch):
        for made in OPERATIONS.values():
            if expected == 403 and "office" in ACTS[made.act].roles:
                continue
            status = asked(program, made, scene)
            if status != expected:
                wrong.append(f"{why}: {made.name}: {status}")
    assert wrong == []


def test_another_school_s_key_finds_nothing_of_ours(app: Flask, office: Office, scene: Scene) -> None:
    """What is another's and what does not exist give the same answer."""
    with office.database.write() as connection:
        grant(connection, PIA, "rantakyla", "Pia Ranta", "fi", ROLES, NOW)
    program = Program(app, key_of(office.database, SCOPES, PIA, "rantakyla"))
    for made in OPERATIONS.values():
        if not PARAMETER.search(made.path):
            continue
        found = asked(program, made, scene)
        assert found in ({404} if made.method == "GET" else {400, 404, 422}), made.name
    for path in ("/requests/{}", "/students/{}", "/completions/{}"):
        theirs, none = (program.get(path.format(one)) for one in (scene.requested, 999_999))
        assert _bare(theirs.get_data(as_text=True)) == _bare(none.get_data(as_text=True))
        assert theirs.status_code == 404
    for path in (f"/requests/{scene.requested}/give", f"/changes/{scene.change}/take-back"):
        assert program.post(path).status_code == 404
    assert program.post(f"/students/{scene.placed}/withdraw", {"price_cents": 0}).status_code == 404
    for path in (f"/authorisations/{scene.authorisation}/end", f"/people/deputies/{scene.deputy}/end"):
        assert program.post(path).status_code == 404
    assert program.get("/offerings").json == {"offerings": []}


def _bare(text: str) -> str:
    """Without the request's own number."""
    return re.sub(r'"number":"[0-9a-f]+"', "", text)
