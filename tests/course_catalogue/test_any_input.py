"""Whatever the bytes, the check answers with a catalogue or with problems, and the canonical form changes no meaning."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_catalogue.catalogue import examine
from course_catalogue.content_file import file_of_bytes, front_matter
from course_catalogue.field import definition
from course_catalogue.form import canonical_text
from course_catalogue.problem import Problem
from course_catalogue.report import FORMATS, check_report, check_summary
from course_catalogue.yaml_tree import Mapping, Node, Scalar, Sequence, read_tree
from tests.course_catalogue.conftest import COURSE, SMALL
from tests.course_catalogue.mutation import PATHS, spoilt

calm = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@contextmanager
def replaced(path: str, raw: bytes) -> Iterator[Path]:
    """The small network with one file's bytes replaced."""
    with TemporaryDirectory() as scratch:
        content = Path(scratch) / "content"
        copytree(SMALL, content)
        (content / path).write_bytes(raw)
        yield content


def assert_answers(path: str, raw: bytes) -> None:
    with replaced(path, raw) as content:
        catalogue, problems = examine(content)
    assert (catalogue is None) == any(problem.is_error for problem in problems)
    for problem in problems:
        assert problem.line >= 1
        assert problem.end_column > problem.column >= 1
    for language in ("fi", "sv", "en"):
        check_summary(problems, language).encode()
        for name in FORMATS:
            check_report(problems, name, language).encode()


@calm
@given(st.sampled_from(PATHS), st.binary(max_size=200))
def test_random_bytes_never_give_a_traceback(path: str, raw: bytes) -> None:
    assert_answers(path, raw)


@calm
@given(spoilt())
def test_a_spoilt_file_never_gives_a_traceback(file: tuple[str, str]) -> None:
    path, text = file
    assert_answers(path, text.encode("utf-8", "surrogatepass"))


def meaning(node: Node | None) -> Any:
    """What the tree says, whatever the order of its fields and its quotes."""
    if isinstance(node, Mapping):
        return {key.value: meaning(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [meaning(item) for item in node.items]
    if isinstance(node, Scalar):
        return None if node.plain and node.value in ("", "~", "null", "Null", "NULL") else node.value
    return node


def read(path: str, text: str) -> tuple[Any, str]:
    """What a file says: its fields and its body."""
    file = file_of_bytes(path, text.encode(), [])
    assert file is not None
    parts = front_matter(file) if path.endswith(".md") else (file.text, "", 1)
    assert parts is not None
    tree, whole = read_tree(parts[0], parts[2], lambda *_, **__: None)
    assert whole
    return meaning(tree), parts[1].strip("\n")


@calm
@given(spoilt())
def test_the_canonical_form_of_a_spoilt_file_says_the_same_and_stays(file: tuple[str, str]) -> None:
    path, text = file
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    once = canonical_text(path, text)
    assert canonical_text(path, once) == once
    if once != text and path.endswith((".md", ".yaml")):
        assert read(path, once) == read(path, text)


printable = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn")), max_size=12)
words = st.sampled_from(
    ("no", "1", "0x1", "1e3", "11:00", "2026-12-07", "~", "a: b", "a #b", "- a", "#", "'", '"', "[", "a\nb", " a ", "x:", "=", "<<")
)
keys = st.sampled_from(tuple(definition("course").fields)) | printable | words
data = st.recursive(
    printable | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@calm
@given(st.dictionaries(keys, data, max_size=5))
def test_any_fields_keep_their_meaning_in_the_canonical_form(fields: dict[str, Any]) -> None:
    text = f"---\n{json.dumps(fields, ensure_ascii=False)}\n---\n\nTeksti\n"
    once = canonical_text(COURSE, text)
    assert canonical_text(COURSE, once) == once
    assert read(COURSE, once) == (fields, "Teksti")


@calm
@given(st.lists(st.sampled_from(("# yksi", "", "  # sisennetty", "    # kaksi")), max_size=3), st.integers(0, 24))
def test_no_comment_is_lost_in_the_canonical_form(comments: list[str], line: int) -> None:
    lines = (SMALL / COURSE).read_text(encoding="utf-8").split("\n")
    lines[1 + line : 1 + line] = comments
    once = canonical_text(COURSE, "\n".join(lines))
    assert sum("#" in one for one in once.split("\n---\n")[0].split("\n")) == sum("#" in one for one in comments)
    problems: list[Problem] = []
    assert file_of_bytes(COURSE, once.encode(), problems) is not None
    assert read(COURSE, once) == read(COURSE, "\n".join(lines))
