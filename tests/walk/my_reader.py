"""A reader of the public site in a real browser, for the tests of what is kept there: the own school and the own courses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, Request

from tests.browser import LAPTOP, PHONE
from tests.served import Served

SCHOOL, CHOSEN = "tarjotin.school", "tarjotin.chosen"


@contextmanager
def reader(
    browser: Browser, served: Served, *, phone: bool = False, script: bool = True, storage: dict[str, str] | None = None, **more: Any
) -> Iterator[Page]:
    """A fresh browser context; `storage` is what an earlier visit has left. Fails when a script of the page fails."""
    context = browser.new_context(
        base_url=served.address,
        viewport=PHONE if phone else LAPTOP,  # type: ignore[arg-type]
        java_script_enabled=script,
        locale="fi-FI",
        **more,
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for key, value in (storage or {}).items():
        set_once = "([key, value]) => { if (localStorage.getItem('test.' + key) === null) {"
        set_once += "localStorage.setItem('test.' + key, '1'); localStorage.setItem(key, value); } }"
        page.goto("/robots.txt")
        page.evaluate(set_once, [key, value])
    yield page
    context.close()
    assert errors == [], errors


def kept(page: Page, key: str) -> str | None:
    found: str | None = page.evaluate("(key) => localStorage.getItem(key)", key)
    return found


def requests_of(page: Page) -> list[Request]:
    """The list to which every later request of the page's context is added."""
    found: list[Request] = []
    page.context.on("request", lambda request: found.append(request))
    return found


def told(request: Request) -> str:
    """All that a request tells a server: its address, its headers and what it sends."""
    return " ".join([request.url, *(f"{name}: {value}" for name, value in request.all_headers().items()), request.post_data or ""])
