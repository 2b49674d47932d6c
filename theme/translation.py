"""The words of the pages: English in the templates, the other languages in `locale/<language>/*.po`, read without a compile step."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from babel.messages.pofile import read_po

from course_catalogue.model import Language

T = TypeVar("T")
LOCALE = Path(__file__).with_name("locale")


@dataclass(frozen=True, slots=True)
class Translation:
    """The messages of one language. English, and a language without files, print the message as it stands."""

    singular: Mapping[str, str]
    plural: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]  # the index of the plural form for a count

    def gettext(self, message: str) -> str:
        return self.singular.get(message, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        forms = self.plural.get(one)
        if forms is None:
            return one if count == 1 else many
        return forms[self.form(count)]


@cache
def translation(language: Language) -> Translation:
    """The messages of all `.po` files of a language. Refuses with ValueError if two files translate one message differently."""
    singular: dict[str, str] = {}
    plural: dict[str, tuple[str, ...]] = {}
    form: Callable[[int], int] = _one_or_many
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=None, abort_invalid=True)
        form = gettext.c2py(catalog.plural_expr)
        for message in catalog:
            if not message.id or not message.string or message.fuzzy:
                continue
            if isinstance(message.id, (tuple, list)):
                one = message.id[0]
                plural[one] = _same(path, one, plural.get(one), tuple(message.string))
            else:
                singular[message.id] = _same(path, message.id, singular.get(message.id), str(message.string))
    return Translation(singular, plural, form)


def sentence(message: str) -> str:
    """Mark an English text for translation where it is written; it is translated where it is printed."""
    return message


def _one_or_many(count: int) -> int:
    return 0 if count == 1 else 1


def _same(path: Path, message: str, before: T | None, now: T) -> T:
    if before is not None and before != now:
        raise ValueError(f'{path}: "{message}" is translated in two files, and differently. Keep one of them.')
    return now
