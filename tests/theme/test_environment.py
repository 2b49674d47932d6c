"""The environment escapes, refuses unknown names, and marks texts of another language."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from course_catalogue.model import Catalogue, Text
from theme.address import addresses
from theme.environment import TEMPLATES, environment, mailto

FINNISH = Text("fi", {"fi": "Voima & liike"})
BOTH = Text("fi", {"fi": "Voima", "sv": "Kraft"})


def printed(catalogue: Catalogue, language: str, source: str, **context: object) -> str:
    return environment(language, catalogue).from_string(source).render(**context)


def test_a_template_compiled_for_one_language_prints_the_others_in_theirs(catalogue: Catalogue) -> None:
    """Jinja works out what is constant when it compiles, and the compiled templates of a build are shared by all languages."""
    code = environment("fi", catalogue).compile("{{ 0|percent }} {{ 400000|money }}", "shared.html")
    made = [environment(language, catalogue) for language in ("fi", "en")]
    pages = [one.template_class.from_code(one, code, {**one.globals}).render() for one in made]
    assert pages == ["0\xa0% 4\xa0000,00\xa0€", "0% €4,000.00"]


def test_texts_are_escaped(catalogue: Catalogue) -> None:
    assert printed(catalogue, "fi", "{{ text }}", text="<script>") == "&lt;script&gt;"


def test_an_unknown_name_stops_the_page(catalogue: Catalogue) -> None:
    with pytest.raises(UndefinedError):
        printed(catalogue, "fi", "{{ unheard_of }}")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fi", FINNISH, "Voima &amp; liike"),
        ("sv", FINNISH, '<span lang="fi">Voima &amp; liike</span>'),
        ("sv", BOTH, "Kraft"),
        ("en", BOTH, '<span lang="fi">Voima</span>'),
    ],
)
def test_a_text_of_another_language_says_which(catalogue: Catalogue, language: str, text: Text, expected: str) -> None:
    assert printed(catalogue, language, "{{ text|spoken }}", text=text) == expected


def test_an_element_can_carry_the_language_itself(catalogue: Catalogue) -> None:
    source = "<h1{{ lang_attr(text) }}>{{ text|text }}</h1>"
    assert printed(catalogue, "sv", source, text=FINNISH) == '<h1 lang="fi">Voima &amp; liike</h1>'
    assert printed(catalogue, "fi", source, text=FINNISH) == "<h1>Voima &amp; liike</h1>"


def test_addresses_are_those_of_the_language(catalogue: Catalogue) -> None:
    source = "{{ url.home() }} {{ url.course('a/b') }} {{ url.subject('FY') }} {{ url.enrol() }} {{ url.open_data() }}"
    assert printed(catalogue, "fi", source) == "/ /courses/a/b.html /subjects/fy.html /enrol /catalogue.json"
    assert printed(catalogue, "sv", source) == "/sv/ /sv/courses/a/b.html /sv/subjects/fy.html /sv/enrol /catalogue.json"


def test_addresses_of_the_service_begin_with_its_host_and_those_of_the_site_do_not(catalogue: Catalogue) -> None:
    url = addresses(catalogue, "sv", "https://service.example")
    assert [url.search(), url.enrol(), url.enrolment("t"), url.decide("t"), url.staff("requests"), url.seats()] == [
        "https://service.example/sv/search",
        "https://service.example/sv/enrol",
        "https://service.example/sv/enrolment/t",
        "https://service.example/sv/decide/t",
        "https://service.example/sv/staff/requests",
        "https://service.example/api/offerings/seats.json",
    ]
    assert (url.home(), url.course("a/b"), url.open_data()) == ("/sv/", "/sv/courses/a/b.html", "/catalogue.json")


def test_instants_are_machine_readable_with_their_offset(catalogue: Catalogue) -> None:
    moment = datetime(2026, 11, 23, 16, tzinfo=catalogue.network.time_zone)
    assert printed(catalogue, "fi", "{{ moment|iso }}", moment=moment) == "2026-11-23T16:00+02:00"
    assert printed(catalogue, "fi", "{{ moment|iso }}", moment=datetime(2026, 11, 23, 14, tzinfo=UTC).date()) == "2026-11-23"


def test_a_folder_of_the_service_adds_templates_but_replaces_none(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "own.html").write_text("own", encoding="utf-8")
    (tmp_path / "base.html").write_text("replaced", encoding="utf-8")
    made = environment("fi", catalogue, tmp_path)
    assert made.get_template("own.html").render() == "own"
    assert made.get_template("base.html").filename == str(TEMPLATES / "base.html")


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_every_template_says_what_it_needs(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("{# needs: ")


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_only_safe_markup_is_printed_unescaped(path: Path) -> None:
    """|safe stands after names that end in _html, our own drawings, and constant markup alone."""
    text = path.read_text(encoding="utf-8")
    for before in text.split("|safe")[:-1]:
        assert before.endswith(("_html", "SHAPES[name]", "'")), before[-40:]


@pytest.mark.parametrize(
    ("email", "href"),
    [
        ("etu.suku@strand.example", "mailto:etu.suku@strand.example"),
        ("a+b_c@strand.example", "mailto:a+b_c@strand.example"),
        ("a?bcc=x&subject=y%0A#z@strand.example", "mailto:a%3Fbcc%3Dx%26subject%3Dy%250A%23z@strand.example"),
    ],
)
def test_an_address_that_somebody_typed_adds_nothing_to_the_mail_of_its_link(email: str, href: str) -> None:
    assert mailto(email) == href
