"""my.json of each language: the schools with their membership and periods, and the words for a reader who has chosen one.

It is the same for every reader and is fetched only once a school is chosen, so that no request tells which. Its name never changes,
because every page names it: a new period must not make every page anew.
"""

from __future__ import annotations

import json
from typing import Any

from course_catalogue.model import Catalogue, Language, School
from theme.address import addresses
from theme.course_view import school_choices
from theme.environment import environment


def school_data(catalogue: Catalogue) -> dict[str, bytes]:
    """The files by address."""
    return {addresses(catalogue, one).my_words(): _of(catalogue, one) for one in catalogue.network.languages}


def _of(catalogue: Catalogue, language: Language) -> bytes:
    words = json.loads(environment(language, catalogue).get_template("my_words.html").render())
    choices = school_choices(catalogue, language)
    schools = [_school(catalogue, catalogue.schools[one], language) for group in ("member", "outside") for one, _ in choices[group]]
    currency = max(catalogue.agreements.values(), key=lambda one: one.starts_on).currency
    return (
        json.dumps({"words": words, "currency": currency, "schools": schools}, ensure_ascii=False, separators=(",", ":")) + "\n"
    ).encode()


def _school(catalogue: Catalogue, school: School, language: Language) -> dict[str, Any]:
    """`member`: the agreements under which the school pays the price of a member. Days are written 2026-11-30."""
    return {
        "id": school.id,
        "name": school.name.to(language),
        "member": [one.id for one in catalogue.agreements.values() if one.buyer_class(school.id) == "member"],
        "periods": [
            {"label": one.label.to(language), "from": one.starts_on.isoformat(), "to": one.ends_on.isoformat()} for one in school.periods
        ],
    }
