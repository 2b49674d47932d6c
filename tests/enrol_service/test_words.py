"""Every word that the service says is translated, and nothing is translated that it does not say."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from tests.enrol_service.words import messages
from theme.translation import LOCALE, translation


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_everything_said_is_translated(language: str) -> None:
    words = translation(language)
    missing = {
        message for message in messages() if (message not in words.singular if isinstance(message, str) else message[0] not in words.plural)
    }
    assert missing == set()


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_nothing_is_translated_that_nobody_says(language: str) -> None:
    said = {message if isinstance(message, str) else message[0] for message in messages()}
    with (LOCALE / language / "service.po").open("rb") as file:
        known = {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file) if message.id}
    assert known - said == set()


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_a_translation_names_the_same_facts(language: str) -> None:
    with (LOCALE / language / "service.po").open("rb") as file:
        for message in read_po(file):
            if isinstance(message.id, str) and message.id:
                assert set(re.findall(r"%\(\w+\)s", message.id)) == set(re.findall(r"%\(\w+\)s", str(message.string))), message.id
