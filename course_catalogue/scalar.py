"""Reads one value by its field definition: typed, or reported with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from course_catalogue import guess
from course_catalogue.content_file import CONTROL, INVISIBLE, ContentFile
from course_catalogue.field import ID, Field
from course_catalogue.known import Known
from course_catalogue.yaml_tree import Scalar


class Missing:
    """The value of a field that could not be read."""


MISSING: Final = Missing()

# HTML tags and entities, Markdown emphasis, code, links, images and tables, template text and Pelican's own links.
# A | also parts the values of a list in a table of open data.
MARKUP = re.compile(
    r"</?[a-zA-Z!?][^>]*>?|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});|\*\*|__|`|\||\]\(|\]\[|\{\{|\}\}|\{%|\{#"
    r"|\{(?:attach|static|filename|tag|category|author|index)\}"
)
WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
MONEY = re.compile(r"(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+")
HTTPS = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{2,5})?(?:/[^\s<>\"'`{}|\\^]*)?")
BUSINESS_ID = re.compile(r"([0-9]{7})-([0-9])")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
NULLS = frozenset(("~", "null", "Null", "NULL"))
REFERENCE_CODES = {"schools": "T301", "subjects": "T302", "modules": "T303", "levels": "T304", "courses": "T305"}


def read_scalar(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    """The value, or MISSING when it was reported."""
    if not node.value.strip() or (node.plain and node.value in NULLS):
        file.report("T114", node.position, key=key)
        return MISSING
    return READERS[spec.kind](spec, node, key, file, known)


def _line(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    text = node.value.strip()
    if "\n" in text:
        file.report("T218", node.position, " ".join(text.split()), key=key)
        return MISSING
    unseen = CONTROL.search(text) or INVISIBLE.search(text)
    if unseen:  # by an escape in double quotes
        file.report("T006", node.position, character=f"U+{ord(unseen[0]):04X}")
        return MISSING
    match = MARKUP.search(text)
    if match:
        file.report("T214", node.position, None, key=key, text=match[0])
        return MISSING
    if spec.maximum is not None and len(text) > spec.maximum:
        file.report("T209", node.position, key=key, length=str(len(text)), maximum=str(spec.maximum))
        return MISSING
    if spec.pattern and not spec.pattern.search(text):
        file.report("T210", node.position, key=key, value=text, pattern=spec.pattern.pattern)
        return MISSING
    return text


def _choice(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    if node.value in spec.choices:
        return node.value
    near = guess.nearest(node.value, spec.choices, spec.labels)
    file.report("T208", node.position, near, key=key, value=node.value, known=", ".join(spec.choices))
    return MISSING


def _reference(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    relation = known.relations.get(spec.relation or "")
    if relation is None or node.value in relation.ids:
        return node.value
    near = guess.nearest(node.value, relation.ids, relation.labels)
    code = REFERENCE_CODES[spec.relation or ""]
    file.report(code, node.position, near, key=key, value=node.value)
    return MISSING


def _integer(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    if not WHOLE.fullmatch(node.value):
        near = guess.number_text(node.value)
        file.report("T204", node.position, near, key=key, value=node.value)
        return MISSING
    return _within(spec, node, key, file, int(node.value), str)


def _money(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    match = MONEY.fullmatch(node.value)
    if not match:
        near = guess.money_text(node.value)
        file.report("T206", node.position, near, key=key, value=node.value)
        return MISSING
    cents = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    return _within(spec, node, key, file, cents, lambda limit: f"{limit // 100}.{limit % 100:02}")


def _within(spec: Field, node: Scalar, key: str, file: ContentFile, number: int, shown: Callable[[int], str]) -> Any:
    if spec.minimum is not None and number < spec.minimum:
        file.report("T205", node.position, key=key, value=node.value, limit=shown(spec.minimum), reason="least")
        return MISSING
    if spec.maximum is not None and number > spec.maximum:
        file.report("T205", node.position, key=key, value=node.value, limit=shown(spec.maximum), reason="most")
        return MISSING
    return number


def _boolean(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    if node.value in ("true", "false"):
        return node.value == "true"
    file.report("T207", node.position, guess.boolean_text(node.value), key=key, value=node.value)
    return MISSING


def _date(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    if DATE.fullmatch(node.value):
        try:
            return date.fromisoformat(node.value)
        except ValueError:
            file.report("T221", node.position, key=key, value=node.value)
            return MISSING
    file.report("T201", node.position, guess.date_text(node.value), key=key, value=node.value)
    return MISSING


def _local_date_time(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    if DATE_TIME.fullmatch(node.value):
        try:
            return datetime.fromisoformat(node.value)  # naive: the network's zone is added where it is known
        except ValueError:
            file.report("T221", node.position, key=key, value=node.value)
            return MISSING
    near = guess.date_time_text(node.value, "08:00" if key.endswith("opens_at") else "16:00")
    file.report("T202", node.position, near, key=key, value=node.value)
    return MISSING


def _clock(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    if CLOCK.fullmatch(node.value):
        return node.value
    near = guess.clock_of(node.value)
    file.report("T203", node.position, f'"{near}"' if near else None, key=key, value=node.value)
    return MISSING


def _id(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    if not ID.fullmatch(node.value):
        file.report("T211", node.position, guess.id_text(node.value) or None, key=key, value=node.value)
        return MISSING
    return _line(spec, node, key, file, known)


def _email(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    if EMAIL.fullmatch(node.value):
        return _line(spec, node, key, file, known)
    mended = re.sub(r"\s*[(\[]\s*(?:at|ät|a)\s*[)\]]\s*", "@", node.value, flags=re.IGNORECASE).removeprefix("mailto:").strip()
    file.report("T212", node.position, mended if EMAIL.fullmatch(mended) else None, key=key, value=node.value)
    return MISSING


def _https(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    if HTTPS.fullmatch(node.value):
        return node.value.rstrip("/")
    mended = "https://" + re.sub(r"^(?:http:)?/*", "", node.value.strip())
    file.report("T213", node.position, mended if HTTPS.fullmatch(mended) else None, key=key, value=node.value)
    return MISSING


def _business_id(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    if is_business_id(node.value):
        return node.value
    digits = re.sub(r"\D", "", node.value)
    mended = f"{digits[:7]}-{digits[7:]}" if len(digits) == 8 and check_digit(digits[:7]) == digits[7:] else None
    file.report("T222", node.position, mended, key=key, value=node.value)
    return MISSING


def _time_zone(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    try:
        return ZoneInfo(node.value)
    except (ValueError, OSError, KeyError):
        file.report("T223", node.position, key=key, value=node.value)
        return MISSING


def _colour(spec: Field, node: Scalar, key: str, file: ContentFile, known: Known) -> Any:
    if COLOUR.fullmatch(node.value):
        return node.value.lower()
    digits = node.value.strip().removeprefix("#")
    mended = "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits)).lower()
    file.report("T224", node.position, f'"{mended}"' if COLOUR.fullmatch(mended) else None, key=key, value=node.value)
    return MISSING


def is_business_id(text: str) -> bool:
    """Whether a text is a Finnish business ID (Y-tunnus) with the right check digit."""
    match = BUSINESS_ID.fullmatch(text)
    return match is not None and check_digit(match[1]) == match[2]


def check_digit(seven: str) -> str | None:
    """The check digit of a Finnish business ID: weights 7 9 10 5 8 4 2, modulo 11; None when there is no such id."""
    rest = sum(int(digit) * weight for digit, weight in zip(seven, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return None if rest == 1 else str(0 if rest == 0 else 11 - rest)


READERS: Mapping[str, Callable[[Field, Scalar, str, ContentFile, Known], Any]] = {
    "line": _line,
    "text": _line,
    "choice": _choice,
    "reference": _reference,
    "integer": _integer,
    "money": _money,
    "boolean": _boolean,
    "date": _date,
    "local_date_time": _local_date_time,
    "clock": _clock,
    "id": _id,
    "email": _email,
    "https": _https,
    "business_id": _business_id,
    "time_zone": _time_zone,
    "colour": _colour,
}
