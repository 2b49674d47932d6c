"""All schools: those of the content, and the guest schools that the database knows. To the rules a guest is a school like any other."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, func, select

from course_catalogue.model import Catalogue, School, SchoolId, Source, Text
from enrol_service.tables import guest_school

GUEST, APPLICANT = "guest", "guest-applicant"  # kinds of school that no content file can have
Stamp = tuple[int, object]  # how many guest schools there are, and when one last changed


def guests_stamp(connection: Connection) -> Stamp:
    """What differs whenever a guest school has come or changed."""
    count, changed_at = connection.execute(select(func.count(), func.max(guest_school.c.changed_at))).one()
    return int(count), changed_at


def with_guests(connection: Connection, catalogue: Catalogue) -> Catalogue:
    """The catalogue with the guest schools that have applied or been admitted; they are no members, so they pay the outside price."""
    rows = connection.execute(guest_school.select().where(guest_school.c.state != "refused").order_by(guest_school.c.id))
    guests: dict[SchoolId, School] = {
        row.school_id: School(
            id=row.school_id,
            name=Text(row.language, {row.language: row.name}),
            kind=GUEST if row.state == "admitted" else APPLICANT,
            language=row.language,
            place=row.place,
            provider=row.name,
            business_id=row.business_id,
            website=None,
            description=None,
            periods=(),
            contacts=(),  # its people have rows of `account`
            source=Source("guest_school"),
        )
        for row in rows
    }
    return replace(catalogue, schools={**catalogue.schools, **guests}) if guests else catalogue


def without_applicants(catalogue: Catalogue) -> Catalogue:
    """The catalogue for lists that anybody reads: a name that anybody can type is not shown before the network has admitted it."""
    return replace(catalogue, schools={key: school for key, school in catalogue.schools.items() if school.kind != APPLICANT})
