"""The generated pages of the documentation are the ones that the schema and the table of problems make."""

from __future__ import annotations

import pytest

from course_catalogue.problem import problem_texts
from course_catalogue.reference import DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_fresh(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"docs/{name} is stale; write it anew with: python3 -m course_catalogue.reference"


def test_every_problem_is_documented() -> None:
    page = (DOCS / "problems.md").read_text(encoding="utf-8")
    assert all(f"| {code} |" in page for code in problem_texts())
