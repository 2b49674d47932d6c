"""catalogue.json: the whole offer as open data, for whoever wants to show it elsewhere. And the words of the search."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import blake2b
from typing import Any

from course_catalogue.model import Catalogue, Course, Text
from course_catalogue.search_index import SearchIndex
from theme.address import addresses
from theme.course_view import OfferingView, course_view

FORMAT = 1  # of catalogue.json; a change that breaks a reader raises it
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def open_data(catalogue: Catalogue, now: datetime) -> str:
    """The published catalogue as JSON: schools, subjects, courses with their offerings and prices. Money is whole cents."""
    network = catalogue.network
    found = {
        "format": FORMAT,
        "network": _text(network.name),
        "site": network.site_url,
        "made_on": network.day_of(now).isoformat(),
        "commit": catalogue.commit,
        "licence": LICENCE,
        "schools": [
            {
                "id": one.id,
                "name": _text(one.name),
                "kind": one.kind,
                "language": one.language,
                "place": one.place,
                "provider": one.provider,
            }
            for one in catalogue.schools.values()
        ],
        "subjects": [{"id": one.id, "name": _text(one.name)} for one in catalogue.subjects.values()],
        "courses": [_course(catalogue, course, now) for course in catalogue.published()],
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


def _text(text: Text) -> dict[str, str]:
    return dict(text.by_language)


def _course(catalogue: Catalogue, course: Course, now: datetime) -> dict[str, Any]:
    url = addresses(catalogue, catalogue.network.languages[0])
    return {
        "id": course.id,
        "url": catalogue.network.site_url + url.course(course.id),
        "school": course.school_id,
        "title": _text(course.title),
        "summary": _text(course.summary),
        "status": course.status,
        "subject": course.subject_id,
        "modules": list(course.modules),
        "credits": course.credits,
        "mode": course.mode,
        "language": course.language,
        "audience": list(course.audience),
        "keywords": list(course.keywords),
        "exam": course.exam,
        "prerequisites": course.prerequisites,
        "materials_cost_cents": course.materials_cost_cents,
        "offerings": [_offering(one) for one in course_view(catalogue, course, now).offerings],
    }


def _offering(view: OfferingView) -> dict[str, Any]:
    one = view.offering
    return {
        "id": one.id,
        "label": _text(one.label),
        "nonstop": one.nonstop,
        "days": one.days,
        "starts_on": one.starts_on.isoformat() if one.starts_on else None,
        "ends_on": one.ends_on.isoformat() if one.ends_on else None,
        "enrolment_opens_at": one.enrolment_opens_at.isoformat(timespec="minutes"),
        "enrolment_closes_at": one.enrolment_closes_at.isoformat(timespec="minutes"),
        "seats": one.seats,
        "minimum": one.minimum,
        "cancelled": view.state == "cancelled",
        "price_cents": {"member": view.member.cents, "outside": view.outside.cents},
        "currency": view.member.currency,
    }


def search_words(index: SearchIndex) -> bytes:
    """The index of the search for the front page's script.

    Words and codes in alphabetical order, each on a line of its own with its places: the course's number, as the
    difference from the one before, and the weight in tenths when it is not 0: `fysiikka 3 1:3 7`. An empty line parts the two.
    """
    parts = []
    for table in (index.words, index.codes):
        lines = []
        for word in sorted(table):
            before = 0
            places = []
            for place in sorted(table[word], key=lambda one: one.number):
                weight = round(place.weight * 10)
                places.append(f"{place.number - before}{f':{weight}' if weight else ''}")
                before = place.number
            lines.append(" ".join([word, *places]))
        parts.append("\n".join(lines))
    return ("\n\n".join(parts) + "\n").encode()


def search_address(words: bytes) -> str:
    """Where the words are published, under a name that changes with them."""
    return f"/static/search.{blake2b(words, digest_size=5).hexdigest()}.txt"
