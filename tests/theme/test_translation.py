"""Every word of a template is translated, says the same things, and no translation is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from theme import translation as module
from theme.translation import LOCALE, Translation, translation

ROOT = Path(__file__).resolve().parent.parent.parent
OPTIONS = {
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "extensions": "jinja2.ext.do,theme.fragment.Once",
    "silent": "false",
}
MARKED = {"gettext": None, "sentence": None, "words": None, "ngettext": (1, 2)}  # what Python asks for, or says elsewhere
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def messages_of(folder: Path) -> Iterator[tuple[str, ...]]:
    for path in sorted(folder.rglob("*.html")):
        with path.open("rb") as file:
            for _, _, message, _ in babel_extract(file, ["_", "gettext", "ngettext"], [], OPTIONS):
                if message is None:
                    continue  # a title that Python has marked with `sentence`
                found = (message,) if isinstance(message, str) else tuple(part for part in message if isinstance(part, str))
                yield found


def in_python() -> set[str]:
    """The messages of the site's own Python."""
    paths = [path for package in ("tray_site", "theme") for path in sorted((ROOT / package).rglob("*.py"))]
    found: set[str] = set()
    for path in paths:
        with path.open("rb") as file:
            for _, message, _, _ in extract("python", file, keywords=MARKED):
                found.add(message if isinstance(message, str) else message[0])
    return found


def written(language: str, name: str) -> dict[str, Message]:
    with (LOCALE / language / f"{name}.po").open("rb") as file:
        return {message.id if isinstance(message.id, str) else message.id[0]: message for message in read_po(file) if message.id}


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("folder", ["theme/templates", "enrol_service/templates"])
def test_every_word_of_a_template_is_translated(language: str, folder: str) -> None:
    words = translation(language)
    missing = {one for one in messages_of(ROOT / folder) if one[0] not in (words.singular if len(one) == 1 else words.plural)}
    assert missing == set()


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_words_that_python_asks_for_are_translated(language: str) -> None:
    assert set(translation(language).singular) >= in_python()


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_translation_of_the_site_is_left_over(language: str) -> None:
    used = {one[0] for one in messages_of(ROOT / "theme" / "templates")} | in_python()
    used |= {one[0] for one in messages_of(ROOT / "enrol_service" / "templates")}
    assert set(written(language, "site")) - used == set()


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("name", ["site", "service"])
def test_a_translation_holds_the_same_facts_as_the_message(language: str, name: str) -> None:
    for key, message in written(language, name).items():
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        for string in strings:
            assert set(PLACEHOLDER.findall(string)) == set(PLACEHOLDER.findall(ids[-1])), key


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("name", ["site", "service"])
def test_nothing_shouts_or_is_done_successfully(language: str, name: str) -> None:
    """theme: plain words, no exclamation marks, no "onnistuneesti"."""
    for key, message in written(language, name).items():
        for string in message.string if isinstance(message.string, (tuple, list)) else (message.string,):
            assert not re.search(r"!|onnistuneesti|framgångsrikt", string), key


@pytest.mark.parametrize(
    ("count", "fi", "sv", "en"),
    [(0, "0 kurssia", "0 kurser", "0 courses"), (1, "1 kurssi", "1 kurs", "1 course"), (2, "2 kurssia", "2 kurser", "2 courses")],
)
def test_numbers_have_their_plurals(count: int, fi: str, sv: str, en: str) -> None:
    for language, expected in (("fi", fi), ("sv", sv), ("en", en)):
        assert translation(language).ngettext("%(count)s course", "%(count)s courses", count) % {"count": count} == expected


def test_a_word_without_translation_is_printed_as_it_stands() -> None:
    nothing = Translation({}, {}, lambda _count: 0)
    assert nothing.gettext("Courses") == "Courses"
    assert nothing.ngettext("one", "many", 2) == "many"


def test_one_message_is_not_translated_in_two_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "xx"
    folder.mkdir()
    for name, word in (("a", "yksi"), ("b", "toinen")):
        (folder / f"{name}.po").write_text(f'msgid "Courses"\nmsgstr "{word}"\n', encoding="utf-8")
    monkeypatch.setattr(module, "LOCALE", tmp_path)
    with pytest.raises(ValueError, match="translated in two files"):
        translation.__wrapped__("xx")
