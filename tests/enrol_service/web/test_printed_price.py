"""The price on the printed page is the price that is promised: the site is built, its form is sent as it stands, the promise is read."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from tests.enrol_service.cast import CATALOGUE, SMALL, Office, day
from tests.enrol_service.conftest import Watch
from tests.enrol_service.reader import text_of, values_of
from tests.enrol_service.walk import ORIGIN
from tests.served import ROOT

DAYS = ("2026-11-23", "2027-01-12")  # on one of them each course is open
OUTSIDE = "rantakyla"
MONEY = re.compile(r"(\d[\d ]*),(\d\d) €")


@dataclass(frozen=True, slots=True)
class Printed:
    """What a course page prints: the sums as read by people, in cents, and the form as it is sent."""

    course_id: str
    shown_id: str  # the run that the sums are of
    member: int
    outside: int
    form: dict[str, str]
    runs: tuple[str, ...]
    action: str


@pytest.fixture(scope="module", params=DAYS)
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Printed]]:
    """The day and every page of it on which one can enrol. Built in a process of its own: Pelican changes the logging of its process."""
    site = tmp_path_factory.mktemp("printed") / "site"
    command = [sys.executable, str(ROOT / "build.py"), "site", "--content", str(SMALL), "--output", str(site), "--today", request.param]
    built = subprocess.run([*command, "--no-cache"], capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    assert built.returncode == 0, built.stdout + built.stderr
    pages = [_printed(site, course_id) for course_id in CATALOGUE.courses if (site / "courses" / f"{course_id}.html").is_file()]
    return request.param, [page for page in pages if page is not None]


def _printed(site: Path, course_id: str) -> Printed | None:
    soup = BeautifulSoup((site / "courses" / f"{course_id}.html").read_text(encoding="utf-8"), "lxml")
    form = soup.select_one("form[data-enrol]")
    if form is None or form.find_parent(hidden=True):  # it waits for a run that opens later
        return None
    payer = next(one for one in soup.select(".tray__payer") if "Oppilaitoksesi maksaa" in text_of(one))
    member = _cents(text_of(payer))
    note = text_of(_one(soup, ".tray-note"))
    other = re.search(r"Verkoston ulkopuolinen oppilaitos maksaa .*", note)
    assert other or "Hinta on sama kaikille oppilaitoksille." in note, note
    values = values_of(form)
    return Printed(
        course_id=course_id,
        shown_id=values["offering"],
        member=member,
        outside=_cents(other[0]) if other else member,
        form=values,
        runs=tuple(str(one["value"]) for one in form.select("[name=offering]:not([disabled])")),
        action=str(form["action"]),
    )


def _one(soup: BeautifulSoup, selector: str) -> Tag:
    found = soup.select_one(selector)
    assert found is not None, selector
    return found


def _cents(text: str) -> int:
    match = MONEY.search(text)
    assert match is not None, text
    return int(match[1].replace(" ", "")) * 100 + int(match[2])


def _sent(app: Flask, page: Printed, run: str, school_id: str) -> int:
    """Send the page's own form for a student of the school; the number of the enrolment."""
    typed = {"name": "Veeti Korhonen", "email": f"veeti@{school_id}.example", "school": school_id, "offering": run}
    if "group" in page.form:
        typed |= {"group": "24B", "syllabus": "nuoret"}
    answer = app.test_client().post(page.action, data={**page.form, **typed}, headers=ORIGIN)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with app.extensions["tarjotin"].database.read() as connection:
        return int(connection.exec_driver_sql("SELECT max(id) FROM enrolment").scalar_one())


def test_the_promised_price_is_the_printed_price(app: Flask, watch: Watch, office: Office, printed: tuple[str, list[Printed]]) -> None:
    today, pages = printed
    watch.now = day(today, "10:00")
    for page in pages:
        for school_id in CATALOGUE.schools:
            if school_id == CATALOGUE.courses[page.course_id].school_id:
                continue
            stored = office.commitment(_sent(app, page, page.shown_id, school_id))
            buyer, cents = ("outside", page.outside) if school_id == OUTSIDE else ("member", page.member)
            assert (stored.buyer, stored.price_cents) == (buyer, cents), (page.course_id, school_id)


def test_the_promised_price_of_every_run_is_the_one_the_form_has_shown(
    app: Flask, watch: Watch, office: Office, printed: tuple[str, list[Printed]]
) -> None:
    today, pages = printed
    watch.now = day(today, "10:00")
    for page in pages:
        shown = {run: tuple(map(int, pair.split("/"))) for run, pair in (one.split(":") for one in page.form["prices_shown"].split())}
        assert set(shown) >= set(page.runs)
        assert shown[page.shown_id] == (page.member, page.outside)
        for run in page.runs:
            for school_id in CATALOGUE.schools:
                if school_id != CATALOGUE.courses[page.course_id].school_id:
                    stored = office.commitment(_sent(app, page, run, school_id))
                    assert stored.price_cents == shown[run][school_id == OUTSIDE], (page.course_id, run, school_id)


def test_every_published_course_has_been_bought_on_one_of_the_days() -> None:
    days = [day(one, "10:00") for one in DAYS]
    for course in CATALOGUE.published():
        if course.status == "published":
            runs = course.offerings
            assert any(one.enrolment_opens_at <= now < one.enrolment_closes_at for one in runs for now in days), course.id
