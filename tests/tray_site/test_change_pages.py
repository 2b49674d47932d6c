"""What is new and changed: from commits of the small network to the words on the page and on the course's own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from course_catalogue.catalogue import load
from tests.tray_site.conftest import NOW, SMALL, page
from tests.tray_site.test_history import Repository
from tray_site.build import build
from tray_site.history import Change, History, histories
from tray_site.plan.change_pages import DAYS, MOST_OF_A_DAY, ChangeItem, changes, days_of
from tray_site.plan.course_pages import MOST_DAYS, past_days

FORCE = "kuusikko/fy4-voima-ja-liike"
TODAY = datetime(2026, 8, 20, 9, tzinfo=NOW.tzinfo)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The small network's content, added on 1.8., with changes on the days that follow."""
    made = Repository(tmp_path_factory.mktemp("history") / "repository")
    made.content.rmdir()
    copytree(SMALL, made.content)
    made.commit()
    path = f"courses/{FORCE}.md"
    text = (made.content / path).read_text(encoding="utf-8")
    for old, new in (
        ("teacher: ", "teacher: Ma. "),
        ("ends_on: 2027-02-05", "ends_on: 2027-02-04"),
        ("seats: 30", "seats: 29"),
        ("    seats: 29\n", "    seats: 29\n    cancelled: true\n"),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
        made.commit({path: text})
    return made


@pytest.fixture(scope="module")
def built(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("changed") / "site"
    build(repository.content, output, now=TODAY, cache=None, progress=False)
    return output


def told(site: Path, address: str) -> list[tuple[str, list[str]]]:
    found = []
    for section in page(site, address).select("main section"):
        heading = section.select_one("h2")
        assert heading is not None
        found.append((heading.get_text(), [" ".join(row.get_text(" ", strip=True).split()) for row in section.select(".near__row")]))
    return found


def test_the_page_tells_by_day_what_a_reader_wants_to_know(built: Path) -> None:
    by_day = dict(told(built, "/changes.html"))
    assert list(by_day) == ["Ke 5.8.2026", "Ma 3.8.2026", "La 1.8.2026"]
    assert by_day["Ke 5.8.2026"] == ["Peruttu: 2. jakso FY4 Voima ja liike Kuusikon lukio"]
    assert by_day["Ma 3.8.2026"] == ["Uudet ajat: 3. jakso FY4 Voima ja liike Kuusikon lukio"]
    assert all(row.startswith("Uusi kurssi ") for row in by_day["La 1.8.2026"])
    assert len(by_day["La 1.8.2026"]) == len(load(SMALL).published())


@pytest.mark.parametrize(("address", "words"), [("/sv/changes.html", "Nya datum"), ("/en/changes.html", "New dates")])
def test_it_speaks_each_language(built: Path, address: str, words: str) -> None:
    rows = [row for _, rows in told(built, address) for row in rows]
    assert any(row.startswith((words, "Nya tider")) for row in rows)


def test_the_course_tells_its_own_past(built: Path) -> None:
    soup = page(built, f"/courses/{FORCE}.html")
    past = next(row for row in soup.select(".keyvalue__row") if row.get_text().strip().startswith("Kurssin tiedot"))
    lines = [line.strip() for line in past.select_one("dd").get_text("\n", strip=True).split("\n")]  # type: ignore[union-attr]
    assert " ".join(lines) == (
        "toteutus peruttu 5.8.2026 paikkamäärää muutettu 4.8.2026 aikataulua muutettu 3.8.2026 opettaja vaihtunut 2.8.2026 lisätty 1.8.2026"
    )


def test_nobody_who_committed_is_named(built: Path) -> None:
    for path in built.rglob("*.html"):
        assert "a@b" not in path.read_text(encoding="utf-8")


def test_after_sixty_days_nothing_is_left(repository: Repository, tmp_path: Path) -> None:
    build(repository.content, tmp_path / "site", now=TODAY + timedelta(days=DAYS), cache=None, progress=False)
    assert told(tmp_path / "site", "/changes.html") == []
    assert "ei ole muuttunut" in page(tmp_path / "site", "/changes.html").get_text()


def test_only_courses_that_have_a_page_are_told(repository: Repository) -> None:
    catalogue = load(repository.content)
    found = changes(catalogue, histories(repository.content), date(2026, 8, 1))
    assert {one.course_id for one in found} == {course.id for course in catalogue.published()}
    days = [one.on for one in found]
    assert days == sorted(days, reverse=True)
    assert len({(one.on, one.course_id) for one in found}) == len(found)


def test_a_day_with_very_many_courses_tells_how_many_more(repository: Repository) -> None:
    course = load(repository.content).courses[FORCE]
    item = ChangeItem(date(2026, 8, 1), "added", (), course.id, course.modules, course.title, course.school_id)
    (day,) = days_of([item] * (MOST_OF_A_DAY + 7))
    assert (len(day.items), day.more) == (MOST_OF_A_DAY, 7)


def test_a_long_past_keeps_its_newest_days_and_the_first() -> None:
    moments = [datetime(2026, 9, day, 12, tzinfo=NOW.tzinfo) for day in range(20, 0, -1)]
    history = History(moments[-1].date(), moments[0].date(), (*(Change(at, "text") for at in moments[:-1]), Change(moments[-1], "added")))
    days = past_days(history)
    assert [one.on.day for one in days] == [20, 19, 18, 17, 1]
    assert len(days) == MOST_DAYS
    assert past_days(None) == ()
