"""The rules that one offering can be held to by itself: its dates in order, its seats enough for its promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from course_catalogue.content_file import ContentFile
from course_catalogue.reader import Record


def check_offering(record: Record, zone: ZoneInfo, file: ContentFile) -> None:
    """Report every rule that the offering breaks. A value that could not be read is not judged."""
    if not record.broken("nonstop"):
        _check_kind(record, file)
    _check_clock_changes(record, zone, file)
    _check_order(record, file)
    _check_seats(record, file)


def _check_kind(record: Record, file: ContentFile) -> None:
    """A non-stop offering has no dates of its own; the others have both and no days to study."""
    if record.get("nonstop"):
        for key in ("starts_on", "ends_on", "minimum", "decided_on"):
            if key in record.keys:
                file.report("T410", record.keys[key], key=key)
        return
    for key in ("starts_on", "ends_on"):
        if key not in record.keys:
            file.report("T411", record.position, key=key)
    if "days" in record.keys:
        file.report("T412", record.keys["days"])


def _check_clock_changes(record: Record, zone: ZoneInfo, file: ContentFile) -> None:
    """Refuse a local time that the clocks skip in spring, and one that comes twice in autumn."""
    for key in ("enrolment_opens_at", "enrolment_closes_at"):
        local: datetime | None = record.get(key)
        if local is None:
            continue
        instant = local.replace(tzinfo=zone)
        if instant.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
            later = (local + timedelta(hours=1)).isoformat(timespec="minutes")
            file.report("T419", record.at(key), later, key=key, reason="skipped")
        elif instant.utcoffset() != instant.replace(fold=1).utcoffset():
            later = (local + timedelta(hours=1)).isoformat(timespec="minutes")
            file.report("T419", record.at(key), later, key=key, reason="twice")


def _check_order(record: Record, file: ContentFile) -> None:
    opens, closes = record.get("enrolment_opens_at"), record.get("enrolment_closes_at")
    starts, ends, decided = record.get("starts_on"), record.get("ends_on"), record.get("decided_on")
    if opens and closes and opens >= closes:
        file.report("T404", record.at("enrolment_closes_at"), starts=_shown(opens), ends=_shown(closes))
    if starts and ends and starts >= ends:
        file.report("T404", record.at("ends_on"), starts=str(starts), ends=str(ends))
    if closes and starts and closes.date() > starts:
        file.report("T405", record.at("enrolment_closes_at"), closes=_shown(closes), starts=str(starts))
    if decided and closes and decided < closes.date():
        file.report("T409", record.at("decided_on"), decided=str(decided), limit=_shown(closes), reason="before_close")
    if decided and starts and decided > starts:
        file.report("T409", record.at("decided_on"), decided=str(decided), limit=str(starts), reason="after_start")


def _shown(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _check_seats(record: Record, file: ContentFile) -> None:
    seats, minimum = record.get("seats"), record.get("minimum")
    if seats and minimum and minimum > seats:
        file.report("T407", record.at("minimum"), minimum=str(minimum), seats=str(seats))
    if not record.get("nonstop"):
        if "minimum" in record.keys and "decided_on" not in record.keys:
            file.report("T408", record.keys["minimum"], given="minimum", absent="decided_on")
        if "decided_on" in record.keys and not {"minimum", "reserved"} & record.keys.keys():
            file.report("T408", record.keys["decided_on"], given="decided_on", absent="minimum")
    reserved: Record | None = record.get("reserved")
    if reserved is None:
        return
    if not record.get("nonstop") and "decided_on" not in record.keys:
        file.report("T408", record.keys["reserved"], given="reserved", absent="decided_on")
    total = sum(reserved.values.values())
    if "seats" not in record.keys:
        file.report("T413", record.keys["reserved"])
    elif seats and total > seats:
        file.report("T414", record.at("reserved"), reserved=str(total), seats=str(seats))
