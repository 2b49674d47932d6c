"""network.yaml → Network."""

from __future__ import annotations

from contextlib import suppress
from zoneinfo import ZoneInfo

from course_catalogue.colours import USUAL, Colours, too_faint
from course_catalogue.content_file import ContentFile, Enough
from course_catalogue.field import definition
from course_catalogue.known import Known
from course_catalogue.model import Network
from course_catalogue.reader import Record, read_record
from course_catalogue.text_value import text_of

DEFAULT_ZONE = ZoneInfo("Europe/Helsinki")


def read_network(file: ContentFile, known: Known) -> tuple[Network | None, Known]:
    """The network, and what is known from it: its languages, by which the other files are read."""
    known = Known(_languages_first(file) or known.languages, known.relations)
    record = read_record(definition("network"), file.text, 1, file, known)
    if record is None:
        return None, known
    _check_years(record, file)
    _check_colours(record, file)
    return (None if file.errors else _network(record)), known


def _languages_first(file: ContentFile) -> tuple[str, ...]:
    """The languages are needed to judge the texts that stand above them in the same file."""
    quiet = ContentFile(file.path, file.text, [])
    record = None
    with suppress(Enough):
        record = read_record(definition("network"), quiet.text, 1, quiet, Known())
    languages: tuple[str, ...] = record.get("languages", ()) if record and record.whole("languages") else ()
    return languages


def _check_years(record: Record, file: ContentFile) -> None:
    starts, ends, demo = (record.get(key) for key in ("school_year_starts_on", "school_year_ends_on", "demo_on"))
    if starts and ends and starts >= ends:
        file.report("T404", record.at("school_year_ends_on"), starts=str(starts), ends=str(ends))
    elif starts and ends and demo and not starts <= demo <= ends:
        file.report("T418", record.at("demo_on"), starts=str(starts), ends=str(ends))


def _check_colours(record: Record, file: ContentFile) -> None:
    given: Record | None = record.get("colours")
    if given is None or not {"main", "accent"} <= given.values.keys():
        return
    for pair in too_faint(Colours(**given.values)):
        shown = f"{pair.contrast:.2f}", f"{pair.limit:g}"
        file.report("T606", given.at(pair.field), key=pair.field, reason=pair.pair, contrast=shown[0], limit=shown[1])


def _network(record: Record) -> Network:
    values = record.values
    languages: tuple[str, ...] = values["languages"]
    return Network(
        name=text_of(values["name"], languages[0], languages),
        languages=languages,
        time_zone=values["time_zone"],
        contact_email=values["contact_email"],
        contact_name=values["contact_name"],
        slogan=text_of(values["slogan"], languages[0], languages),
        site_url=values["site_url"],
        school_year_starts_on=values["school_year_starts_on"],
        school_year_ends_on=values["school_year_ends_on"],
        demo_on=values.get("demo_on"),
        colours=Colours(**record.values["colours"].values) if "colours" in record.values else USUAL,
        credit_minutes=values.get("credit_minutes"),
        card_images=values.get("card_images", True),
    )
