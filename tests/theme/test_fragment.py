"""What stands between `{% once %}` and `{% endonce %}` is printed once for the same things, and what is kept never changes a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from jinja2 import DictLoader, Environment

from course_catalogue.catalogue import load
from course_catalogue.search import index_of
from theme import fragment
from theme.fragment import Once, keep_fragments
from tray_site.body import BodyCache
from tray_site.page_print import environments_of, print_page
from tray_site.plan.planner import plan_site

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = {
    "plain": "{% once %}{{ said('a') }}{% endonce %}{% once %}{{ said('b') }}{% endonce %}",
    "of a thing": "{% once thing %}{{ said(thing) }}{% endonce %}",
    "of two": "{% once thing, 'x' %}{{ said(thing) }}{% endonce %}",
    "twice": "{% for one in (thing, thing) %}{% once one %}{{ said(one) }}{% endonce %}{% endfor %}",
}


def printer(*, keeps: bool) -> tuple[Callable[[str, object], str], list[object]]:
    """What prints a template with a thing, and all that has been said while printing."""
    heard: list[object] = []

    def said(thing: object) -> str:
        heard.append(thing)
        return f"<{thing}>"

    made = Environment(loader=DictLoader(TEMPLATES), autoescape=True, extensions=[Once])
    made.globals["said"] = said
    if keeps:
        keep_fragments(made)
    return lambda name, thing: made.get_template(name).render(thing=thing), heard


@pytest.mark.parametrize(
    ("name", "things", "heard"),
    [
        ("plain", [1, 2], ["a", "b"]),
        ("of a thing", ["t", "t", "u", "t"], ["t", "u"]),
        ("of a thing", [1, True, "1", None], [1, True, "1", None]),
        ("of two", ["t", "t"], ["t"]),
        ("twice", ["t"], ["t"]),
    ],
)
def test_what_is_kept_is_printed_once(name: str, things: list[object], heard: list[object]) -> None:
    kept, said = printer(keeps=True)
    anew, _ = printer(keeps=False)
    assert [kept(name, thing) for thing in things] == [anew(name, thing) for thing in things]
    assert said == heard


def test_without_keeping_everything_is_printed_each_time() -> None:
    anew, said = printer(keeps=False)
    assert [anew("of a thing", "t") for _ in range(3)] == ["&lt;t&gt;"] * 3
    assert said == ["t"] * 3


def test_equal_things_that_are_not_the_same_are_told_apart() -> None:
    kept, said = printer(keeps=True)
    for _ in range(200):  # each list is gone when the next one is made, and may lie where it lay
        kept("of a thing", [len(said)])
    assert len(said) == 200


def test_no_more_is_kept_than_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragment, "MOST", 3)
    kept, said = printer(keeps=True)
    for thing in (1, 2, 3, 1, 4, 4, 1):
        kept("of a thing", thing)
    assert said == [1, 2, 3, 4, 1]


def test_a_page_of_kept_fragments_is_the_page() -> None:
    """Every page of the sample network, in any order."""
    catalogue = load(ROOT / "content")
    now = datetime(2026, 11, 23, 9, 41, tzinfo=catalogue.network.time_zone)
    plan = plan_site(catalogue, index_of(catalogue), now, "/static/search.txt")
    keeping, anew = environments_of(plan, None), environments_of(plan, None)
    for made in anew.values():
        made.extensions[Once.identifier].kept = None  # type: ignore[attr-defined]
    bodies = BodyCache(None)
    pages = Random(4).sample([page for page in plan.pages if page.language == "sv" or page.kind not in ("course", "module")], 700)  # noqa: S311 - no secret
    differing = [
        page.address
        for page in pages
        if print_page(plan, page, keeping[page.language], bodies) != print_page(plan, page, anew[page.language], bodies)
    ]
    assert differing == []
