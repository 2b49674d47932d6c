"""A valid content folder becomes a catalogue in which every value has its type."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from course_catalogue.catalogue import ContentProblems, examine, load
from course_catalogue.model import Catalogue
from tests.course_catalogue.conftest import COURSE, HELSINKI, SMALL, Network


def test_the_small_network_has_no_problem() -> None:
    catalogue, problems = examine(SMALL)
    assert problems == []
    assert catalogue is not None


def test_values_are_typed_by_their_field(small: Catalogue) -> None:
    course = small.courses["kuusikko/fy4-voima-ja-liike"]
    offering = course.offerings[1]
    assert (course.school_id, course.subject_id, course.modules, course.credits) == ("kuusikko", "FY", ("FY4",), 2)
    assert course.title.by_language == {"fi": "Voima ja liike"}
    assert course.production is not None
    assert course.production.reviewed_on == date(2026, 5, 10)
    assert offering.starts_on == date(2026, 11, 30)
    assert offering.enrolment_opens_at == datetime(2026, 8, 15, 8, tzinfo=HELSINKI)
    assert (offering.seats, offering.minimum, offering.decided_on) == (10, 2, date(2026, 11, 28))
    assert offering.label.to("sv") == "Period 3"
    assert course.body.startswith("## Mitä opit\n")
    assert course.source.path == COURSE


def test_what_is_left_out_has_its_default(small: Catalogue) -> None:
    course = small.courses["kuusikko/maa6-derivaatta"]
    offering = course.offerings[0]
    assert (course.materials_cost_cents, course.prerequisites, course.keywords, course.production) == (1250, None, (), None)
    assert (offering.nonstop, offering.days, offering.starts_on, offering.seats, offering.cancelled) == (True, 120, None, None, False)
    assert offering.label.by_language == {"fi": "Oma tahti", "sv": "Egen takt", "en": "Own pace"}
    assert small.courses["kuusikko/yritysretki"].modules == ()


def test_an_offering_without_a_label_is_called_by_its_days(network: Network) -> None:
    catalogue = load(network({COURSE: [("    label: {fi: 3. jakso, sv: Period 3, en: Period 3}\n", "")]}))
    assert str(catalogue.courses["kuusikko/fy4-voima-ja-liike"].offerings[1].label) == "30.11.2026–5.2.2027"


def test_a_text_in_other_languages_only_speaks_the_first_of_the_network(network: Network) -> None:
    catalogue = load(network({COURSE: [("title: Voima ja liike", "title: {sv: Kraft, en: Force}")]}))
    title = catalogue.courses["kuusikko/fy4-voima-ja-liike"].title
    assert (title.language, title.to("fi"), title.best("en")) == ("sv", "Kraft", "en")


def test_schools_contacts_and_agreement_are_read(small: Catalogue) -> None:
    strand = small.schools["strand"]
    agreement = small.agreements["2026-2027"]
    assert (strand.business_id, strand.website, strand.description) == ("7654321-2", None, None)
    assert [contact.name for contact in strand.contacts_for("payer")] == ["Rektor Henrik Sandell"]
    assert small.schools["kuusikko"].contacts[0].language == "fi"
    assert agreement.members == ("kuusikko", "strand")
    assert [(rule.id, rule.amount_cents) for rule in agreement.prices][:2] == [("opettajat", 6000), ("ohjattu", 15000)]
    assert (agreement.answer_within_days, agreement.answer_by_hour) == (3, "16:00")
    assert list(agreement.responsibilities) == ["student", "home_school", "offering_school", "teacher", "network"]


def test_every_closed_list_has_its_words_in_every_language(small: Catalogue) -> None:
    for name in (
        "mode",
        "exam",
        "status",
        "kind",
        "language",
        "roles",
        "audience",
        "licence",
        "produced_by",
        "anchor",
        "party",
        "page_group",
    ):
        for text in small.words[name].values():
            assert set(text.by_language) == {"fi", "sv", "en"}
    assert small.words["mode"]["virtual_class"].to("fi") == "virtuaaliluokka"


def test_drafts_are_loaded_and_have_no_page(small: Catalogue) -> None:
    assert "kuusikko/fy8-luonnos" in small.courses
    assert "kuusikko/fy8-luonnos" not in [course.id for course in small.published()]
    assert "kuusikko/yritysretki" in [course.id for course in small.published()]


def test_an_error_stops_the_load_and_tells_all_problems(network: Network) -> None:
    with pytest.raises(ContentProblems, match=r"2 errors in the content; first T208 at courses/.*:8:7") as refused:
        load(network({COURSE: [("mode: guided", "mode: ohjattu"), ("seats: 10", "seats: 1"), ("title: Voima", "title: {fi: Voima} #")]}))
    assert [problem.code for problem in refused.value.problems] == ["T220", "T208", "T407"]


def test_a_warning_does_not_stop_the_load(network: Network) -> None:
    catalogue, problems = examine(network({COURSE: [("title: Voima ja liike", "title: {fi: Voima}")]}))
    assert catalogue is not None
    assert [problem.severity for problem in problems] == ["warning"]


def test_a_review_in_the_future_is_warned_of_when_the_day_is_known(network: Network) -> None:
    content = network({})
    assert [problem.code for problem in examine(content, today=date(2026, 5, 9))[1]] == ["T420"]
    assert examine(content, today=date(2026, 5, 10))[1] == []


def test_two_readings_are_equal(small: Catalogue) -> None:
    assert load(SMALL) == small


def test_a_network_may_speak_two_languages(network: Network) -> None:
    content = network(
        {"network.yaml": [("[fi, sv, en]", "[fi, sv]"), (", en: Small Network", ""), (", en: A course at another school", "")]}
    )
    _, problems = examine(content)
    assert {problem.code for problem in problems} == {"T219", "T603"}
    assert {dict(problem.facts)["language"] for problem in problems} == {"en"}


def test_a_folder_that_is_empty_says_what_a_network_needs(tmp_path: Path) -> None:
    catalogue, problems = examine(tmp_path)
    assert catalogue is None
    assert [(problem.code, problem.path) for problem in problems] == [
        ("T504", "agreements"),
        ("T011", "network.yaml"),
        ("T011", "vocabulary/levels.yaml"),
        ("T011", "vocabulary/modules.csv"),
        ("T011", "vocabulary/subjects.yaml"),
    ]
