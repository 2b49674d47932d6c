"""Every problem can be told in three languages, is triggered by some test, and is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course_catalogue.problem import LANGUAGES, Problem, problem_texts
from tests.course_catalogue.broken_networks import CASES
from tests.course_catalogue.test_broken_courses import EXPECTED

TESTS = Path(__file__).parent
FIELD = re.compile(r"\{(\w+)\}")


def test_every_code_is_triggered_by_a_golden_file_a_broken_network_or_a_hostile_file() -> None:
    triggered = set(re.findall(r"T[0-9]{3}", EXPECTED.read_text(encoding="utf-8")))
    triggered |= {found[:4] for case in CASES for found in case.found}
    for name in ("test_hostile_content.py", "test_catalogue.py"):
        triggered |= set(re.findall(r'"(T[0-9]{3})"', (TESTS / name).read_text(encoding="utf-8")))
    assert triggered == set(problem_texts())


@pytest.mark.parametrize("code", sorted(problem_texts()))
def test_a_text_says_the_same_facts_in_every_language(code: str) -> None:
    entry = problem_texts()[code]
    assert set(entry) <= {*LANGUAGES, "severity", "reasons"}
    assert entry.get("severity", "error") in ("error", "warning")
    facts = {language: set(FIELD.findall(entry[language])) for language in LANGUAGES}
    assert facts["fi"] == facts["sv"] == facts["en"]
    assert ("reason" in facts["fi"]) == ("reasons" in entry)
    for reason in entry.get("reasons", {}).values():
        assert set(reason) == set(LANGUAGES)
        assert all(isinstance(text, str) and text for text in reason.values())
    for language in LANGUAGES:
        text = entry[language]
        assert text.rstrip("”").endswith((".", "?"))
        assert text[0].isupper() or text.startswith(("{", "”", "“"))
        assert "!" not in text.replace("!!", "")


@pytest.mark.parametrize("code", sorted(problem_texts()))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_can_be_made_of_any_facts(code: str, language: str) -> None:
    entry = problem_texts()[code]
    reasons = list(entry.get("reasons", {""}))
    for reason in reasons:
        facts = {name: "{%}" for name in FIELD.findall(entry["en"])}
        if reason:
            facts["reason"] = reason
        message = Problem("a.md", 1, 1, 2, code, tuple(facts.items())).message(language)
        assert message
        assert not FIELD.search(message)


def test_a_code_says_its_group_and_its_place() -> None:
    problem = Problem("a.md", 3, 7, 9, "T201", (("key", "starts_on"), ("value", "7.12.2026")))
    assert problem.place == "a.md:3:7"
    assert problem.message("fi").startswith("starts_on: ”7.12.2026” ei ole päivä.")
    assert problem.is_error
