"""The sample network, built and served once for the tests that only look at its pages, or enrol on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.served import Served, serve


@pytest.fixture(scope="session")
def tray(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Path]]:
    """The running service and the folder of the site that it shows."""
    data = tmp_path_factory.mktemp("tray")
    with serve(data) as running:
        yield running, data / "site"


@pytest.fixture(scope="session")
def host(tray: tuple[Served, Path]) -> str:
    """The address of the service, without a slash at its end."""
    return tray[0].address


@pytest.fixture(scope="session")
def site(tray: tuple[Served, Path]) -> Path:
    """The folder of the built site. Read only."""
    return tray[1]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened
