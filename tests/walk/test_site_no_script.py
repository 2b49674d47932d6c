"""Without JavaScript every kind of page can be read, offers nothing that does nothing, and lets a student enrol in each language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE
from tests.page_kinds import FOLDERS, samples

pytestmark = pytest.mark.browser

COURSE = "courses/jarvilukio/hi1-ihminen-ymparisto-ja-historia.html"
# A button that no form takes would need a script.
DEAD = "button, input[type=button], [role=button]"


@pytest.fixture(scope="module")
def page(browser: Browser, host: str) -> Iterator[Page]:
    context = browser.new_context(base_url=host, java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("language", FOLDERS)
def test_every_kind_of_page_can_be_read(page: Page, site: Path, language: str) -> None:
    found: list[str] = []
    for _, address in samples(site, language):
        page.goto(address)
        words = page.locator("main").inner_text().split()
        if page.locator("main h1:visible").count() != 1 or len(words) < 15:
            found.append(f"{address} says only: {' '.join(words)[:120]}")
        for one in page.locator(DEAD).all():
            if one.is_visible() and not one.evaluate("one => Boolean(one.form)"):
                found.append(f"{address} has a control that does nothing: {one.inner_text()[:80]}")
    assert "\n".join(found) == ""


@pytest.mark.parametrize("language", FOLDERS)
def test_a_student_enrols(page: Page, language: str) -> None:
    page.goto(f"/{FOLDERS[language]}{COURSE}")
    form = page.locator("form[method=post]")
    form.locator("[name=name]").fill("Aino Aho")
    form.locator("[name=email]").fill(f"aino.{language}@kuusikko.example")
    form.locator("[name=school]").select_option("kuusikko")
    form.locator("[name=group]").fill("24B")
    form.locator("[name=syllabus]").first.check()
    form.locator("button:not([name])").last.click()
    expect(page).to_have_url(re.compile("/enrolment/"))
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("lang", language)
