"""The journal of a school: what people have done for it beside the steps of enrolments, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from course_catalogue.model import Catalogue, SchoolId
from enrol_service.permissions import ActName
from enrol_service.school.accounts import name_of, own_membership
from enrol_service.tables import act, deputy


@dataclass(frozen=True, slots=True)
class DoneAct:
    """One act. `by`: the person's name, none for the service; `about`: whom it concerned; `stood_in_for`: of a deputy."""

    at: datetime
    by: str | None
    name: ActName
    facts: Mapping[str, object]
    about: str | None = None
    stood_in_for: str | None = None
    days: tuple[date, date] | None = None


def latest_acts(connection: Connection, catalogue: Catalogue, school_id: SchoolId, most: int) -> tuple[DoneAct, ...]:
    rows = connection.execute(act.select().where(act.c.school_id == school_id).order_by(act.c.id.desc()).limit(most)).all()
    return tuple(_done(connection, catalogue, row.at, name_of(connection, row.account_id), row.name, row.facts) for row in rows)


def _done(
    connection: Connection, catalogue: Catalogue, at: datetime, by: str | None, name: ActName, facts: Mapping[str, object]
) -> DoneAct:
    if isinstance(who := facts.get("who"), int):
        return DoneAct(at, by, name, facts, name_of(connection, who))
    if isinstance(number := facts.get("deputy"), int):
        row = connection.execute(deputy.select().where(deputy.c.id == number)).one()
        lent = own_membership(connection, catalogue, row.email, row.school_id)
        return DoneAct(at, by, name, facts, row.deputy_name, lent.name if lent else row.email, (row.from_on, row.until_on))
    return DoneAct(at, by, name, facts)
