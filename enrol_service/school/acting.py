"""Whoever acts for a school: the actor that steps are taken by, and the journal of acts that are no steps."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from course_catalogue.model import SchoolId
from enrol_service.events import Actor
from enrol_service.permissions import ACTS, ActName
from enrol_service.refusals.web import NotYours
from enrol_service.school.accounts import NETWORK, Staff, account_number
from enrol_service.tables import act as act_table


def actor_for(
    connection: Connection, person: Staff, act: ActName, school_id: SchoolId, now: datetime, token_id: int | None = None
) -> Actor:
    """The person as steps know them. Refuses with NotYours when they may not do the act for the school. Call inside a write transaction."""
    if not person.may(act, school_id):
        raise NotYours
    kind: Literal["home_school", "offering_school"] = "offering_school" if ACTS[act].side == "offering_school" else "home_school"
    return Actor(kind, account_number(connection, person, school_id, now), person.roles_in(school_id), token_id, school_id)


def record_act(connection: Connection, name: ActName, school_id: SchoolId, actor: Actor | None, now: datetime, **facts: object) -> None:
    """Write an act that is no step of an enrolment into the journal. `facts` hold nothing personal; no actor is the service.

    Refuses with NotYours a person who acts for another school; the network looks after the people of every school.
    """
    if actor is not None and actor.school_id not in (None, school_id, NETWORK):
        raise NotYours
    connection.execute(
        act_table.insert().values(
            at=now,
            name=name,
            school_id=school_id,
            account_id=actor.account_id if actor else None,
            token_id=actor.token_id if actor else None,
            facts=facts,
        )
    )
