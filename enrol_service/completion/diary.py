"""The diary of a run in one act: what is entered of many students is saved, and those who are chosen are published.

Each student stands alone: one who is refused keeps nobody else from being saved, and leaves nothing half done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from course_catalogue.model import Catalogue
from enrol_service.completion.completion import write_draft
from enrol_service.completion.entry import Entry
from enrol_service.completion.publish import publish_each
from enrol_service.enrolment.participation import miss, start
from enrol_service.events import Actor
from enrol_service.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class DiaryRow:
    """What a form says of one student. An untouched entry stands as it was when the page was opened, and is not saved again."""

    enrolment_id: int
    entry: Entry
    touched: bool = True
    first_contact_on: date | None = None  # marked with this form
    missed: bool = False  # marked with this form: did not start


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a form."""

    saved: tuple[int, ...] = ()  # enrolments of which something was marked or saved
    published: tuple[int, ...] = ()
    refused: tuple[tuple[int, Refusal], ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.saved or self.published)


def write_diary(
    connection: Connection, catalogue: Catalogue, rows: Iterable[DiaryRow], chosen: frozenset[int], actor: Actor, now: datetime
) -> Written:
    """Save the rows, and publish those that are chosen. Call inside a write transaction.

    1. First contact and no show take effect at once, as everywhere else.
    2. What was touched becomes a draft.
    3. The chosen drafts are published in one act: see publish_each.
    """
    saved: list[int] = []
    refused: dict[int, Refusal] = {}
    to_publish: dict[int, str | None] = {}
    for row in rows:
        part = connection.begin_nested()
        try:
            changed = _save(connection, catalogue, row, actor, now)
            part.commit()
        except Refusal as refusal:
            part.rollback()
            refused[row.enrolment_id] = refusal
            continue
        if changed:
            saved.append(row.enrolment_id)
        if row.enrolment_id in chosen:
            to_publish[row.enrolment_id] = None if row.touched else row.entry.seen
    results: Mapping[int, bool | Refusal] = publish_each(connection, catalogue, to_publish, actor, now) if to_publish else {}
    refused |= {one: result for one, result in results.items() if isinstance(result, Refusal)}
    published = tuple(one for one, result in results.items() if result is True)
    return Written(tuple(saved), published, tuple(refused.items()))


def _save(connection: Connection, catalogue: Catalogue, row: DiaryRow, actor: Actor, now: datetime) -> bool:
    changed = False
    if row.first_contact_on is not None:
        changed = start(connection, catalogue, row.enrolment_id, row.first_contact_on, actor, now)
    if row.missed:
        return miss(connection, catalogue, row.enrolment_id, actor, now) or changed
    if row.touched:
        changed = write_draft(connection, catalogue, row.enrolment_id, row.entry, actor, now) or changed
    return changed
