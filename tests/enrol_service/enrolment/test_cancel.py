"""A run that its school has cancelled."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from course_catalogue.model import Catalogue
from enrol_service.events import history
from enrol_service.refusals.deciding import RunCancelled
from enrol_service.service import Service
from enrol_service.tick import tick
from tests.enrol_service.cast import CAMILLA, CATALOGUE, FY4, P3, P4, Office, day, offering_of, with_course, with_offering
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import STUDENT, enrol

RUN = with_offering(CATALOGUE, FY4, P4, cancelled=True)
COURSE = with_course(CATALOGUE, dataclasses.replace(CATALOGUE.courses[FY4], status="cancelled"))


@pytest.mark.parametrize("cancelled", [RUN, COURSE], ids=["run", "course"])
def test_everybody_on_it_is_let_go_and_nobody_pays(office: Office, cancelled: Catalogue) -> None:
    requested, placed = office.fill(2, offering_id=P4)
    office.give(placed)
    waiting, approved = (office.fill_one(f"waiting{number}@strand.example", P4) for number in range(2))
    office.give(approved)
    office.catalogue = cancelled
    office.now = day("2027-02-20")  # long after the start: leaving would cost
    assert tick(office.database, office.catalogue, office.now) == 4
    assert {office.states(one) for one in (requested, placed, waiting, approved)} == {("cancelled", "released")}
    assert office.commitment(placed).charged_cents is None
    with office.database.read() as connection:
        assert [(one.step, one.actor_kind) for one in history(connection, placed)][-2:] == [("cancel", "service"), ("release", "service")]
    assert tick(office.database, office.catalogue, office.now) == 0


def test_other_runs_and_enrolments_that_have_ended_stay_as_they_are(office: Office) -> None:
    other, left = office.fill_one("a@strand.example", P3), office.fill_one("b@strand.example", P4)
    office.withdraw(left)
    office.catalogue = RUN
    assert tick(office.database, office.catalogue, office.now) == 0
    assert (office.states(other), office.states(left)) == (("requested", "asked"), ("withdrawn", "released"))


@pytest.mark.parametrize("cancelled", [RUN, COURSE], ids=["run", "course"])
def test_a_run_that_has_been_held_to_its_last_day_cannot_be_cancelled(office: Office, cancelled: Catalogue) -> None:
    student = office.fill_one("a@strand.example", P4)
    office.give(student)
    office.now = day("2027-02-10")
    office.start(student, "2027-02-10")
    last = offering_of(FY4, P4).ends_on
    assert last is not None
    office.now = day((last + timedelta(days=1)).isoformat(), "00:00")
    office.catalogue = cancelled
    assert tick(office.database, office.catalogue, office.now) == 0
    assert office.states(student) == ("active", "given"), "still to be graded"


def test_a_run_that_is_gone_from_a_cancelled_course_ends_with_it_until_its_last_day(office: Office) -> None:
    student = office.fill_one("a@strand.example", P4)
    office.give(student)
    gone = dataclasses.replace(COURSE.courses[FY4], offerings=tuple(one for one in COURSE.courses[FY4].offerings if one.id != P4))
    office.now = day("2027-02-20")
    assert tick(office.database, with_course(COURSE, gone), office.now) == 1
    assert office.states(student) == ("cancelled", "released")


@pytest.mark.parametrize("answer", ["give", "refuse"])
def test_there_is_nothing_to_decide_about_it_any_more(office: Office, answer: str) -> None:
    enrolled = office.fill_one("a@strand.example", P4)
    office.catalogue = RUN
    with pytest.raises(RunCancelled):
        getattr(office, answer)(enrolled)
    assert office.states(enrolled) == ("requested", "asked")


def test_leaving_it_before_the_service_has_acted_costs_nothing(office: Office) -> None:
    enrolled = office.fill_one("a@strand.example", P4)
    office.give(enrolled)
    office.catalogue = RUN
    office.now = day("2027-02-20")
    office.withdraw(enrolled)
    assert office.states(enrolled) == ("withdrawn", "released")


def test_student_and_home_school_are_told(reader: Reader, post: Post, service: Service, watch: Watch) -> None:
    enrol(reader, "/en", offering=P4)
    link = post.link(CAMILLA)
    watch.later(hours=5)
    tick(service.database, RUN, service.clock())
    mail = post.mails(STUDENT)[-1]
    body = mail.get_body(("plain",))
    assert str(mail["Subject"]) == "Your course has been cancelled"
    assert body is not None
    assert "The course was cancelled by the school. Nobody pays." in body.get_content()
    assert str(post.mails(CAMILLA)[-1]["Subject"]) == "En kurs för en studerande hos er har ställts in"
    reader.open(reader.address)
    assert reader.heading == "The course was cancelled by the school"
    reader.open(link)
    assert reader.heading == "Anordnaren ställde in kursen"
    reader.page = reader.client.post(f"{link}/give")
    assert reader.status == 303
