"""The network at a glance: what waits for its coordinator, its schools, what people have done, and mail that did not arrive."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue, School
from enrol_service.enrolment.enrolments import numbers_of
from enrol_service.journal import Entry, journal, undelivered
from enrol_service.refusals.base import sentence
from enrol_service.school.accounts import people_with
from enrol_service.school.guest import guest_schools, is_guest
from enrol_service.school.role import ANY
from enrol_service.tables import enrolment, guest_school
from enrol_service.web.access import staff
from enrol_service.web.entry_view import entry_views
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.table import Choice, Column, table_view

pages = Blueprint("network", __name__)

KINDS = {"member": sentence("Member"), "outside": sentence("Outside school"), "guest": sentence("Guest school")}


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school with its people, and how many students it has sent and received this far."""

    school: School
    name: str
    kind: str  # member, outside, guest
    people: tuple[str, ...]
    sent: int
    received: int


@pages.get("/staff/network")
@staff("see_network")
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        waiting = guest_schools(connection, guest_school.c.state == "applied")
        schools = school_rows(connection, here().catalogue)
        lately = entry_views(connection, journal(connection, limit=10), here().speech)
        failed = undelivered(connection)
    return page("network/network.html", waiting=waiting, schools=schools, lately=lately, failed=failed, nav_current="network")


@pages.get("/staff/network/schools")
@staff("see_network")
def show_schools() -> ResponseReturnValue:
    private(STAFF_PAGE)
    speech = here().speech
    columns = (
        Column[SchoolRow]("name", sentence("School"), lambda row: row.name, searched=True),
        Column[SchoolRow]("place", sentence("Place"), lambda row: row.school.place, searched=True),
        Column[SchoolRow]("kind", sentence("Kind"), lambda row: row.kind),
        Column[SchoolRow]("people", sentence("People"), lambda row: ", ".join(row.people), searched=True),
        Column[SchoolRow]("sent", sentence("Own students on courses"), lambda row: row.sent, number=True),
        Column[SchoolRow]("received", sentence("Students on its courses"), lambda row: row.received, number=True),
    )
    kinds = Choice[SchoolRow]("kind", sentence("Kind"), lambda row: row.kind, {key: speech.gettext(word) for key, word in KINDS.items()})
    with service().database.read() as connection:
        rows = school_rows(connection, here().catalogue)
    table = table_view(rows, columns, request.args, choices=(kinds,))
    return page("network/schools.html", table=table, kinds=kinds.words, nav_current="network")


@pages.get("/staff/network/events")
@staff("see_network")
def show_events() -> ResponseReturnValue:
    """Fifty at a time, newest first; `before` is the number of the oldest one seen."""
    private(STAFF_PAGE)
    before, school_id = request.args.get("before", ""), request.args.get("school", "")
    known = school_id if school_id in here().catalogue.schools else ""
    with service().database.read() as connection:
        entries = journal(connection, before=before, school_id=known)
        shown = entry_views(connection, entries, here().speech)
    schools = sorted(((one.id, one.name.to(here().language)) for one in here().catalogue.schools.values()), key=lambda pair: pair[1])
    return page(
        "network/events.html",
        entries=shown,
        schools=schools,
        school_id=known,
        older=older_than(entries),
        nav_current="network",
    )


@pages.get("/staff/network/mail")
@staff("see_network")
def show_mail() -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        failed = undelivered(connection)
        numbers = numbers_of(connection, {one.enrolment_id or 0 for one in failed}, here().catalogue.network.time_zone)
    return page("network/mail.html", failed=failed, numbers=numbers, nav_current="network")


def older_than(entries: tuple[Entry, ...]) -> str:
    """What `before` is on the next page; empty when this is the last one."""
    return entries[-1].mark if len(entries) == 50 else ""


def school_rows(connection: Connection, catalogue: Catalogue) -> list[SchoolRow]:
    at = here()
    members = {school_id for agreement in catalogue.agreements.values() for school_id in agreement.members}
    columns = (enrolment.c.home_school_id, enrolment.c.offering_school_id)
    pairs = connection.execute(select(*columns).where(enrolment.c.state.in_(("placed", "active", "completed", "failed")))).all()
    sent, received = Counter(row[0] for row in pairs), Counter(row[1] for row in pairs)
    return [
        SchoolRow(
            school=school,
            name=school.name.to(at.language),
            kind="guest" if is_guest(school) else "member" if school.id in members else "outside",
            people=tuple(dict.fromkeys(one.name for one in people_with(connection, catalogue, ANY, school.id, at.now))),
            sent=sent[school.id],
            received=received[school.id],
        )
        for school in sorted(catalogue.schools.values(), key=lambda one: one.name.to(at.language))
    ]
