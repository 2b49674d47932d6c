"""The small network, and the morning on which every test of the theme takes place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue

SMALL = Path(__file__).resolve().parent.parent / "networks" / "small"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load(SMALL)


@pytest.fixture(scope="session")
def now(catalogue: Catalogue) -> datetime:
    """Monday 23 November 2026, 9.41."""
    return datetime(2026, 11, 23, 9, 41, tzinfo=catalogue.network.time_zone)
