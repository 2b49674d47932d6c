"""A key says everything a page is printed from: any change of it is another key."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from course_catalogue.model import Catalogue
from course_catalogue.search import index_of
from tests.tray_site.conftest import NOW, SMALL
from tray_site.page_key import LIBRARIES, ROOT, Digests, base_key, page_key, shared_catalogue
from tray_site.plan.planned import Plan
from tray_site.plan.planner import plan_site


def planned(catalogue: Catalogue, **changes: object) -> Plan:
    changed = replace(catalogue, **changes)  # type: ignore[arg-type]
    return plan_site(changed, index_of(changed), NOW, "/static/search.txt")


def keys(plan: Plan) -> dict[str, str]:
    return {page.address: page.key for page in plan.pages}


def changed_pages(catalogue: Catalogue, **changes: object) -> set[str]:
    before, after = keys(planned(catalogue)), keys(planned(catalogue, **changes))
    return {address for address in before | after if before.get(address) != after.get(address)}


def test_the_same_content_has_the_same_keys(catalogue: Catalogue) -> None:
    assert changed_pages(catalogue) == set()


def test_a_changed_text_changes_its_page_and_the_lists_it_stands_in(catalogue: Catalogue) -> None:
    """A list shows a course's row, which knows the whole course: it is printed anew as well."""
    course = catalogue.courses["kuusikko/maa6-derivaatta"]
    courses = {**catalogue.courses, course.id: replace(course, body="## Uusi\n\nTeksti.")}
    changed = changed_pages(catalogue, courses=courses)
    in_each = ("/", "/courses/kuusikko/maa6-derivaatta.html", "/schools/kuusikko.html", "/subjects/maa.html")
    assert {f"{prefix}{path}" for prefix in ("", "/sv", "/en") for path in in_each} <= changed
    elsewhere = ("/courses/strand/fy1-fysik.html", "/schools/strand.html", "/subjects/fy.html", "/pages/about.html", "/404.html")
    assert not {f"{prefix}{path}" for prefix in ("", "/sv", "/en") for path in elsewhere} & changed


def test_a_changed_price_changes_every_page(catalogue: Catalogue) -> None:
    agreement = next(iter(catalogue.agreements.values()))
    prices = tuple(replace(rule, amount_cents=rule.amount_cents + 1) for rule in agreement.prices)
    changed = changed_pages(catalogue, agreements={agreement.id: replace(agreement, prices=prices)})
    assert changed == set(keys(planned(catalogue)))


def test_a_changed_content_page_changes_only_itself(catalogue: Catalogue) -> None:
    pages = tuple(replace(one, body="Uusi.") if (one.language, one.id) == ("sv", "about") else one for one in catalogue.pages)
    assert changed_pages(catalogue, pages=pages) == {"/sv/pages/about.html"}


def test_the_next_day_changes_no_page_unless_something_on_it_does(catalogue: Catalogue) -> None:
    """On the 25th an enrolment closes in the afternoon; the course stands in the lists of its school and its subject too."""
    index = index_of(catalogue)
    days = [keys(plan_site(catalogue, index, NOW + timedelta(days=days), "/s")) for days in range(4)]
    assert days[0] == days[1] == days[2]
    changed = {address for address in days[2] if days[2][address] != days[3][address] and address.count("/") > 1}
    assert {"/courses/strand/fy1-fysik.html", "/schools/strand.html", "/subjects/fy.html"} <= changed
    assert not changed & {"/courses/kuusikko/maa6-derivaatta.html", "/schools/rantakyla.html", "/pages/about.html"}


def test_another_year_is_another_page(catalogue: Catalogue) -> None:
    """Dates of another year than this one are written with it."""
    index = index_of(catalogue)
    before, after = (plan_site(catalogue, index, NOW.replace(month=month, year=year), "/s") for year, month in ((2026, 12), (2027, 1)))
    assert not set(keys(before).values()) & set(keys(after).values())


def test_another_host_of_the_service_is_another_page(catalogue: Catalogue) -> None:
    index = index_of(catalogue)
    here, there = (plan_site(catalogue, index, NOW, "/s", service) for service in ("", "https://service.example"))
    assert not set(keys(here).values()) & set(keys(there).values())


def test_another_minute_is_not_unless_an_enrolment_opens_or_closes(catalogue: Catalogue) -> None:
    index = index_of(catalogue)
    morning = plan_site(catalogue, index, NOW.replace(hour=9), "/s")
    assert keys(morning) == keys(plan_site(catalogue, index, NOW.replace(hour=15), "/s"))
    closing_day = NOW.replace(day=27)
    before = keys(plan_site(catalogue, index, closing_day.replace(hour=15, minute=59), "/s"))
    after = keys(plan_site(catalogue, index, closing_day.replace(hour=16, minute=0), "/s"))
    changed = {address for address in before if before[address] != after[address]}
    assert "/courses/kuusikko/fy4-voima-ja-liike.html" in changed
    assert "/" in changed
    assert "/pages/about.html" not in changed


def test_templates_see_no_course_but_their_own(catalogue: Catalogue) -> None:
    """So a template cannot print what its key does not hold."""
    shared = shared_catalogue(catalogue)
    assert shared.courses == {}
    assert {page.body for page in shared.pages} == {""}
    assert shared.commit is None


@dataclass(frozen=True)
class Thing:
    name: str
    parts: tuple[object, ...]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Thing("a", ("b",)), Thing("ab", ())),
        (Thing("a", ("b", "c")), Thing("a", ("bc",))),
        (("a", ("b",)), (("a",), "b")),
        ({"a": "b"}, ("a", "b")),
        ({"a": None}, {"a": "None"}),
        ((1,), ("1",)),
        ((True,), (1,)),
        ((date(2026, 1, 1),), ("2026-01-01",)),
        ([], ()),
    ],
)
def test_different_things_have_different_hashes(one: object, other: object) -> None:
    digests = Digests()
    assert digests.of(one) != digests.of(other)


def test_what_cannot_be_hashed_cannot_be_printed() -> None:
    with pytest.raises(TypeError, match="would not say what it holds"):
        Digests().of({"view": lambda: None})


def test_parts_do_not_run_together(catalogue: Catalogue) -> None:
    digests = Digests()
    base = base_key(shared_catalogue(catalogue), digests, 2026, "")
    assert page_key(base, digests, "ab", "c") != page_key(base, digests, "a", "bc")


# What a build imports that does not touch what it prints: Pelican's own companions, and what shows progress.
BESIDE = {
    *("anyio", "blinker", "docutils", "feedgenerator", "ordered-set", "pygments", "python-dateutil", "rich", "setuptools"),
    *("six", "unidecode", "watchfiles"),
}
BUILD = """
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from datetime import datetime
from tray_site.build import build
build(Path(sys.argv[1]), Path(sys.argv[2]), now=datetime.fromisoformat(sys.argv[3]), cache=None, progress=False, packs=True)
owners = packages_distributions()
print(*{owner.lower() for name in list(sys.modules) for owner in owners.get(name.partition(".")[0], ())})
"""


def test_every_library_that_a_build_runs_on_is_part_of_the_keys(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BUILD, str(SMALL), str(tmp_path / "site"), NOW.isoformat()]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own program
    assert set(printed.split()) - BESIDE <= set(LIBRARIES)
    assert {"jinja2", "nh3", "brotli"} <= set(printed.split())
