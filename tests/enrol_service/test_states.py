"""The tables of steps, and what must agree with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint

from enrol_service.database import Database
from enrol_service.permissions_document import permissions_document
from enrol_service.refusals.base import IllegalStep
from enrol_service.school.role import NETWORK_COORDINATOR, ROLES
from enrol_service.states import COMMITMENT, COMMITMENT_LIVE, ENROLMENT, HOLDS_SEAT, LIVE, StepTable
from enrol_service.states_document import states_document
from enrol_service.tables import ACTOR_KINDS, metadata

ROOT = Path(__file__).resolve().parent.parent.parent
EVERY = [(table, state, step) for table in (ENROLMENT, COMMITMENT) for state in table.steps for step in table.names()]


@pytest.mark.parametrize(("table", "state", "step"), EVERY, ids=lambda one: getattr(one, "noun", one))
def test_a_step_is_taken_as_the_table_says_or_refused_with_a_sentence(table: StepTable, state: str, step: str) -> None:
    """By every kind of actor in every single role, and without one."""
    found = table.steps[state].get(step)
    article = {"enrolment": "an", "commitment": "a"}[table.noun]
    for actor in ACTOR_KINDS:
        needed = found.by.get(actor) if found is not None else None
        for roles in (frozenset(), *(frozenset({role}) for role in (*ROLES, NETWORK_COORDINATOR))):
            if found is not None and needed is not None and (needed == frozenset() or needed & roles):
                assert table.after(state, step, actor, roles) == found.to
                continue
            with pytest.raises(IllegalStep) as refused:
                table.after(state, step, actor, roles)
            assert str(refused.value) == f"{actor} cannot {step} {article} {table.noun} that is {state}"


def test_schools_act_in_a_role_and_nobody_else_has_one() -> None:
    for table in (ENROLMENT, COMMITMENT):
        for step in (step for steps in table.steps.values() for step in steps.values()):
            for kind, roles in step.by.items():
                assert bool(roles) == (kind in ("home_school", "offering_school"))


@pytest.mark.parametrize("table", [ENROLMENT, COMMITMENT], ids=lambda one: one.noun)
def test_every_step_leads_to_a_state_of_the_table_and_every_state_can_be_reached(table: StepTable) -> None:
    reached = {step.to for steps in table.steps.values() for step in steps.values()}
    assert reached == set(table.states)


def test_the_sets_of_states_are_of_the_table() -> None:
    assert set(ENROLMENT.states) > LIVE > HOLDS_SEAT
    assert set(COMMITMENT.states) > COMMITMENT_LIVE


def test_nobody_leaves_a_last_state() -> None:
    for state in ("refused", "expired", "withdrawn", "cancelled"):
        assert ENROLMENT.steps[state] == {}


def test_the_page_about_the_steps_is_as_the_tables_are() -> None:
    assert (ROOT / "docs" / "states.md").read_text(encoding="utf-8") == states_document(), (
        "stale; run: python -m enrol_service states > docs/states.md"
    )


def test_the_page_about_permissions_is_as_the_tables_are() -> None:
    assert (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8") == permissions_document(), (
        "stale; run: python -m enrol_service permissions > docs/permissions.md"
    )


def test_the_migrations_make_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {"target_metadata": metadata, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_the_migrations_make_the_checks(database: Database) -> None:
    """SQLite tells a comparison nothing about checks, so their text is looked for in what was made."""
    with database.engine.connect() as connection:
        made = " ".join(row[0] for row in connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table'"))
    for table in metadata.tables.values():
        for one in table.constraints:
            if isinstance(one, CheckConstraint):
                assert f"CONSTRAINT {one.name} CHECK ({one.sqltext})" in made
