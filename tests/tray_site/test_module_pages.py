"""Pages of national modules: one for each that a course with a page holds, and the way to and between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue
from tests.served import ROOT
from tests.tray_site.conftest import NOW, page
from theme.address import addresses
from tray_site.build import build

PREFIXES = ("", "/sv", "/en")


def links(site: Path, address: str, selector: str = "main a") -> list[str]:
    return [str(one["href"]) for one in page(site, address).select(selector)]


def test_every_module_of_a_course_with_a_page_has_one_in_each_language(site: Path, catalogue: Catalogue) -> None:
    codes = {code for course in catalogue.published() for code in course.modules}
    for prefix in PREFIXES:
        found = {path.stem for path in (site / prefix.lstrip("/") / "modules").glob("*.html")}
        assert found == {code.lower() for code in codes}
        assert set(links(site, f"{prefix}/modules.html", ".index a")) == {f"{prefix}/modules/{code.lower()}.html" for code in codes}


def test_the_page_tells_the_module_and_its_courses(site: Path) -> None:
    soup = page(site, "/modules/fy4.html")
    assert soup.select_one("h1").get_text() == "Voima ja liike"  # type: ignore[union-attr]
    assert [one.get_text() for one in soup.select(".fact__value")] == ["2\N{NO-BREAK SPACE}op", "Fysiikka", "moduulikoodistolops2021_fy4"]
    assert "/courses/kuusikko/fy4-voima-ja-liike.html" in links(site, "/modules/fy4.html", ".course-row a")


def test_modules_lead_to_the_one_before_and_after_that_have_courses(site: Path) -> None:
    assert links(site, "/modules/fy1.html", ".near a") == ["/modules/fy4.html"]
    assert links(site, "/modules/fy4.html", ".near a") == ["/modules/fy1.html"]


def test_a_course_leads_to_its_modules_and_those_it_asks_for(site: Path) -> None:
    found = links(site, "/courses/kuusikko/fy4-voima-ja-liike.html", "a.code, .course__facts dd a")
    assert "/modules/fy4.html" in found


def test_the_vocabulary_links_only_what_is_an_address(content: Path, tmp_path: Path) -> None:
    csv = content / "vocabulary" / "modules.csv"
    text = csv.read_text(encoding="utf-8").replace("moduulikoodistolops2021_fy4", "https://codes.example/fy4")
    csv.write_text(text.replace("moduulikoodistolops2021_fy1", "javascript:alert(1)"), encoding="utf-8")
    build(content, tmp_path / "site", now=NOW, cache=None, progress=False)
    assert "https://codes.example/fy4" in links(tmp_path / "site", "/modules/fy4.html")
    assert not any(href.startswith("javascript") for href in links(tmp_path / "site", "/modules/fy1.html"))


@pytest.mark.parametrize(
    ("code", "path"), [("MAA7", "maa7"), ("ÄI10", "aei10"), ("RUÄ1", "ruae1"), ("RUA1", "rua1"), ("HI3(aikuiset)", "hi3-aikuiset")]
)
def test_the_address_of_a_module_is_plain(catalogue: Catalogue, code: str, path: str) -> None:
    assert addresses(catalogue, "sv").module(code) == f"/sv/modules/{path}.html"


def test_no_two_national_modules_share_an_address() -> None:
    sample = load(ROOT / "content")
    assert len({addresses(sample, "fi").module(code) for code in sample.modules}) == len(sample.modules) > 400
