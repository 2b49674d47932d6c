"""schools/<school>.yaml → School."""

from __future__ import annotations

from course_catalogue.content_file import ContentFile
from course_catalogue.field import definition
from course_catalogue.known import Known
from course_catalogue.model import Contact, Language, School, SchoolId, Source
from course_catalogue.reader import Record, read_record
from course_catalogue.text_value import text_of


def read_school(file: ContentFile, known: Known, *, offers: bool) -> School | None:
    """The school, or None when the file has an error. `offers`: the school has courses, so it needs a coordinator."""
    record = read_record(definition("school"), file.text, 1, file, known)
    if record is None:
        return None
    _check_roles(record, file, offers)
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
        contacts=tuple(_contact(one, values["language"], languages) for one in values["contacts"]),
        source=Source(path),
    )


def _contact(record: Record, language: Language, languages: tuple[Language, ...]) -> Contact:
    """Mail is written in the contact's language; in the network's first one when there is no such translation."""
    wanted: Language = record.get("language", language)
    return Contact(
        name=record.values["name"],
        email=record.values["email"],
        roles=record.values["roles"],
        language=wanted if wanted in languages else languages[0],
    )
