"""The completion report: what is published counts, and only the newest of it."""

from __future__ import annotations

from datetime import date

import pytest

from enrol_service import tables
from enrol_service.report.audience import Audience
from enrol_service.report.completions import CompletionLine, completion_lines
from enrol_service.report.document import Question, make
from enrol_service.report.selection import Selection
from enrol_service.speech import Speech
from tests.enrol_service.cast import CATALOGUE, Office
from tests.enrol_service.report.scene import play, publish

KUUSIKKO = Audience("offering_school", "kuusikko", accounts=True)
SPEECH = Speech("fi", CATALOGUE)


def lines(office: Office, name: str) -> tuple[CompletionLine, ...]:
    with office.database.read() as connection:
        return completion_lines(connection, SPEECH, KUUSIKKO, tables.enrolment.c.name == name)


def row(office: Office, name: str) -> dict[str, object]:
    """A student's only row by key."""
    with office.database.read() as connection:
        document = make(connection, SPEECH, Question("completions", KUUSIKKO, Selection(), date(2026, 11, 23)), "csv")
    (found,) = [dict(zip([one.key for one in document.columns], cells, strict=True)) for cells in document.rows if name in cells]
    return found


def test_a_draft_is_not_in_the_report(office: Office) -> None:
    numbers = play(office)
    publish(office, numbers["Veeti Korhonen"], {"FY": ("9", 2)}, state="draft")
    (line,) = lines(office, "Veeti Korhonen")
    assert (line.result.published, line.result.grade_or_mark, line.result.credits) == (None, "", None)
    assert (line.result.subject_id, line.result.modules) == ("FY", ("FY4",))


def test_the_newest_published_version_counts(office: Office) -> None:
    numbers = play(office)
    publish(office, numbers["Veeti Korhonen"], {"FY": ("4", 2)})
    publish(office, numbers["Veeti Korhonen"], {"FY": ("8", 2)}, version=2, answer="queried")
    publish(office, numbers["Veeti Korhonen"], {"FY": ("10", 2)}, version=3, state="draft")
    found = row(office, "Veeti Korhonen")
    assert (found["grade"], found["credits"], found["version"], found["corrected"]) == (8, 2, 2, "kyllä")
    assert (found["reason"], found["answer"], found["assessed"]) == ("laskuvirhe", "Kysytty", date(2026, 11, 20))


def test_each_subject_has_a_row(office: Office) -> None:
    numbers = play(office)
    publish(office, numbers["Veeti Korhonen"], {"FY": ("9", 2), "MAA": ("S", 1)})
    assert [(one.result.subject_id, one.result.grade, one.result.credits) for one in lines(office, "Veeti Korhonen")] == [
        ("FY", "9", 2),
        ("MAA", "S", 1),
    ]


def test_a_subject_that_a_course_gives_besides_its_own_is_found(office: Office) -> None:
    numbers = play(office)
    publish(office, numbers["Veeti Korhonen"], {"FY": ("9", 2), "MAA": ("S", 1)})
    asked = Question("completions", KUUSIKKO, Selection(subject="MAA"), date(2026, 11, 23))
    with office.database.read() as connection:
        document = make(connection, SPEECH, asked, "page")
    assert [cells[0] for cells in document.rows] == ["Veeti Korhonen"]


@pytest.mark.parametrize(("mark", "missing", "told"), [("T", "koe", "koe"), ("K", "", "")])
def test_a_mark_stands_in_place_of_a_grade(office: Office, mark: str, missing: str, told: str) -> None:
    numbers = play(office)
    publish(office, numbers["Veeti Korhonen"], mark=mark, missing=missing)
    found = row(office, "Veeti Korhonen")
    assert (found["grade"], found["missing"], found["credits"]) == (mark, told, None)


@pytest.mark.parametrize(("state", "there"), [("no_show", True), ("interrupted", True), ("withdrawn", False), ("cancelled", False)])
def test_who_left_before_the_studies_is_not_in_the_diary(office: Office, state: str, there: bool) -> None:
    numbers = play(office)
    with office.database.write() as connection:
        this = tables.enrolment.c.id == numbers["Veeti Korhonen"]
        connection.execute(tables.enrolment.update().where(this).values(state=state))
    asked = Question("completions", KUUSIKKO, Selection(), date(2026, 11, 23))
    with office.database.read() as connection:
        names = [cells[0] for cells in make(connection, SPEECH, asked, "page").rows]
    assert ("Veeti Korhonen" in names) is there


def test_the_day_of_an_interruption_is_the_day_for_which_it_was_marked(office: Office) -> None:
    numbers = play(office)
    number = numbers["Veeti Korhonen"]
    with office.database.write() as connection:
        connection.execute(tables.enrolment.update().where(tables.enrolment.c.id == number).values(state="interrupted"))
        row_ = {"enrolment_id": number, "noun": "enrolment", "step": "interrupt", "from_state": "active", "to_state": "interrupted"}
        connection.execute(tables.event.insert().values(**row_, at=office.now, actor_kind="offering_school", facts={"on": "2026-11-19"}))
    assert row(office, "Veeti Korhonen")["ended"] == date(2026, 11, 19)
