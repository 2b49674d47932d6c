"""Each check of the output can fail, and says what is wrong."""

from __future__ import annotations

import pytest

from tray_site.output_check import OutputProblems, check_output
from tray_site.page_facts import PageFacts, facts_of

FILES = ["/", "/a.html", "/sv/a.html", "/static/tray.css"]


def facts(
    *, language: str = "fi", title: str = "A", headings: int = 1, ids: tuple[str, ...] = (), links: tuple[str, ...] = ()
) -> PageFacts:
    return PageFacts(language, title, headings, ids, links)


def problems(
    pages: dict[str, PageFacts], *, files: list[str] | None = None, promised: list[str] | None = None, service: str = ""
) -> tuple[str, ...]:
    files = FILES if files is None else files
    try:
        check_output(pages, files, files if promised is None else promised, service)
    except OutputProblems as found:
        return found.problems
    return ()


WHOLE = {
    "/": facts(
        title="Front", ids=("main",), links=("/a.html", "#main", "/static/tray.css", "https://elsewhere.example/", "mailto:a@b.example")
    ),
    "/a.html": facts(ids=("rule-1",), links=("/", "/a.html#rule-1", "/search?q=x", "/enrol", "/sv/enrol", "/staff/", "/sv/a.html")),
    "/sv/a.html": facts(language="sv", links=("/",)),
}


def test_a_whole_site_passes() -> None:
    assert problems(WHOLE) == ()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"/a.html": facts(headings=0)}, "/a.html has 0 level-one headings; a page has exactly one."),
        ({"/a.html": facts(headings=2)}, "/a.html has 2 level-one headings; a page has exactly one."),
        ({"/a.html": facts(title="")}, "/a.html has no title of its own."),
        ({"/a.html": facts(title="– Tarjotin")}, "/a.html has no title of its own."),
        ({"/a.html": facts(title="Front")}, '/a.html and / have the same title, "Front".'),
        ({"/a.html": facts(ids=("x", "y", "x"))}, "/a.html uses an id more than once: x."),
        ({"/a.html": facts(links=("/b.html",))}, "/a.html links to /b.html: there is no such page."),
        ({"/a.html": facts(links=("b.html",))}, "/a.html links to b.html: there is no such page."),
        ({"/a.html": facts(links=("/#nowhere",))}, '/a.html links to /#nowhere: that page has no place called "nowhere".'),
        ({"/a.html": facts(links=("#nowhere",))}, '/a.html links to #nowhere: that page has no place called "nowhere".'),
        ({"/a.html": facts(links=("http://x.example/",))}, "/a.html links to http://x.example/: only https and mail links leave the site."),
        (
            {"/a.html": facts(links=("javascript:alert(1)",))},
            "/a.html links to javascript:alert(1): only https and mail links leave the site.",
        ),
        ({"/a.html": facts(links=("//x.example/a.js",))}, "/a.html links to //x.example/a.js: only https and mail links leave the site."),
    ],
)
def test_what_is_wrong_is_said(changed: dict[str, PageFacts], sentence: str) -> None:
    assert problems({**WHOLE, **changed}) == (sentence,)


SERVICE = "https://service.example"


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("https://service.example/sv/enrol", ""),
        ("https://service.example/search?q=x", ""),
        ("https://service.example/staff/", ""),
        ("https://service.example/api/offerings/seats.json", ""),
        ("https://service.example/courses/x.html", "the service answers no such address."),
        ("https://elsewhere.example/courses/x.html", ""),
        ("/enrol", "the service is at https://service.example, not on this site."),
        ("/sv/search?q=x", "the service is at https://service.example, not on this site."),
    ],
)
def test_a_service_on_another_host_is_known_by_its_address(link: str, sentence: str) -> None:
    pages = {"/": facts(links=(link,))}
    found = () if not sentence else (f"/ links to {link}: {sentence}",)
    assert problems(pages, files=["/"], service=SERVICE) == found


def test_titles_may_be_alike_in_two_languages() -> None:
    assert problems({**WHOLE, "/sv/a.html": facts(language="sv", title="A")}) == ()


def test_a_page_that_was_promised_is_missed() -> None:
    assert problems(WHOLE, promised=[*FILES, "/c.html"]) == ("/c.html was promised but not written.",)


def test_a_file_that_nobody_promised_is_not_published() -> None:
    assert problems(WHOLE, files=[*FILES, "/passwords.txt"], promised=FILES) == ("/passwords.txt was written but not promised.",)


def test_everything_wrong_is_said_at_once() -> None:
    found = problems({"/": facts(headings=0, title="", links=("/x",))}, files=["/"])
    assert len(found) == 3


def test_facts_are_read_from_the_bytes() -> None:
    html = (
        '<!doctype html><html lang="sv"><title>Kraft &amp; rörelse</title><body><h1 id="a">x</h1><a href="/x?a=1&amp;b=2">y</a>'
        '<form action="/enrol"></form><script src="/s.js"></script><p>&lt;h1 id="no"&gt; href="no" <b data-id="no">z</b></p><h1>again</h1>'
    ).encode()
    assert facts_of(html) == PageFacts("sv", "Kraft & rörelse", 2, ("a",), ("/x?a=1&b=2", "/enrol", "/s.js"))
