"""The home school's decision page: what has changed is shown first, nothing is decided on an old page, and two answers are one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from course_catalogue.model import Catalogue
from enrol_service.events import history
from enrol_service.holder import Holder
from enrol_service.service import Service
from enrol_service.speech import Speech
from tests.enrol_service.cast import CAMILLA, CATALOGUE, FY4, HENRIK, P3, P4, Office, form, with_course, with_offering
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import STUDENT, enrol, sign_in

Publish = Callable[[Catalogue], None]
COURSE = CATALOGUE.courses[FY4]


def course_with(**changes: Any) -> Catalogue:
    return with_course(CATALOGUE, replace(COURSE, **changes))


NEW_TEACHER = course_with(teacher="Kemian opettaja")
GONE = course_with(status="archived")


@pytest.fixture
def publish(service: Service, monkeypatch: pytest.MonkeyPatch, holder: Holder) -> Publish:
    """Put another catalogue in force."""
    loaded = holder.current

    def swap(catalogue: Catalogue) -> None:
        speech = {language: Speech(language, catalogue) for language in loaded.speech}
        monkeypatch.setattr(holder, "current", replace(loaded, catalogue=catalogue, speech=speech))
        monkeypatch.setattr(holder, "_with_guests", None)

    return swap


@pytest.fixture(params=["by link", "signed in"])
def camilla(request: pytest.FixtureRequest, app: Flask, post: Post, office: Office) -> Reader:
    """Camilla with a request open before her."""
    office.enrol(form(email=STUDENT))
    reader = Reader(app)
    if request.param == "by link":
        reader.open(post.link(CAMILLA))
    else:
        link = post.link(CAMILLA)
        sign_in(reader, post, CAMILLA)
        assert link
        reader.open("/sv/staff/requests/1")
    return reader


def again(reader: Reader) -> None:
    reader.open(reader.address)


def test_what_has_changed_stands_before_the_buttons(camilla: Reader, publish: Publish, office: Office) -> None:
    publish(NEW_TEACHER)
    again(camilla)
    words = text_of(camilla.soup.main)
    assert words.index("Kemian opettaja") < words.index("Godkänn")
    assert camilla.says("Ändrat efter anmälan")
    assert camilla.says("var Fysiikan opettaja")
    assert camilla.says("Det utlovade priset gäller fortfarande: 150,00 €.")
    camilla.press("Godkänn")
    assert office.states(1) == ("placed", "given")
    assert office.commitment(1).price_cents == 15000


def test_nothing_is_said_to_have_changed_when_nothing_has(camilla: Reader) -> None:
    assert not camilla.says("Ändrat efter anmälan")


def test_what_changed_after_the_page_was_opened_is_refused_and_shown(camilla: Reader, publish: Publish, office: Office) -> None:
    publish(NEW_TEACHER)
    camilla.press("Godkänn")
    assert camilla.status == 409
    assert camilla.says("Kursen har ändrats")
    assert camilla.says("var Fysiikan opettaja")
    assert office.states(1) == ("requested", "asked")
    camilla.press("Godkänn")
    assert office.states(1) == ("placed", "given")


def test_a_refusal_on_another_page_than_today_s_is_not_done_either(camilla: Reader, publish: Publish, office: Office) -> None:
    camilla.follow("Avslå…")
    publish(NEW_TEACHER)
    camilla.press("Avslå begäran", reason="esitiedot")
    assert camilla.status == 409
    assert office.states(1) == ("requested", "asked")
    camilla.follow("Avslå…")
    camilla.press("Avslå begäran", reason="esitiedot")
    assert office.states(1) == ("refused", "refused")


def test_a_run_that_is_gone_cannot_be_approved_but_refused(camilla: Reader, publish: Publish, office: Office) -> None:
    publish(GONE)
    camilla.press("Godkänn")
    assert camilla.status == 410
    assert camilla.says("Kursen finns inte längre på kursbrickan")
    assert office.states(1) == ("requested", "asked")
    again_at = camilla.address.removesuffix("/give")
    camilla.open(again_at)
    assert not [button for button in camilla.soup.select("main button") if "Godkänn" in button.get_text()]
    camilla.follow("Avslå…")
    camilla.press("Avslå begäran", reason="esitiedot")
    assert office.states(1) == ("refused", "refused")


def test_the_list_s_button_approves_only_what_has_not_changed(app: Flask, office: Office, post: Post, publish: Publish) -> None:
    office.enrol(form(email=STUDENT))
    reader = Reader(app)
    sign_in(reader, post, CAMILLA)
    publish(NEW_TEACHER)
    reader.page = reader.client.post("/sv/staff/requests/1/give", data={"list": "yes"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert reader.status == 409
    assert reader.says("var Fysiikan opettaja")
    assert office.states(1) == ("requested", "asked")


def decided_by_a_colleague(office: Office, watch: Watch) -> None:
    office.give(1)


def refused_by_a_colleague(office: Office, watch: Watch) -> None:
    office.refuse(1)


def withdrawn(office: Office, watch: Watch) -> None:
    office.withdraw(1)


def expired(office: Office, watch: Watch) -> None:
    watch.later(days=4)
    office.now = watch.now
    office.tick()


def run_cancelled(office: Office, watch: Watch) -> None:
    office.cancel_run(P3)


def run_lapsed(office: Office, watch: Watch) -> None:
    office.catalogue = with_offering(CATALOGUE, FY4, P3, decided_on=office.now.date())
    office.later(days=1)
    office.tick()


TOO_LATE = {
    "a colleague has approved": (decided_by_a_colleague, "Begäran är godkänd", "Camilla Holm godkände detta mån 23.11 kl. 9.52"),
    "a colleague has refused": (refused_by_a_colleague, "Begäran är avslagen", "Camilla Holm avslog detta mån 23.11 kl. 9.52"),
    "the student has left": (withdrawn, "Den studerande har avbokat", "Avbokad mån 23.11 kl. 9.52"),
    "the time is up": (expired, "Begäran har förfallit", "Svarstiden gick ut tors 26.11 kl. 16.00"),
    "the run is cancelled": (run_cancelled, "Anordnaren ställde in kursen", "Opettaja on sairastunut."),
    "the run has lapsed": (run_lapsed, "Kursen ordnas inte: för få anmälda", "Ingen betalar"),
}


@pytest.mark.parametrize("button", ["Godkänn", "Avslå begäran"])
@pytest.mark.parametrize("name", TOO_LATE)
def test_where_nothing_can_be_decided_any_more_the_page_says_why_and_a_click_changes_nothing(
    camilla: Reader, office: Office, post: Post, watch: Watch, name: str, button: str
) -> None:
    happen, heading, words = TOO_LATE[name]
    address = camilla.address
    if button != "Godkänn":
        camilla.follow("Avslå…")
    happen(office, watch)
    before = office.enrolment(1), office.commitment(1)
    if button == "Godkänn":
        camilla.press(button)
    else:
        camilla.press(button, reason="esitiedot")
    assert camilla.status in (200, 403, 410)  # 403: days have gone by, and the session with them
    assert (office.enrolment(1), office.commitment(1)) == before
    camilla.open(address)
    if "/sign-in" in camilla.address:  # days have gone by
        sign_in(camilla, post, CAMILLA)
        camilla.open(address)
    assert camilla.status == 200
    assert camilla.heading == heading
    assert camilla.says(words)


def test_the_page_says_under_whose_authorisation_a_commitment_was_given(app: Flask, office: Office, post: Post) -> None:
    office.authorise()
    office.enrol(form(email=STUDENT))
    reader = Reader(app)
    sign_in(reader, post, HENRIK)
    reader.open("/sv/staff/requests/1")
    assert reader.heading == "Begäran är godkänd"
    assert reader.says("med stöd av en fullmakt av Rektor Henrik Sandell")


SPOILT: dict[str, tuple[Callable[[str], str], int]] = {
    "altered": (lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"), 404),
    "cut": (lambda link: link[:-5], 404),
    "foreign": (lambda link: link.rsplit("/", 1)[0] + "/" + "a" * 38, 404),
}


@pytest.mark.parametrize("act", ["give", "refuse"])
@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_link_decides_nothing(reader: Reader, post: Post, office: Office, name: str, act: str) -> None:
    enrol(reader)
    spoil, status = SPOILT[name]
    answer = reader.client.post(f"{spoil(post.link(CAMILLA))}/{act}", data={"reason": "esitiedot"})
    assert answer.status_code == status
    assert "Länken fungerar inte" in answer.get_data(as_text=True)
    assert office.states(1) == ("requested", "asked")


@pytest.mark.parametrize("act", ["give", "refuse"])
def test_the_student_s_link_decides_nothing(reader: Reader, post: Post, office: Office, act: str) -> None:
    enrol(reader)
    token = post.link(STUDENT).rsplit("/", 1)[1]
    assert reader.client.post(f"/decide/{token}/{act}", data={"reason": "esitiedot"}).status_code == 404
    assert office.states(1) == ("requested", "asked")


@pytest.mark.parametrize("act", ["give", "refuse"])
def test_an_expired_link_decides_nothing(reader: Reader, post: Post, office: Office, watch: Watch, act: str) -> None:
    enrol(reader)
    link = post.link(CAMILLA)
    watch.later(days=40)
    assert reader.client.post(f"{link}/{act}", data={"reason": "esitiedot"}).status_code == 410
    assert office.states(1) == ("requested", "asked")


def test_the_back_button_and_a_replayed_form_change_nothing(camilla: Reader, office: Office, post: Post) -> None:
    page = camilla.page
    camilla.press("Godkänn")
    mails = len(post.mails(STUDENT))
    before = office.commitment(1)
    camilla.page = page  # back
    camilla.press("Godkänn")
    assert camilla.heading == "Begäran är godkänd"
    assert office.commitment(1) == before
    assert len(post.mails(STUDENT)) == mails


@pytest.mark.parametrize("repeat", range(3))
def test_two_who_decide_at_once_are_one_decision(app: Flask, office: Office, post: Post, repeat: int) -> None:
    """One approves and one refuses in the same moment; one of them counts, and both are told the same."""
    office.fill(2, offering_id=P4, school_id="rantakyla")
    office.enrol(form(email=STUDENT, offering_id=P4))
    link = post.link(CAMILLA)
    ready = threading.Barrier(2)

    def press(act: str) -> str:
        reader = Reader(app)
        ready.wait()
        answer = reader.client.post(f"{link}/{act}", data={"reason": "esitiedot"})
        assert answer.status_code == 303
        reader.open(link)
        return reader.heading

    with ThreadPoolExecutor(2) as pool:
        headings = set(pool.map(press, ("give", "refuse")))
    assert len(headings) == 1
    with office.database.read() as connection:
        decisions = [one for one in history(connection, 3) if one.step in ("give", "refuse") and one.noun == "commitment"]
    assert len(decisions) == 1
    assert office.states(3) in (("queued", "given"), ("refused", "refused"))
    assert len([mail for mail in post.mails(STUDENT) if "link" not in str(mail["Subject"])]) == 2  # the receipt and one answer
