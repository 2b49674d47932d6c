"""The canonical form of what is promised, and its digest, so that a later edit of a file changes no promise.

RFC 8785 (JSON Canonicalization Scheme). Dates and instants are strings, money is whole cents.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

import rfc8785

from course_catalogue.model import Agreement, Course, Offering, Text

ALGORITHM = "sha256-jcs"  # stored with the digest: a later algorithm gets another name
# Where a thing was written, its hashes and how it is filed are no part of what is promised.
NOT_PROMISED = frozenset({"source", "hash", "facts_hash", "status", "offerings", "keywords", "production"})


def canonical(thing: Agreement | tuple[Course, Offering]) -> bytes:
    """The canonical JSON of an agreement, or of a course as one of its offerings offers it."""
    if isinstance(thing, Agreement):
        return rfc8785.dumps({"kind": "agreement", **_record(thing)})
    course, offering = thing
    return rfc8785.dumps({"kind": "offering", "course": _record(course), "offering": _record(offering)})


def digest(thing: Agreement | tuple[Course, Offering]) -> str:
    """`sha256-jcs:` and the SHA-256 of the canonical form in hexadecimal."""
    return f"{ALGORITHM}:{hashlib.sha256(canonical(thing)).hexdigest()}"


def _record(thing: Any) -> dict[str, Any]:
    return {one.name: _value(getattr(thing, one.name)) for one in fields(thing) if one.name not in NOT_PROMISED}


def _value(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Text):
        return dict(value.by_language)
    if isinstance(value, Mapping):
        return {str(key): _value(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_value(one) for one in value]
    if is_dataclass(value):
        return _record(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
