"""The small network: three schools (Kuusikko and Strand are members, Rantakylä is not) and seven courses of every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from shutil import copytree
from zoneinfo import ZoneInfo

import pytest

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue

SMALL = Path(__file__).parent.parent / "networks" / "small"
HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 23, 9, 41, tzinfo=HELSINKI)
COURSE = "courses/kuusikko/fy4-voima-ja-liike.md"

# path → new text, pairs of old and new text in the file that is there, or None: the file is taken away
Changes = Mapping[str, str | bytes | list[tuple[str, str]] | None]
Network = Callable[[Changes], Path]


@pytest.fixture(scope="session")
def small() -> Catalogue:
    return load(SMALL)


@pytest.fixture
def network(tmp_path: Path) -> Network:
    """A copy of the small network with some files changed."""
    content = tmp_path / "content"

    def changed(changes: Changes) -> Path:
        copytree(SMALL, content, dirs_exist_ok=True)
        for path, change in changes.items():
            file = content / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if change is None:
                file.unlink()
            elif isinstance(change, list):
                text = file.read_text(encoding="utf-8")
                for old, new in change:
                    assert old in text, f"{old!r} is not in {path}"
                    text = text.replace(old, new, 1)
                file.write_text(text, encoding="utf-8")
            else:
                file.write_bytes(change if isinstance(change, bytes) else change.encode())
        return content

    return changed
