"""schools/<school>.yaml → School."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from course_catalogue.content_file import ContentFile
from course_catalogue.field import definition
from course_catalogue.known import Known
from course_catalogue.model import Contact, Language, Period, School, SchoolId, Source
from course_catalogue.reader import Record, read_record
from course_catalogue.text_value import text_of

LONGEST = timedelta(days=200)  # of a period, and of the break before it; more is a slip in a year or a month


def read_school(file: ContentFile, known: Known, *, offers: bool) -> School | None:
    """The school, or None when the file has an error. `offers`: the school has courses, so it needs a coordinator."""
    record = read_record(definition("school"), file.text, 1, file, known)
    if record is None:
        return None
    _check_roles(record, file, offers)
    _check_periods(record.get("periods", ()), file)
    return None if file.errors else _school(record, school_id_of(file.path), known.languages, file.path)


def school_id_of(path: str) -> SchoolId:
    return path.removeprefix("schools/").removesuffix(".yaml")


def _check_roles(record: Record, file: ContentFile, offers: bool) -> None:
    if "contacts" not in record.values:
        return
    held = {role for contact in record.values["contacts"] for role in contact.get("roles", ())}
    if any(not contact.whole("roles") for contact in record.values["contacts"]):
        return
    for role in ("contact_person", "payer", *(["coordinator"] if offers else [])):
        if role not in held:
            file.report("T601", record.keys["contacts"], None, role=role, reason=role)


def _check_periods(periods: tuple[Record, ...], file: ContentFile) -> None:
    """Periods come one after the other, and neither a period nor a break lasts longer than it can."""
    for one in periods:
        starts, ends = one.get("starts_on"), one.get("ends_on")
        if starts and ends and starts >= ends:
            file.report("T404", one.at("ends_on"), starts=str(starts), ends=str(ends))
        elif starts and ends and ends - starts > LONGEST:
            file.report("T605", one.at("ends_on"), starts=str(starts), ends=str(ends), reason="period")
    for before, after in pairwise(periods):
        ended, starts = before.get("ends_on"), after.get("starts_on")
        if ended and starts and starts <= ended:
            file.report("T604", after.at("starts_on"), starts=str(starts), before=str(ended))
        elif ended and starts and starts - ended > LONGEST:
            file.report("T605", after.at("starts_on"), starts=str(ended), ends=str(starts), reason="break")


def _school(record: Record, school_id: str, languages: tuple[Language, ...], path: str) -> School:
    values = record.values
    return School(
        id=school_id,
        name=text_of(values["name"], values["language"], languages),
        kind=values["kind"],
        language=values["language"],
        place=values["place"],
        provider=values["provider"],
        business_id=values["business_id"],
        website=values.get("website"),
        description=text_of(values["description"], values["language"], languages) if "description" in values else None,
        periods=tuple(_period(one, values["language"], languages) for one in values.get("periods", ())),
        contacts=tuple(_contact(one, values["language"], languages) for one in values["contacts"]),
        source=Source(path),
    )


def _period(record: Record, language: Language, languages: tuple[Language, ...]) -> Period:
    values = record.values
    return Period(values["id"], text_of(values["label"], language, languages), values["starts_on"], values["ends_on"])


def _contact(record: Record, language: Language, languages: tuple[Language, ...]) -> Contact:
    """Mail is written in the contact's language; in the network's first one when there is no such translation."""
    wanted: Language = record.get("language", language)
    return Contact(
        name=record.values["name"],
        email=record.values["email"],
        roles=record.values["roles"],
        language=wanted if wanted in languages else languages[0],
    )
