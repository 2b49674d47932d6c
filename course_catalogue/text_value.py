"""Builds the model's texts from what the reader read."""

from __future__ import annotations

from collections.abc import Mapping

from course_catalogue.model import Language, Text


def text_of(value: str | Mapping[Language, str], language: Language, languages: tuple[Language, ...]) -> Text:
    """A plain text is in `language`; of a map, `language` is the own one when given, else the network's first that is."""
    if isinstance(value, str):
        return Text(language, {language: value})
    own = language if language in value else next(one for one in languages if one in value)
    return Text(own, value)
