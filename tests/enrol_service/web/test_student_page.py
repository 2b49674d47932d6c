"""The student's own page in every state, and its buttons: each acts once, and says how things stand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from enrol_service.events import THE_STUDENT
from enrol_service.states import ENROLMENT
from tests.enrol_service.cast import FY4, P3, P4, Office, day, form
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import STUDENT, enrol

OWN_PACE = "kuusikko/maa6-derivaatta"
PLACED = day("2026-11-24")


class Student:
    """Veeti with a phone, and the office that makes things happen to the enrolment."""

    def __init__(self, office: Office, post: Post, reader: Reader, watch: Watch) -> None:
        self.office, self.post, self.reader, self.watch = office, post, reader, watch
        self.one = 0

    def enrolled(self, **about: str) -> Student:
        self.one = self.office.enrol(form(email=STUDENT, **about))  # type: ignore[arg-type]
        return self

    def queued(self) -> Student:
        """Third on a run of two, so first in line."""
        self.office.fill(2, offering_id=P4)
        return self.enrolled(offering_id=P4)

    def offered(self) -> Student:
        self.queued()
        self.office.give(self.one)
        self.office.withdraw(1)
        return self

    def at(self, moment: str, clock: str = "09:52") -> Student:
        self.office.now = self.watch.now = day(moment, clock)
        return self

    def open(self) -> Reader:
        self.reader.open(self.post.link(STUDENT))
        return self.reader

    @property
    def steps(self) -> list[str]:
        return [text_of(one) for one in self.reader.soup.select(".steps__item")]


@pytest.fixture
def veeti(office: Office, post: Post, reader: Reader, watch: Watch) -> Student:
    return Student(office, post, reader, watch)


def placed(one: Student) -> None:
    one.enrolled()
    one.office.give(one.one)


def active(one: Student) -> None:
    placed(one)
    one.at("2026-11-30", "12:00")
    one.office.start(one.one, "2026-11-30")


def active_own_pace(one: Student) -> None:
    one.enrolled(course_id=OWN_PACE, offering_id="oma-tahti")
    one.office.give(one.one)
    one.office.start(one.one, "2026-11-23")


def interrupted(one: Student) -> None:
    active(one)
    one.office.withdraw(one.one)


def no_show(one: Student) -> None:
    placed(one)
    one.at("2026-12-01")
    one.office.miss(one.one)


def graded(grade: str) -> Callable[[Student], None]:
    def make(one: Student) -> None:
        active(one)
        one.at("2027-01-20")
        one.office.grade(one.one, grade)

    return make


def refused(one: Student) -> None:
    one.enrolled()
    one.office.refuse(one.one)


def expired(one: Student) -> None:
    one.enrolled()
    one.at("2026-11-26", "16:00")
    one.office.tick()


def offer_expired(one: Student) -> None:
    one.offered()
    one.at("2026-11-24")
    one.office.tick()


def cancelled(one: Student) -> None:
    placed(one)
    one.office.cancel_run(P3)


def lapsed(one: Student) -> None:
    placed(one)
    one.at("2026-11-29", "00:01")
    one.office.tick()


def confirmed(one: Student) -> None:
    placed(one)
    one.office.give(one.office.enrol(form(email="toinen@strand.example")))
    one.at("2026-11-29", "00:01")
    one.office.tick()


CASES: dict[str, tuple[str, Callable[[Student], object], str, str]] = {
    # name: (state, how it came about, heading, part of the lead)
    "requested": ("requested", lambda one: one.enrolled(), "Oppilaitoksesi päättää", "vastaa viimeistään to 26.11. klo 16.00"),
    "queued": ("queued", lambda one: one.queued(), "Olet jonossa sijalla 1", "Kurssi on täynnä"),
    "offered": ("offered", lambda one: one.offered(), "Sinulle vapautui paikka", "Paikka on varattu sinulle ti 24.11. klo 9.52 asti"),
    "placed": ("placed", placed, "Paikka on sinun", "Kurssi alkaa ma 30.11."),
    "active": ("active", active, "Kurssi on käynnissä", "Opettaja otti sinuun yhteyttä ma 30.11. Kurssi päättyy pe 5.2.2027."),
    "own pace": ("active", active_own_pace, "Kurssi on käynnissä", "Sinulla on aikaa opiskella ti 23.3.2027 asti."),
    "completed": ("completed", graded("8"), "Suoritettu", ""),
    "failed": ("failed", graded("4"), "Kurssi jäi suorittamatta", "Kysy opettajalta"),
    "interrupted": ("interrupted", interrupted, "Keskeytit kurssin", "maksaa 75,00 €. Sinä et maksa mitään."),
    "no show": ("no_show", no_show, "Et aloittanut", "Kysy opinto-ohjaajaltasi"),
    "refused": ("refused", refused, "Oppilaitoksesi ei hyväksynyt", "Syy: Esitiedot eivät riitä."),
    "expired": ("expired", expired, "Pyyntö raukesi", "ei vastannut"),
    "offer expired": ("expired", offer_expired, "Paikka siirtyi seuraavalle jonossa", "Et vastannut ajoissa. Kukaan ei maksa mitään."),
    "withdrawn": (
        "withdrawn",
        lambda one: one.office.withdraw(one.enrolled().one),
        "Ilmoittautuminen on peruttu",
        "Kukaan ei maksa mitään.",
    ),
    "cancelled": ("cancelled", cancelled, "Järjestäjä perui kurssin", "Järjestäjän perustelu: Opettaja on sairastunut."),
    "lapsed": ("cancelled", lapsed, "Kurssi ei toteudu", "Vahvistettuja ilmoittautumisia oli määräaikana liian vähän"),
}


def test_every_state_is_on_a_page_here() -> None:
    assert {state for state, *_ in CASES.values()} == set(ENROLMENT.states)


@pytest.mark.parametrize("name", CASES)
def test_each_state_is_a_clear_sentence_and_steps(veeti: Student, name: str) -> None:
    state, make, heading, lead = CASES[name]
    make(veeti)
    assert veeti.office.enrolment(veeti.one).state == state
    reader = veeti.open()
    assert reader.status == 200
    assert reader.heading == heading
    assert lead in text_of(reader.soup.select_one(".tray__lead"))
    assert veeti.steps[0].startswith("Ilmoittautuminen lähetetty")
    assert len(veeti.steps) >= 2


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", CASES)
def test_each_state_in_the_other_languages(veeti: Student, name: str, language: str) -> None:
    CASES[name][1](veeti)
    own = veeti.post.link(STUDENT)
    veeti.reader.open(f"/{language}{own}")
    assert veeti.reader.status == 200
    assert veeti.reader.heading != CASES[name][2]
    assert not re.search(r"%\(|\bNone\b", text_of(veeti.reader.soup.main))


def test_a_conditional_run_tells_its_distance_to_go(veeti: Student) -> None:
    placed(veeti)
    reader = veeti.open()
    assert reader.says("Kurssi toteutuu, jos 2 ilmoittautumista on vahvistettu la 28.11. mennessä. Nyt 1, puuttuu 1.")
    assert "Selviää, toteutuuko kurssi La 28.11." in veeti.steps
    veeti.office.give(veeti.office.enrol(form(email="toinen@strand.example")))
    assert veeti.open().says("Vahvistuksia on jo tarpeeksi.")


def test_a_confirmed_run_says_so(veeti: Student) -> None:
    confirmed(veeti)
    assert veeti.open().says("Kurssi toteutuu varmasti.")
    assert not veeti.reader.says("puuttuu")


def test_an_offer_is_taken_once(veeti: Student) -> None:
    reader = veeti.offered().open()
    own = reader.address
    reader.press("Ota paikka")
    assert reader.heading == "Paikka on sinun"
    assert [one for one in veeti.steps if one.startswith("Otit paikan")]
    mails = len(veeti.post.mails(STUDENT))
    assert reader.client.post(f"{own}/accept").status_code == 303
    assert len(veeti.post.mails(STUDENT)) == mails


def test_an_offer_is_declined_at_no_cost(veeti: Student) -> None:
    reader = veeti.offered().open()
    reader.follow("En ota paikkaa")
    assert reader.heading == "Luovutko paikasta?"
    reader.press("En ota paikkaa")
    assert veeti.office.states(veeti.one) == ("withdrawn", "released")


def test_an_offer_whose_hour_has_passed_is_refused_with_a_sentence(veeti: Student) -> None:
    reader = veeti.offered().open()
    own = reader.address
    veeti.at("2026-11-24")
    assert not reader.open(own).select(".tray button")
    assert reader.says("Vastausaika on päättynyt")
    answer = reader.client.post(f"{own}/accept")
    assert answer.status_code == 410
    assert veeti.office.enrolment(veeti.one).state == "offered"


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", "Sinulle 0 €. Strandgymnasiet maksaa 150,00 €."),
        ("/sv", "För dig 0 €. Strandgymnasiet betalar 150,00 €."),
        ("/en", "You pay €0. Strandgymnasiet pays €150.00."),
    ],
)
def test_the_price_is_told_in_the_language_of_the_reader(veeti: Student, prefix: str, words: str) -> None:
    veeti.enrolled()
    veeti.reader.open(prefix + veeti.post.link(STUDENT))
    assert veeti.reader.says(words)


def test_one_leaves_the_queue_by_oneself(veeti: Student) -> None:
    reader = veeti.queued().open()
    reader.follow("Poistu jonosta")
    assert reader.heading == "Poistutaanko jonosta?"
    assert reader.says("Pysyn jonossa")
    assert not reader.says("Pidän paikan")
    reader.press("Poistu jonosta")
    assert veeti.office.states(veeti.one) == ("withdrawn", "released")


def test_a_moved_rank_is_told_with_its_reason_and_its_day(veeti: Student) -> None:
    veeti.queued()
    other = veeti.office.enrol(form(email="toinen@strand.example", offering_id=P4))
    veeti.office.move(other, 1)
    reader = veeti.open()
    assert reader.heading == "Olet jonossa sijalla 2"
    moves = text_of(reader.soup.select_one("[aria-labelledby=moves]"))
    assert "Ma 23.11. klo 9.52: sijalta 1 sijalle 2." in moves
    assert "valmistu" in moves


def test_the_price_of_leaving_is_shown_with_what_the_end_costs(veeti: Student) -> None:
    placed(veeti)
    rows = [text_of(row) for row in veeti.open().soup.select(".leaving tr")]
    assert [row for row in rows if "0 €" in row]
    assert "Kurssi jää suorittamatta 150 €" in rows


@pytest.mark.parametrize(
    ("make", "days"),
    [
        pytest.param(placed, ["20261130", "20270205", "20261129", "20261130", "20261214"], id="dated"),
        pytest.param(active_own_pace, ["20270323", "20261206", "20261207"], id="own pace after first contact"),
    ],
)
def test_the_calendar_file_has_the_course_and_each_day_on_which_leaving_costs_more(
    veeti: Student, make: Callable[[Student], None], days: list[str]
) -> None:
    make(veeti)
    reader = veeti.open()
    reader.follow("Lisää päivät kalenteriin")
    assert reader.page is not None
    text = reader.page.get_data(as_text=True)
    assert re.findall(r"DTSTART;VALUE=DATE:(\d+)", text) == days
    assert len(set(re.findall(r"UID:(\S+)", text))) == len(days)
    assert "Peruminen maksaa oppilaitoksellesi" in text


def test_own_pace_has_no_dates_before_first_contact(veeti: Student) -> None:
    veeti.enrolled(course_id=OWN_PACE, offering_id="oma-tahti")
    reader = veeti.open()
    assert not reader.says("kalenteriin")
    reader.open(f"{reader.address}/course.ics")
    assert reader.status == 404


class TestAskingToLeaveFreeOfCharge:
    def test_the_request_is_sent_shown_and_answered(self, veeti: Student) -> None:
        active(veeti)
        reader = veeti.open()
        reader.follow("Pyydä perumista ilman maksua")
        assert reader.says("maksaa 75,00 €")
        reader.press("Lähetä pyyntö", reason="Muutamme toiselle paikkakunnalle.")
        assert reader.says("Muutamme toiselle paikkakunnalle.")
        assert reader.says("vastaa sinulle sähköpostilla")
        assert not reader.says("Pyydä perumista ilman maksua")
        change = 1
        veeti.office.answer_change(change, accepted=False, text="Kurssi on jo pitkällä.")
        assert veeti.open().says("Kurssi on jo pitkällä.")
        assert veeti.reader.says("ei suostunut pyyntöösi")
        assert veeti.office.enrolment(veeti.one).state == "active"

    def test_a_request_that_is_accepted_ends_the_enrolment_at_no_cost(self, veeti: Student) -> None:
        active(veeti)
        change = veeti.office.ask_change(veeti.one, "leave_free", "Muutan.", THE_STUDENT)
        veeti.office.answer_change(change, accepted=True)
        assert veeti.open().heading == "Ilmoittautuminen on peruttu"
        assert veeti.reader.says("suostui pyyntöösi")
        assert veeti.reader.says("Kukaan ei maksa mitään.")

    def test_a_request_is_taken_back(self, veeti: Student) -> None:
        active(veeti)
        veeti.office.ask_change(veeti.one, "leave_free", "Muutan.", THE_STUDENT)
        veeti.open().press("Peru pyyntö")
        assert veeti.reader.says("Peruit pyyntösi.")
        assert veeti.reader.says("Pyydä perumista ilman maksua")

    @pytest.mark.parametrize(
        ("typed", "said"),
        [("", "Kirjoita"), ("x" * 1001, "1000"), ("Hetuni on 131052-308T.", "henkilötunnus")],
        ids=["nothing", "too long", "an identity code"],
    )
    def test_a_bad_reason_is_said_at_the_field_with_what_was_typed(self, veeti: Student, typed: str, said: str) -> None:
        active(veeti)
        veeti.open().follow("Pyydä perumista ilman maksua")
        veeti.reader.press("Lähetä pyyntö", reason=typed)
        assert veeti.reader.status == 422
        assert said in text_of(veeti.reader.soup.select_one("#reason-error"))
        area = veeti.reader.soup.select_one("#reason")
        assert area is not None
        assert area.get_text() == typed

    def test_a_second_click_asks_nothing_twice(self, veeti: Student) -> None:
        active(veeti)
        first, second = veeti.open(), Reader(veeti.reader.app)
        first.follow("Pyydä perumista ilman maksua")
        second.open(first.address)
        first.press("Lähetä pyyntö", reason="Muutan.")
        second.press("Lähetä pyyntö", reason="Muutan.")
        assert second.says("vastaa sinulle sähköpostilla")
        second.open(f"{second.address}/ask-to-leave")
        assert second.heading == "Pyyntö on lähetetty"

    def test_nobody_is_asked_while_leaving_is_free(self, veeti: Student) -> None:
        placed(veeti)
        own = veeti.open().address
        assert not veeti.reader.says("Pyydä perumista ilman maksua")
        veeti.reader.open(f"{own}/ask-to-leave")
        assert veeti.reader.heading == "Peruminen on nyt maksutonta"
        assert veeti.reader.client.post(f"{own}/ask-to-leave", data={"reason": "Muutan."}).status_code == 409


ACTS = ("accept", "withdraw", "ask-to-leave", "take-back")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("spoilt", "status"),
    [
        pytest.param(lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"), 404, id="altered"),
        pytest.param(lambda link: link[:-5], 404, id="cut"),
        pytest.param(lambda link: link.replace("/enrolment/", "/enrolment/AAAA"), 404, id="invented"),
    ],
)
def test_a_spoilt_link_does_nothing_and_says_one_sentence(
    reader: Reader, post: Post, office: Office, act: str, spoilt: Callable[[str], str], status: int
) -> None:
    enrol(reader)
    link = spoilt(post.link(STUDENT))
    answer = reader.client.post(f"{link}/{act}", data={"reason": "Muutan."})
    assert answer.status_code == status
    assert "Linkki ei toimi" in answer.get_data(as_text=True)
    assert office.states(1) == ("requested", "asked")


@pytest.mark.parametrize("act", ACTS)
def test_a_link_of_the_home_school_opens_no_page_of_the_student(reader: Reader, post: Post, office: Office, act: str) -> None:
    enrol(reader)
    token = post.link("camilla.holm@strand.example").rsplit("/", 1)[1]
    assert reader.client.post(f"/enrolment/{token}/{act}", data={"reason": "x"}).status_code == 404
    assert office.states(1) == ("requested", "asked")


@pytest.mark.parametrize("act", ACTS)
def test_an_expired_link_does_nothing(reader: Reader, post: Post, office: Office, watch: Watch, act: str) -> None:
    enrol(reader)
    link = post.link(STUDENT)
    watch.later(days=600)
    answer = reader.client.post(f"{link}/{act}", data={"reason": "x"})
    assert answer.status_code == 410
    assert office.states(1) == ("requested", "asked")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=["fetch", "origin"])
def test_another_site_s_page_does_nothing(reader: Reader, post: Post, office: Office, act: str, headers: dict[str, str]) -> None:
    enrol(reader)
    assert reader.client.post(f"{post.link(STUDENT)}/{act}", data={"reason": "x"}, headers=headers).status_code == 403
    assert office.states(1) == ("requested", "asked")


def test_looking_at_the_pages_does_nothing(app: Flask, veeti: Student) -> None:
    own = veeti.offered().open().address
    before = veeti.office.enrolment(veeti.one)
    for path in ("", "/withdraw", "/ask-to-leave", "/course.ics"):
        for _ in range(2):
            assert Reader(app).client.get(own + path).status_code in (200, 404)
    for act in ("/accept", "/take-back"):
        assert Reader(app).client.get(own + act).status_code in (404, 405)
    assert veeti.office.enrolment(veeti.one) == before
    assert before.course_id == FY4
