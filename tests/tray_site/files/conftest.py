"""The sample network with a history of its own: planned once, its files printed as they are asked for."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from shutil import copytree

import pytest
from lxml import etree

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue, Course, Offering
from course_catalogue.search import index_of
from tests.tray_site.conftest import NOW, SMALL
from tray_site.files.printers import PRINTERS
from tray_site.history import History, histories
from tray_site.plan.planned import Plan, PlannedFile
from tray_site.plan.planner import plan_site

SAMPLE = Path(__file__).resolve().parent.parent.parent.parent / "content"
SCHEMAS = Path(__file__).parent / "schemas"
FY4, MAA6 = "courses/kuusikko/fy4-voima-ja-liike.md", "courses/kuusikko/maa6-derivaatta.md"
# What was committed when: (moment, message, path, old, new); the first commit is the network as it is.
COMMITS = (
    ("2026-08-01T08:00:00+03:00", "All", "", "", ""),
    ("2026-09-01T12:00:00+03:00", "More seats", FY4, "seats: 10", "seats: 12"),
    ("2026-09-02T12:00:00+03:00", "Title", MAA6, "{fi: Derivaatta", "{fi: Derivaatta ja raja-arvo"),
    ("2026-11-20T12:00:00+02:00", "Text", FY4, "## ", "## Ensin: "),
)


def files_of(plan: Plan) -> Mapping[str, bytes]:
    """Every planned file that is no page and no picture, printed, by its address."""
    return {one.address: printed(plan, one) for one in plan.files if one.kind != "card"}


def printed(plan: Plan, planned: PlannedFile) -> bytes:
    found = PRINTERS[planned.kind](plan.shared, planned)
    return found if isinstance(found, bytes) else b"".join(found)


def planned(catalogue: Catalogue, now: datetime = NOW, told: Mapping[str, History] | None = None) -> Plan:
    return plan_site(catalogue, index_of(catalogue), now, "/static/search.txt", "", told or {})


def runs(catalogue: Catalogue) -> list[tuple[Course, Offering]]:
    return [(course, one) for course in catalogue.published() for one in course.offerings]


@pytest.fixture(scope="session")
def sample() -> Catalogue:
    return load(SAMPLE)


@pytest.fixture(scope="session")
def sample_files(sample: Catalogue) -> Mapping[str, bytes]:
    return files_of(planned(sample))


@pytest.fixture(scope="session")
def told_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small network in a repository of its own, with COMMITS."""
    content = Path(copytree(SMALL, tmp_path_factory.mktemp("told") / "content"))
    git(content, "init", "-q")
    for moment, message, path, old, new in COMMITS:
        if path:
            text = (content / path).read_text(encoding="utf-8")
            assert old in text
            (content / path).write_text(text.replace(old, new, 1), encoding="utf-8")
        git(content, "add", ".")
        git(content, "-c", "user.name=x", "-c", "user.email=x@x.example", "commit", "-q", "-m", message, at=moment)
    return content


@pytest.fixture(scope="session")
def told(told_content: Path) -> tuple[Catalogue, Mapping[str, bytes]]:
    """The small network as it is at the end of that history, and its files."""
    catalogue = load(told_content)
    return catalogue, files_of(planned(catalogue, told=histories(told_content, zone=catalogue.network.time_zone)))


def git(folder: Path, *words: str, at: str = "2026-08-01T08:00:00+03:00") -> None:
    environment = {**os.environ, "GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": at}
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env=environment)  # noqa: S603, S607


@pytest.fixture(scope="session")
def schema() -> Callable[[str], etree.XMLSchema | etree.RelaxNG]:
    """A schema of the folder `schemas`, by its file's name."""

    def read(name: str) -> etree.XMLSchema | etree.RelaxNG:
        tree = etree.parse(SCHEMAS / name)
        return etree.RelaxNG(tree) if name.endswith(".rng") else etree.XMLSchema(tree)

    return read
