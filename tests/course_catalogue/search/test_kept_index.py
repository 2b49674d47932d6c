"""An index into which changed courses are put is the index of the whole, whatever was changed; what is kept only saves time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_catalogue.model import Catalogue, Course, School, Text
from course_catalogue.search import SearchIndex, index, index_of

WORDS = st.sampled_from(
    (
        *("matematiikka", "matematiikan", "talousmatematiikka", "matikka", "fysiikka", "fysiikan", "kieli", "kielen", "kieliä"),
        *("sää", "saa", "lämmön", "kurssi", "kurs", "MAA7", "å", "2"),
    )
)
LINE = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
PARTS = st.sampled_from(["title", "summary", "keywords", "teacher", "body", "modules"])
EDITS = st.lists(st.tuples(st.integers(0, 9), PARTS, LINE), min_size=1, max_size=4)


def edited(catalogue: Catalogue, number: int, part: str, line: str) -> Catalogue:
    """The catalogue with one part of one of its published courses written anew."""
    published = catalogue.published()
    course = published[number % len(published)]
    modules = tuple(catalogue.modules)
    changes: dict[str, object] = {
        "title": Text(course.language, {course.language: line}),
        "summary": Text("sv", {"sv": line}),
        "keywords": tuple(line.split()),
        "teacher": line,
        "body": line,
        "modules": (modules[number % len(modules)],),
    }
    return replace(catalogue, courses={**catalogue.courses, course.id: replace(course, **{part: changes[part]})})  # type: ignore[arg-type]


def parts(found: SearchIndex) -> tuple[object, ...]:
    return [course.id for course in found.courses], found.names, found.texts


@pytest.fixture(scope="module")
def with_words(small: Catalogue) -> Catalogue:
    return replace(small, synonyms={"matikka": ("matematiikka", "matematik"), "kurssi": (), "fysa": ("fysiikka",)})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(EDITS, min_size=1, max_size=3))
def test_edit_by_edit_the_index_is_that_of_a_cold_build(
    with_words: Catalogue, tmp_path: Path, steps: list[list[tuple[int, str, str]]]
) -> None:
    kept = tmp_path / "search.index"
    kept.unlink(missing_ok=True)
    catalogue = with_words
    index_of(catalogue, kept=kept)
    for edits in steps:
        for edit in edits:
            catalogue = edited(catalogue, *edit)
        assert parts(index_of(catalogue, kept=kept)) == parts(index_of(catalogue))


def test_a_course_that_comes_or_goes_is_indexed_with_all(with_words: Catalogue, tmp_path: Path) -> None:
    kept = tmp_path / "search.index"
    index_of(with_words, kept=kept)
    gone = with_words.published()[0].id
    fewer = replace(with_words, courses={key: one for key, one in with_words.courses.items() if key != gone})
    assert parts(index_of(fewer, kept=kept)) == parts(index_of(fewer))
    assert parts(index_of(with_words, kept=kept)) == parts(index_of(with_words))


def test_another_name_or_synonym_counts_for_all(with_words: Catalogue, tmp_path: Path) -> None:
    kept = tmp_path / "search.index"
    index_of(with_words, kept=kept)
    school: School = next(iter(with_words.schools.values()))
    renamed = replace(with_words, schools={**with_words.schools, school.id: replace(school, name=Text("fi", {"fi": "Uusi lukio"}))})
    for catalogue in (renamed, replace(with_words, synonyms={})):
        assert parts(index_of(catalogue, kept=kept)) == parts(index_of(catalogue))


def test_a_damaged_file_counts_as_absent(with_words: Catalogue, tmp_path: Path) -> None:
    kept = tmp_path / "search.index"
    index_of(with_words, kept=kept)
    whole = kept.read_bytes()
    for damaged in (b"", b"x", whole[:40], whole[:-1], whole[:100] + b"\0" + whole[101:], b"\xff" * 200):
        kept.write_bytes(damaged)
        assert parts(index_of(with_words, kept=kept)) == parts(index_of(with_words))


def test_only_what_changed_is_looked_at_anew(with_words: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "search.index"
    index_of(with_words, kept=kept)
    monkeypatch.setattr(index, "standing_of", None)  # would be called for an index of all courses
    course: Course = with_words.published()[0]
    changed = replace(with_words, courses={**with_words.courses, course.id: replace(course, teacher="Uusi Opettaja")})
    assert "uusi" in index_of(changed, kept=kept).names.parts[-1]
