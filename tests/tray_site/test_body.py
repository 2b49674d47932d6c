"""A body becomes safe HTML, and its links lead to pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_catalogue.model import Source
from course_catalogue.record_file import SPARE
from theme.address import Addresses
from tray_site.body import BodyCache, linked

HERE = Source("courses/kuusikko/fy4-voima-ja-liike.md")
PAGE = Source("pages/sv/rules.md")
CODE = "<pre><code>&lt;b&gt;voima&lt;/b&gt;\n\n&lt;script&gt;x()&lt;/script&gt;\n</code></pre>"
FI, SV = Addresses(""), Addresses("/sv")


def html(body: str) -> str:
    return BodyCache(None).html(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## Sisältö", "<h2>Sisältö</h2>"),
        ("**voima** ja *liike*", "<p><strong>voima</strong> ja <em>liike</em></p>"),
        ("- yksi\n- kaksi", "<ul>\n<li>yksi</li>\n<li>kaksi</li>\n</ul>"),
        ("[a](https://x.example/)", '<p><a href="https://x.example/" rel="noopener">a</a></p>'),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("```html\n<b>voima</b>\n\n<script>x()</script>\n```", CODE),
        ("~~~\n<b>voima</b>\n\n<script>x()</script>\n~~~", CODE),
    ],
)
def test_markdown_becomes_html(body: str, expected: str) -> None:
    assert html(body) == expected


def test_a_table_becomes_a_table() -> None:
    assert "<td>1</td>" in html("| a | b |\n|---|---|\n| 1 | 2 |")


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        '<a href="https://x.example" onclick="x()">a</a>',
        "<style>body{display:none}</style>",
        "<iframe src=https://x.example></iframe>",
        "![a](https://x.example/a.png)",
        '<form action="/enrol"><input name="x"></form>',
        '<p id="main" class="tray" style="color:red">x</p>',
    ],
)
def test_nothing_that_acts_or_fetches_comes_through(body: str) -> None:
    """The check refuses these already; what is printed is clean even if it did not."""
    made = html(body)
    for forbidden in (
        "<script",
        "<img",
        "<iframe",
        "<form",
        "<input",
        "<style",
        "javascript:",
        "data:",
        "onclick",
        "onerror",
        " id=",
        " class=",
        " style=",
    ):
        assert forbidden not in made


@pytest.mark.parametrize(
    ("link", "source", "fi", "sv"),
    [
        ("/", HERE, "/", "/sv/"),
        ("/#results", HERE, "/#results", "/sv/#results"),
        ("maa6-derivaatta.md", HERE, "/courses/kuusikko/maa6-derivaatta.html", "/sv/courses/kuusikko/maa6-derivaatta.html"),
        ("../strand/fy1-fysik.md", HERE, "/courses/strand/fy1-fysik.html", "/sv/courses/strand/fy1-fysik.html"),
        ("../../pages/fi/rules.md", HERE, "/pages/rules.html", "/sv/pages/rules.html"),
        ("about.md#alku", PAGE, "/pages/about.html#alku", "/sv/pages/about.html#alku"),
        ("https://x.example/a.md", HERE, "https://x.example/a.md", "https://x.example/a.md"),
        ("../../../../etc/passwd", HERE, "../../../../etc/passwd", "../../../../etc/passwd"),
    ],
)
def test_links_to_content_files_become_addresses(link: str, source: Source, fi: str, sv: str) -> None:
    for url, expected in ((FI, fi), (SV, sv)):
        assert f'<a href="{expected}"' in linked(html(f"[x]({link})"), source, url)


def keep(path: Path, text: str) -> str:
    cache = BodyCache(path)
    made = cache.html(text)
    cache.keep(cache.taken())
    cache.save([text])
    return made


def test_a_kept_body_is_not_rendered_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = keep(tmp_path / "bodies.records", "## Otsikko")
    monkeypatch.setattr("tray_site.body._rendered", lambda body: pytest.fail("rendered again"))
    assert BodyCache(tmp_path / "bodies.records").html("## Otsikko") == made


@pytest.mark.parametrize(("rule", "changed"), [("TAGS", {"p"}), ("ATTRIBUTES", {}), ("SCHEMES", {"mailto"})])
def test_a_changed_rule_of_cleaning_is_followed_also_by_kept_bodies(
    rule: str, changed: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "**voima** [a](https://x.example/)"
    before = keep(tmp_path / "bodies.records", text)
    monkeypatch.setattr(f"tray_site.body.{rule}", changed)
    after = BodyCache(tmp_path / "bodies.records").html(text)
    assert after == html(text) != before


def test_bodies_that_are_gone_are_forgotten_in_time(tmp_path: Path) -> None:
    path = tmp_path / "bodies.records"
    keep(path, "vanha")
    for number in range(SPARE + 10):
        keep(path, f"uusi {number}")
    assert b"vanha" not in path.read_bytes()
    assert f"uusi {SPARE + 9}".encode() in path.read_bytes()


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", "\x00"])
def test_a_damaged_file_of_bodies_counts_as_none(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "bodies.records"
    path.write_text(damage, encoding="utf-8")
    assert BodyCache(path).html("x") == "<p>x</p>"
