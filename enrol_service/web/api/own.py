"""What is the school's own: how operations find rows for a key, so that another school's and none at all are the same NotFound."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, select

from enrol_service import tables
from enrol_service.enrolment.enrolments import Commitment, Enrolment, pairs
from enrol_service.enrolment.participant import has_had_seat
from enrol_service.refusals.run import RunOff
from enrol_service.refusals.web import NotFound
from enrol_service.speech import Speech
from enrol_service.web.api.operation import MOST_AT_ONCE, Call, Given, Number, Told
from enrol_service.web.offering.own_run import OwnRun, own_run
from enrol_service.web.page import here


class Page(Given):
    """A part of a long list. `after`: the `next` of the part before."""

    after: Number = 0
    limit: int = Field(100, ge=1, le=MOST_AT_ONCE)


class Changed(Told):
    """`changed`: this call did it. False: it had been done before, or there was nothing to do."""

    changed: bool


def page_of(call: Call, page: Page, *conditions: Any) -> tuple[tuple[tuple[Enrolment, Commitment], ...], int | None]:
    """A part of the enrolments for which the conditions hold, and the number after which the next part begins."""
    one = tables.enrolment.c.id
    both = select(one).join_from(tables.enrolment, tables.commitment)
    wanted = both.where(*conditions, one > page.after).order_by(one).limit(page.limit + 1)
    ids = list(call.connection.execute(wanted).scalars())
    more = len(ids) > page.limit
    found = pairs(call.connection, one.in_(ids[: page.limit])) if ids else ()
    return found, ids[page.limit - 1] if more else None


def own_student(call: Call, enrolment_id: int) -> tuple[Enrolment, Commitment]:
    """An enrolment of the school's own student. Refuses with NotFound."""
    found = pairs(call.connection, tables.enrolment.c.home_school_id == call.school_id, tables.enrolment.c.id == enrolment_id)
    if not found:
        raise NotFound
    return found[0]


def run_for(call: Call, course_name: str, offering_id: str) -> OwnRun:
    """A run of the school that the maker of the key sees. Refuses with NotFound."""
    return own_run(call.connection, call.act, call.school_id, course_name, offering_id, call.caller.person)


def run_to_act_on(call: Call, course_name: str, offering_id: str) -> OwnRun:
    """The same, while something may still be done on it. Refuses with NotFound and RunOff."""
    run = run_for(call, course_name, offering_id)
    if run.is_off:
        raise RunOff
    return run


def participants_of(call: Call, run: OwnRun, enrolment_ids: list[int], *conditions: ColumnElement[bool]) -> dict[int, Enrolment]:
    """Students of a run who have, or have had, a confirmed seat. Refuses with NotFound when one of them is none."""
    one = tables.enrolment.c
    found = pairs(call.connection, *run.condition, one.id.in_(sorted(set(enrolment_ids))), has_had_seat(), *conditions)
    if len(found) != len(set(enrolment_ids)):
        raise NotFound
    return {enrolment.id: enrolment for enrolment, _ in found}


def number_of(enrolment: Enrolment) -> str:
    """What people say to each other: T-2026-00184."""
    return enrolment.number(here().catalogue.network.time_zone)


def school_speech(call: Call) -> Speech:
    """The words of the school, the same in every call of its keys."""
    at = here()
    school = at.catalogue.schools.get(call.school_id)
    return at.loaded.speech[at.loaded.language(school.language if school else "")]
