"""What has changed since a student enrolled, and that nobody decides on a page that did not show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from course_catalogue.model import Catalogue, Text
from enrol_service.enrolment.recheck import Changed, changes_since, digest_of, is_gone, refuse_changed, refuse_gone
from enrol_service.refusals.recheck import RunChanged, RunGone
from enrol_service.speech import Speech
from tests.enrol_service.cast import CATALOGUE, FY4, P3, Office, form, with_course, with_offering

COURSE = CATALOGUE.courses[FY4]


def course_with(**changes: Any) -> Catalogue:
    return with_course(CATALOGUE, replace(COURSE, **changes))


def changes(office: Office, enrolment_id: int, today: Catalogue, language: str = "en") -> tuple[Changed, ...]:
    pair = office.enrolment(enrolment_id), office.commitment(enrolment_id)
    with office.database.read() as connection:
        return changes_since(connection, today, *pair, Speech(language, today))


def plain(found: tuple[Changed, ...]) -> list[tuple[str, str, str]]:
    return [tuple(text.replace("\u00a0", " ") for text in (one.label, one.before, one.after)) for one in found]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(CATALOGUE, [], id="nothing"),
        pytest.param(
            with_offering(CATALOGUE, FY4, P3, starts_on=date(2026, 12, 7)),
            [("Time", "Mon 30 November 2026 – Fri 5 February 2027", "Mon 7 December 2026 – Fri 5 February 2027")],
            id="dates",
        ),
        pytest.param(course_with(teacher="Kemian opettaja"), [("Teacher", "Fysiikan opettaja", "Kemian opettaja")], id="teacher"),
        pytest.param(
            course_with(mode="independent"),
            [("Mode", "guided online course", "independent study"), ("Price", "€150.00", "€80.00")],
            id="mode and with it the price",
        ),
        pytest.param(course_with(credits=3), [("Size", "2 credits", "3 credits")], id="credits"),
        pytest.param(course_with(exam="online"), [("Exam", "exam in the home school", "exam online")], id="exam"),
        pytest.param(course_with(language="sv"), [("Language of teaching", "Finnish", "Swedish")], id="language"),
        pytest.param(
            course_with(title=Text("fi", {"fi": "Voima"})),
            [("Course", "Voima ja liike", "Voima")],
            id="title",
        ),
        pytest.param(
            with_offering(CATALOGUE, FY4, P3, nonstop=True, starts_on=None, ends_on=None, days=90),
            [("Time", "Mon 30 November 2026 – Fri 5 February 2027", "Own pace, 90 days")],
            id="from dates to own pace",
        ),
        pytest.param(
            course_with(body="Other words", keywords=("a",), summary=Text("fi", {"fi": "b"})), [], id="words that promise nothing"
        ),
        pytest.param(with_offering(CATALOGUE, FY4, P3, seats=5), [], id="seats"),
        pytest.param(with_course(CATALOGUE, replace(COURSE, status="archived")), [], id="gone"),
    ],
)
def test_what_has_changed_is_told_with_what_it_was(office: Office, today: Catalogue, expected: list[tuple[str, str, str]]) -> None:
    assert plain(changes(office, office.enrol(), today)) == expected


def test_the_price_is_compared_for_the_school_that_pays(office: Office) -> None:
    agreement = CATALOGUE.agreements["2026-2027"]
    rules = tuple(replace(rule, amount_cents=21000) if rule.id == "ulkopuolinen" else rule for rule in agreement.prices)
    today = replace(CATALOGUE, agreements={agreement.id: replace(agreement, prices=rules)})
    member, outside = office.enrol(), office.enrol(form(email="pia@rantakyla.example", school_id="rantakyla"))
    assert changes(office, member, today) == ()
    assert plain(changes(office, outside, today)) == [("Price", "€200.00", "€210.00")]


@pytest.mark.parametrize(("language", "label"), [("fi", "Opettaja"), ("sv", "Lärare"), ("en", "Teacher")])
def test_the_labels_are_the_reader_s(office: Office, language: str, label: str) -> None:
    assert changes(office, office.enrol(), course_with(teacher="Toinen"), language)[0].label == label


@pytest.mark.parametrize(
    ("today", "gone"),
    [
        pytest.param(CATALOGUE, False, id="in the tray"),
        pytest.param(course_with(status="cancelled"), False, id="cancelled, which is said as such"),
        pytest.param(course_with(status="archived"), True, id="archived"),
        pytest.param(course_with(status="draft"), True, id="draft again"),
        pytest.param(course_with(offerings=COURSE.offerings[:1]), True, id="without the run"),
        pytest.param(replace(CATALOGUE, courses={}), True, id="deleted"),
    ],
)
def test_a_run_that_is_not_published_any_more_is_gone(office: Office, today: Catalogue, gone: bool) -> None:
    one = office.enrol()
    assert is_gone(today, office.enrolment(one)) is gone
    if gone:
        with pytest.raises(RunGone):
            refuse_gone(today, office.enrolment(one), office.commitment(one))
    else:
        refuse_gone(today, office.enrolment(one), office.commitment(one))


NEW_TEACHER = course_with(teacher="Kemian opettaja")


@pytest.mark.parametrize(
    ("shown_of", "today", "passes"),
    [
        pytest.param(CATALOGUE, CATALOGUE, True, id="nothing changed"),
        pytest.param(NEW_TEACHER, NEW_TEACHER, True, id="what changed was shown"),
        pytest.param(CATALOGUE, NEW_TEACHER, False, id="changed since the page"),
        pytest.param(NEW_TEACHER, CATALOGUE, False, id="changed back since the page"),
        pytest.param(NEW_TEACHER, course_with(teacher="Kolmas"), False, id="changed once more"),
    ],
)
def test_a_decision_counts_only_on_what_was_shown(office: Office, shown_of: Catalogue, today: Catalogue, passes: bool) -> None:
    one = office.enrol()
    shown = digest_of(changes(office, one, shown_of))

    def recheck() -> None:
        with office.database.read() as connection:
            refuse_changed(connection, today, office.enrolment(one), office.commitment(one), Speech("en", today), shown)

    if passes:
        recheck()
    else:
        with pytest.raises(RunChanged):
            recheck()
        office.give(one)
        recheck()  # a second answer is told who gave the first
