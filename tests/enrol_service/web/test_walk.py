"""The way from the form to a seat and a report, as people walk it without script."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.enrol_service.cast import CAMILLA, P4, SARI, Office, day
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import STUDENT, enrol, sign_in


def test_from_the_form_to_the_report(app: Flask, reader: Reader, post: Post) -> None:
    enrol(reader)
    assert reader.status == 200
    assert reader.heading == "Oppilaitoksesi päättää"
    assert reader.says("Strandgymnasiet vastaa viimeistään to 26.11. klo 16.00")
    assert reader.says("Sinulle 0 €. Strandgymnasiet maksaa 150,00 €.")
    own = reader.address

    school = Reader(app)
    school.open(post.link(CAMILLA))
    assert school.status == 200
    assert school.says("Veeti Korhonen, 24B")
    school.press("Godkänn")
    assert school.heading == "Begäran är godkänd"
    assert school.says("Camilla Holm godkände detta mån 23.11 kl. 9.52")

    reader.open(own)
    assert reader.heading == "Paikka on sinun"
    assert "Paikka on sinun" in str(post.mails(STUDENT)[-1]["Subject"])

    coordinator = Reader(app)
    sign_in(coordinator, post, SARI)
    assert coordinator.heading == "Omat kurssit"
    coordinator.follow("FY4 Voima ja liike")
    coordinator.open(coordinator.address)
    coordinator.open("/staff/offerings/kuusikko/fy4-voima-ja-liike/2026-p3")
    assert coordinator.says("Veeti Korhonen")
    assert coordinator.says("1 / 10 paikkaa varattu")
    coordinator.follow("Lataa taulukkolaskentaan")
    assert coordinator.page is not None
    file = coordinator.page.data
    assert file.startswith(b"\xef\xbb\xbf")
    rows = [line.split(";") for line in file.decode("utf-8-sig").splitlines()]
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Opiskelija"], row["Tilanne"], row["Hinta"], row["Alkaa"]) == (
        "Veeti Korhonen",
        "Paikka vahvistettu",
        "150,00",
        "30.11.2026",
    )


@pytest.mark.parametrize(
    ("language", "heading"), [("", "Oppilaitoksesi päättää"), ("/sv", "Din läroanstalt beslutar"), ("/en", "Your school decides")]
)
def test_the_student_is_answered_in_the_language_of_the_page(reader: Reader, post: Post, language: str, heading: str) -> None:
    enrol(reader, language)
    assert reader.heading == heading
    assert reader.address.startswith(f"{language}/enrolment/")
    assert post.link(STUDENT) == reader.address


def test_the_second_click_says_who_and_when_and_changes_nothing(app: Flask, reader: Reader, post: Post, watch: Watch) -> None:
    enrol(reader)
    link = post.link(CAMILLA)
    first, second = Reader(app), Reader(app)
    first.open(link)
    second.open(f"{link}/refuse")
    first.press("Godkänn")
    before = len(post.mails(STUDENT))
    watch.later(hours=1)
    second.press("Avslå begäran", reason="esitiedot")
    assert second.heading == "Begäran är godkänd"
    assert second.says("Camilla Holm godkände detta mån 23.11 kl. 9.52")
    assert len(post.mails(STUDENT)) == before


def test_refusing_needs_a_reason_from_the_closed_list(app: Flask, reader: Reader, post: Post) -> None:
    enrol(reader)
    own = reader.address
    school = Reader(app)
    school.open(post.link(CAMILLA))
    school.follow("Avslå…")
    school.press("Avslå begäran")
    assert school.status == 422
    assert school.says("Välj varför du avslår begäran")
    school.press("Avslå begäran", reason="invented")
    assert school.status == 422
    school.press("Avslå begäran", reason="esitiedot")
    assert school.heading == "Begäran är avslagen"
    reader.open(own)
    assert reader.heading == "Oppilaitoksesi ei hyväksynyt"
    assert reader.says("Syy: Esitiedot eivät riitä.")


def test_looking_at_a_link_decides_nothing(app: Flask, reader: Reader, post: Post) -> None:
    enrol(reader)
    own = reader.address
    school = Reader(app)
    for _ in range(3):
        school.open(post.link(CAMILLA))
    reader.open(own)
    assert reader.heading == "Oppilaitoksesi päättää"


def test_an_answer_after_the_deadline_is_refused_and_said(app: Flask, reader: Reader, post: Post, watch: Watch) -> None:
    enrol(reader)
    school = Reader(app)
    school.open(post.link(CAMILLA))
    watch.later(days=4)
    school.press("Godkänn")
    assert school.status == 410
    assert "Svarstiden gick ut tors 26.11 kl. 16.00" in school.heading.replace("\u00a0", " ")
    school.open(post.link(CAMILLA))
    assert school.heading == "Begäran har förfallit"


def test_withdrawing_asks_once_more_and_then_does_it_once(reader: Reader, post: Post) -> None:
    enrol(reader)
    own = reader.address
    reader.follow("Peru ilmoittautuminen")
    assert reader.heading == "Perutaanko ilmoittautuminen?"
    reader.press("Peru ilmoittautuminen")
    assert reader.address == own
    assert reader.heading == "Ilmoittautuminen on peruttu"
    again = reader.client.post(f"{own}/withdraw")
    assert again.status_code == 303
    reader.open(f"{own}/withdraw")
    assert reader.heading == "Tässä ei ole enää peruttavaa"
    assert [str(mail["Subject"]) for mail in post.mails(STUDENT)].count("Ilmoittautumisesi on peruttu") == 1


def test_a_page_of_yesterday_does_not_charge_what_it_did_not_show(reader: Reader, office: Office, watch: Watch) -> None:
    enrol(reader)
    office.give(1)
    watch.now = office.now = day("2026-11-29", "23:59")
    own = reader.address
    reader.open(f"{own}/withdraw")
    assert reader.says("Kukaan ei maksa mitään.")
    watch.now = office.now = day("2026-11-30", "00:01")
    reader.press("Peru ilmoittautuminen")
    assert reader.status == 409
    assert reader.says("sivullasi luki, että oppilaitos maksaa 0,00 €, mutta nyt se maksaa 75,00 €")
    assert office.states(1) == ("placed", "given")
    reader.press("Peru ilmoittautuminen")
    assert (office.states(1), office.commitment(1).charged_cents) == (("withdrawn", "charged"), 7500)


def test_a_freed_seat_goes_to_the_first_in_line_who_is_told(app: Flask, reader: Reader, post: Post, office: Office) -> None:
    office.fill(2, offering_id=P4)
    enrol(reader, offering=P4)
    assert reader.heading == "Olet jonossa sijalla 1"
    own = reader.address
    office.withdraw(1)
    reader.open(own)
    assert reader.heading == "Oppilaitoksesi päättää"
    assert "Paikka vapautui" in str(post.mails(STUDENT)[-1]["Subject"])


def test_the_home_school_decides_from_its_list_signed_in(app: Flask, reader: Reader, post: Post) -> None:
    enrol(reader)
    school = Reader(app)
    sign_in(school, post, CAMILLA)
    assert school.heading == "1 begäran väntar på ditt beslut"
    school.press("Godkänn")
    assert school.heading == "Allt är avgjort"
    assert school.says("Du godkände begäran: Veeti Korhonen. Din läroanstalt betalar 150,00 €.")


def test_a_sign_in_link_works_once(app: Flask, reader: Reader, post: Post) -> None:
    sign_in(reader, post, SARI)
    other = Reader(app)
    other.open(post.link(SARI))
    assert other.status == 410
    assert "jo käytetty" in other.heading


def test_an_address_has_a_few_sign_in_links_at_a_time_and_the_answer_is_always_the_same(app: Flask, post: Post, watch: Watch) -> None:
    answers = set()
    for _ in range(7):
        one = Reader(app)
        one.open("/staff/sign-in")
        one.press("Lähetä linkki", email=SARI)
        answers.add((one.status, one.address, one.page.data if one.page else b""))
    assert len(answers) == 1
    assert len(post.mails(SARI)) == 4
    watch.later(minutes=21)
    sign_in(Reader(app), post, SARI)
    assert len(post.mails(SARI)) == 5


def test_whoever_asks_to_sign_in_gets_the_same_answer_known_or_not(app: Flask, post: Post) -> None:
    answers = []
    for email in (SARI, "nobody@kuusikko.example"):
        one = Reader(app)
        one.open("/staff/sign-in")
        one.press("Lähetä linkki", email=email)
        answers.append((one.status, one.address, one.page.data if one.page else b""))
    assert answers[0] == answers[1]
    assert post.mails("nobody@kuusikko.example") == []


def test_a_lost_link_is_sent_again_to_the_address_alone(app: Flask, reader: Reader, post: Post) -> None:
    enrol(reader)
    own = reader.address
    lost = Reader(app)
    lost.open("/enrolment/new-link")
    lost.press("Lähetä linkki", email=STUDENT)
    assert own not in text_of(lost.soup.main)
    assert post.link(STUDENT) == own
    assert str(post.mails(STUDENT)[-1]["Subject"]) == "Linkki ilmoittautumiseesi"


@pytest.mark.parametrize("end", ["withdraw", "refuse"])
def test_a_lost_link_is_sent_again_after_the_enrolment_has_ended(app: Flask, reader: Reader, post: Post, office: Office, end: str) -> None:
    enrol(reader)
    getattr(office, end)(1)
    lost, unknown = Reader(app), Reader(app)
    for one, email in ((lost, STUDENT), (unknown, "nobody@kuusikko.example")):
        one.open("/enrolment/new-link")
        one.press("Lähetä linkki", email=email)
    assert text_of(lost.soup.main) == text_of(unknown.soup.main)
    assert post.link(STUDENT) == reader.address
    mail = post.mails(STUDENT)[-1].get_body(("plain",))
    assert mail is not None
    assert "sillä näet tilanteen." in " ".join(mail.get_content().split())
    assert post.mails("nobody@kuusikko.example") == []


def test_a_link_that_no_longer_opens_is_not_sent_again(app: Flask, reader: Reader, post: Post, office: Office, watch: Watch) -> None:
    enrol(reader)
    office.withdraw(1)
    watch.later(days=365)
    reader.open("/enrolment/new-link")
    reader.press("Lähetä linkki", email=STUDENT)
    assert "Linkki ilmoittautumiseesi" not in [str(mail["Subject"]) for mail in post.mails(STUDENT)]


def test_a_double_click_without_script_is_answered_by_the_mail_alone(app: Flask, reader: Reader, post: Post) -> None:
    """Whoever typed the address need not be its owner: nothing says that it is on the course."""
    enrol(reader)
    stranger = Reader(app)
    enrol(stranger, name="Joku Muu", school="rantakyla")
    assert (stranger.status, stranger.address, stranger.heading) == (200, "/enrol/sent", "Katso sähköpostisi")
    assert "Veeti" not in text_of(stranger.soup)
    enrol(stranger)
    assert [str(mail["Subject"]) for mail in post.mails(STUDENT)].count("Linkki ilmoittautumiseesi") == 1


def test_a_double_click_with_a_key_leads_to_the_same_page(reader: Reader) -> None:
    enrol(reader, key="0123456789abcdef")
    own = reader.address
    enrol(reader, key="0123456789abcdef")
    assert (reader.status, reader.address) == (200, own)


def test_the_calendar_file_holds_the_dates_of_the_course(reader: Reader) -> None:
    enrol(reader)
    reader.follow("Lisää päivät kalenteriin")
    assert reader.page is not None
    text = reader.page.get_data(as_text=True)
    assert re.findall(r"DTSTART;VALUE=DATE:(\d+)", text) == ["20261130", "20270205", "20261129", "20261130", "20261214"]
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
