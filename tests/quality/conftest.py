"""The sample network, built and served as it is for its readers, once for all judges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import Served, serve


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("quality")


@pytest.fixture(scope="session")
def served(data: Path) -> Iterator[Served]:
    with serve(data) as running:
        yield running


@pytest.fixture(scope="session")
def site(served: Served, data: Path) -> Path:
    """The built site of the sample network. Read only."""
    return data / "site"
