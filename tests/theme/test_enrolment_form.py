"""The enrolment form: empty on the course page, and again with what was typed and what to mend."""

from __future__ import annotations

from datetime import datetime

from bs4 import BeautifulSoup, Tag

from course_catalogue.model import Catalogue
from theme.course_view import course_view, school_choices
from theme.environment import environment

FORCE = "kuusikko/fy4-voima-ja-liike"
FIELDS = {
    *(
        "course",
        "prices_shown",
        "key",
        "website",
        "offering",
        "name",
        "email",
        "school",
        "other_school",
        "other_contact",
        "group",
        "syllabus",
    ),
    *("learner_id", "phone", "message", "protected"),
}


def form(
    catalogue: Catalogue, now: datetime, *, course: str = FORCE, language: str = "fi", values: object = None, errors: object = None
) -> BeautifulSoup:
    html = (
        environment(language, catalogue)
        .get_template("enrolment_form.html")
        .render(
            view=course_view(catalogue, catalogue.courses[course], now),
            schools=school_choices(catalogue, language),
            values=values or {},
            errors=errors or {},
        )
    )
    return BeautifulSoup(html, "html.parser")


def one(soup: BeautifulSoup, selector: str) -> Tag:
    found = soup.select_one(selector)
    assert found is not None, selector
    return found


def test_it_has_the_fields_that_the_service_reads(catalogue: Catalogue, now: datetime) -> None:
    soup = form(catalogue, now)
    assert {str(field["name"]) for field in soup.select("[name]")} == FIELDS
    assert one(soup, "form")["action"] == "/enrol"
    assert one(form(catalogue, now, language="sv"), "form")["action"] == "/sv/enrol"


def test_only_open_runs_can_be_chosen_and_the_one_that_closes_first_is(catalogue: Catalogue, now: datetime) -> None:
    soup = form(catalogue, now)
    assert [field["value"] for field in soup.select("[name=offering]")] == ["2026-p3", "2027-p4"]
    assert [field["value"] for field in soup.select("[name=offering][checked]")] == ["2026-p3"]


def test_what_was_typed_comes_back(catalogue: Catalogue, now: datetime) -> None:
    typed = {
        **{"name": 'Veeti "V" <b>', "email": "veeti@edu", "school": "strand", "group": "24B", "syllabus": "aikuiset"},
        **{"offering": "2027-p4", "message": "</textarea><script>", "protected": "yes", "key": "abc12345"},
    }
    soup = form(catalogue, now, values=typed)
    assert one(soup, "#name")["value"] == typed["name"]
    assert one(soup, "#message").text == typed["message"]
    assert one(soup, "#school option[selected]")["value"] == "strand"
    assert one(soup, "[name=syllabus][checked]")["value"] == "aikuiset"
    assert one(soup, "[name=offering][checked]")["value"] == "2027-p4"
    assert one(soup, "#protected").has_attr("checked")
    assert one(soup, "[name=key]")["value"] == "abc12345"
    assert one(soup, "details").has_attr("open")


def test_an_error_stands_in_the_summary_and_at_its_field_in_the_same_words(catalogue: Catalogue, now: datetime) -> None:
    errors = {"email": "Kirjoita koko sähköpostiosoite", "syllabus": "Valitse oppimäärä"}
    soup = form(catalogue, now, errors=errors)
    summary = one(soup, ".error-summary")
    assert summary["role"] == "alert"
    assert one(soup, ".error-summary__title").text == "Korjaa kaksi kohtaa"
    for field, sentence in errors.items():
        assert one(soup, f'.error-summary a[href="#{field}"]').text == sentence
        assert sentence in one(soup, f"#{field}-error").text
        assert one(soup, f"#{field}")["name"] == field
    assert one(soup, "#email")["aria-invalid"] == "true"
    assert "email-error" in str(one(soup, "#email")["aria-describedby"])


def test_every_field_has_a_label(catalogue: Catalogue, now: datetime) -> None:
    soup = form(catalogue, now)
    labels = {str(label["for"]) for label in soup.select("label[for]")}
    assert {str(field["id"]) for field in soup.select("input:not([type=hidden]), select, textarea")} <= labels


def test_teachers_are_not_asked_for_a_group_or_a_syllabus(catalogue: Catalogue, now: datetime) -> None:
    soup = form(catalogue, now, course="strand/feedback-online")
    assert not soup.select("[name=group], [name=syllabus]")


def test_no_field_has_a_placeholder_and_the_button_is_never_disabled(catalogue: Catalogue, now: datetime) -> None:
    soup = form(catalogue, now)
    assert not soup.select("[placeholder], [disabled]")
