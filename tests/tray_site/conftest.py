"""The small network built once for all tests that only read the site, and a copy of its content for those that change it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from shutil import copytree
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue
from tray_site.build import build

SMALL = Path(__file__).resolve().parent.parent / "networks" / "small"
NOW = datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Europe/Helsinki"))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load(SMALL)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built small network. Read only."""
    output = tmp_path_factory.mktemp("built") / "site"
    build(SMALL, output, now=NOW, cache=None, progress=False)
    return output


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the small network's content."""
    return Path(copytree(SMALL, tmp_path / "content"))


def page(site: Path, address: str) -> BeautifulSoup:
    path = site / (address + "index.html" if address.endswith("/") else address).lstrip("/")
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def tree(site: Path) -> dict[str, bytes]:
    """Every file with its bytes."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}
