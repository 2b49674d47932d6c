"""courses/<school>/<course>.md → Course, with the rules that one file can be held to by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from course_catalogue.body import check_body
from course_catalogue.content_file import ContentFile, front_matter
from course_catalogue.field import definition
from course_catalogue.known import Known
from course_catalogue.model import Course, Language, Module, Offering, Production, Source, Text
from course_catalogue.offering_rules import check_offering
from course_catalogue.reader import Record, read_record
from course_catalogue.text_value import text_of


def read_course(file: ContentFile, known: Known, modules: Mapping[str, Module], zone: ZoneInfo) -> tuple[Course | None, Record | None]:
    """The course, or None when its file has an error; and its record, for checks across files."""
    parts = front_matter(file)
    if parts is None:
        return None, None
    text, body, body_line = parts
    record = read_record(definition("course"), text, 2, file, known)
    check_body(body, body_line, file)
    if record is None:
        return None, None
    school = file.path.split("/")[1]
    if school not in known.relations["schools"].ids:
        file.report("T306", (1, 1, 0), school=school)
    _check_credits(record, modules, file)
    _check_offerings(record, zone, file)
    return (None if file.errors else _course(record, file.path, body, known.languages, zone)), record


def _check_credits(record: Record, modules: Mapping[str, Module], file: ContentFile) -> None:
    given, codes = record.get("credits"), record.get("modules")
    if given is None or not codes or record.broken("credits_reason") or not record.whole("modules") or not modules:
        return
    parts = [modules[code].credits for code in codes]
    total = sum(part or 0 for part in parts)
    reason = "credits_reason" in record.values
    if None in parts and not reason:
        file.report("T402", record.at("credits"), modules=", ".join(code for code in codes if modules[code].credits is None))
    elif None not in parts and given != total and not reason:
        file.report("T401", record.at("credits"), str(total), credits=str(given), sum=str(total), modules=" + ".join(codes))
    elif None not in parts and given == total and reason:
        file.report("T403", record.keys["credits_reason"], sum=str(total))


def _check_offerings(record: Record, zone: ZoneInfo, file: ContentFile) -> None:
    if not record.get("offerings") and not record.broken("offerings") and record.get("status") in ("published", "cancelled"):
        place = record.keys.get("offerings")
        if place and not getattr(record.nodes["offerings"], "items", ()):
            file.report("T417", place)
    for offering in record.get("offerings", ()):
        check_offering(offering, zone, file)


def _course(record: Record, path: str, body: str, languages: tuple[Language, ...], zone: ZoneInfo) -> Course:
    values = record.values
    language: Language = values["language"]
    course_id = path.removeprefix("courses/").removesuffix(".md")
    production = values.get("production")
    return Course(
        id=course_id,
        school_id=course_id.split("/")[0],
        title=text_of(values["title"], language, languages),
        summary=text_of(values["summary"], language, languages),
        status=values["status"],
        subject_id=values["subject"],
        modules=values.get("modules", ()),
        credits=values["credits"],
        credits_reason=values.get("credits_reason"),
        mode=values["mode"],
        language=language,
        audience=values["audience"],
        teacher=values["teacher"],
        prerequisites=values.get("prerequisites"),
        keywords=values.get("keywords", ()),
        exam=values["exam"],
        materials_cost_cents=values.get("materials_cost", 0),
        production=_production(production) if production else None,
        offerings=tuple(_offering(one, language, languages, zone) for one in values["offerings"]),
        body=body.strip("\n") + "\n",
        source=Source(path),
    )


def _production(record: Record) -> Production:
    return Production(record.values["licence"], record.values["produced_by"], record.get("reviewed_on"))


def _offering(record: Record, language: Language, languages: tuple[Language, ...], zone: ZoneInfo) -> Offering:
    values = record.values
    return Offering(
        id=values["id"],
        label=_label(record, language, languages),
        nonstop=values.get("nonstop", False),
        days=values.get("days"),
        starts_on=values.get("starts_on"),
        ends_on=values.get("ends_on"),
        enrolment_opens_at=_instant(values["enrolment_opens_at"], zone),
        enrolment_closes_at=_instant(values["enrolment_closes_at"], zone),
        seats=values.get("seats"),
        minimum=values.get("minimum"),
        decided_on=values.get("decided_on"),
        reserved=values["reserved"].values if "reserved" in values else {},
        cancelled=values.get("cancelled", False),
    )


NONSTOP_LABEL = {"fi": "Oma tahti", "sv": "Egen takt", "en": "Own pace"}


def _label(record: Record, language: Language, languages: tuple[Language, ...]) -> Text:
    """The offering's label; without one, "own pace" or the first and last day."""
    if "label" in record.values:
        return text_of(record.values["label"], language, languages)
    if record.get("nonstop"):
        return text_of({one: NONSTOP_LABEL[one] for one in languages}, language, languages)
    starts, ends = record.values["starts_on"], record.values["ends_on"]
    return text_of(f"{starts.day}.{starts.month}.{starts.year}–{ends.day}.{ends.month}.{ends.year}", language, languages)


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone)
