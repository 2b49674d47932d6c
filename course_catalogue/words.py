"""The labels of closed lists (mode, exam, kind of school …), from the schema and, for levels, from the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from course_catalogue.field import Field, definition
from course_catalogue.model import Language, Text

# Two fields of one name with different lists are told apart here.
NAMES = {("page", "group"): "page_group", ("agreement", "per"): "price_per"}


def words_of(levels: Mapping[str, Text], languages: tuple[Language, ...]) -> Mapping[str, Mapping[str, Text]]:
    """Labels by list and id. The lists are named as the fields: mode, exam, status, kind, language, roles, party …"""
    words: dict[str, Mapping[str, Text]] = {}
    for kind in ("course", "school", "agreement", "page"):
        for field in _fields(definition(kind)):
            if field.labels:
                name = NAMES.get((kind, field.name), field.name)
                words.setdefault(name, {choice: _text(label, languages) for choice, label in field.labels.items()})
    parties = definition("agreement").fields["responsibilities"].fields
    words["party"] = {party: _text(field.titles, languages) for party, field in parties.items()}
    words["audience"] = levels
    return words


def _fields(field: Field) -> Iterator[Field]:
    yield field
    for below in (*field.fields.values(), *([field.items] if field.items else [])):
        yield from _fields(below)


def _text(labels: Mapping[str, str], languages: tuple[Language, ...]) -> Text:
    return Text(languages[0], {language: labels[language] for language in languages})
