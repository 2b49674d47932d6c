"""The list that empties: many requests chosen, shown once more, answered at once; what was not done is told with why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from enrol_service import tables
from tests.enrol_service.cast import CAMILLA, P4, PIA, Office, form
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import sign_in

HENRIK = "henrik.sandell@strand.example"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def camilla(app: Flask, post: Post) -> Reader:
    """Camilla, signed in, with her pages in Finnish."""
    reader = Reader(app)
    sign_in(reader, post, CAMILLA)
    return reader


def choose(reader: Reader, chosen: list[int], answer: str = "give") -> None:
    """Tick boxes in the list and press the button below it."""
    reader.page = reader.client.post("/staff/requests/chosen", data={"chosen": chosen, "answer": answer}, headers=SAME)


def follow(reader: Reader, words: str) -> None:
    """Follow a link of the list to another state of the list: it says only what differs."""
    link = next(one for one in reader.soup.select("a") if words in one.get_text(" ", strip=True))
    reader.open(f"/staff/requests{link['href']}")


def send(reader: Reader, answer: str, **typed: object) -> None:
    """Press the button of the page that asks once more, with what its form holds."""
    form_of_page = reader.soup.select_one(f'form[action$="/chosen/{answer}"]')
    assert form_of_page is not None
    sent: dict[str, object] = {}
    for field in form_of_page.select("input[type=hidden]"):
        sent.setdefault(str(field["name"]), [])
        sent[str(field["name"])].append(str(field["value"]))  # type: ignore[attr-defined]
    reader.page = reader.client.post(f"/staff/requests/chosen/{answer}", data={**sent, **typed}, headers=SAME)


def test_the_chosen_are_shown_with_their_sum_and_nothing_is_done_yet(camilla: Reader, office: Office) -> None:
    chosen = office.fill(3)
    choose(camilla, chosen[:2])
    assert camilla.heading == "Hyväksytäänkö 2 pyyntöä?"
    assert camilla.says("Strandgymnasiet sitoutuu maksamaan 300,00 €.")
    assert [office.states(one) for one in chosen] == [("requested", "asked")] * 3


def test_approving_the_chosen_gives_each_a_place_and_empties_the_list(camilla: Reader, office: Office) -> None:
    chosen = office.fill(3)
    choose(camilla, chosen)
    send(camilla, "give")
    assert camilla.heading == "Hyväksyit 3 pyyntöä"
    assert [office.states(one) for one in chosen] == [("placed", "given")] * 3
    camilla.open("/staff/requests")
    assert camilla.heading == "Kaikki on päätetty"
    with office.database.read() as connection:
        posted = connection.execute(select(tables.outbox.c.id).where(tables.outbox.c.kind == "placed")).all()
    assert len(posted) == 3


def test_refusing_the_chosen_needs_one_reason_of_the_list(camilla: Reader, office: Office) -> None:
    chosen = office.fill(2)
    choose(camilla, chosen, "refuse")
    send(camilla, "refuse")
    assert camilla.status == 422
    assert camilla.says("Valitse, miksi hylkäät")
    assert [office.states(one) for one in chosen] == [("requested", "asked")] * 2
    send(camilla, "refuse", reason="esitiedot")
    assert camilla.heading == "Hylkäsit 2 pyyntöä"
    assert [office.commitment(one).refusal_reason_id for one in chosen] == ["esitiedot"] * 2


def colleague_gave(office: Office, one: int) -> None:
    office.give(one, HENRIK)


def colleague_refused(office: Office, one: int) -> None:
    office.refuse(one, email=HENRIK)


def student_left(office: Office, one: int) -> None:
    office.withdraw(one)


def time_ran_out(office: Office, one: int) -> None:
    with office.database.write() as connection:
        mine = tables.commitment.c.enrolment_id == one
        connection.execute(tables.commitment.update().where(mine).values(answer_by_at=office.now))


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        (colleague_gave, "Rektor Henrik Sandell hyväksyi tämän ma 23.11. klo 9.52"),
        (colleague_refused, "Rektor Henrik Sandell hylkäsi tämän ma 23.11. klo 9.52"),
        (student_left, "Opiskelija on perunut. Kukaan ei maksa mitään."),
        (time_ran_out, "Vastausaika päättyi"),
    ],
)
def test_what_could_not_be_done_is_told_with_why(
    camilla: Reader, office: Office, meanwhile: Callable[[Office, int], None], why: str
) -> None:
    enrolled = office.enrol()
    choose(camilla, [enrolled])
    meanwhile(office, enrolled)
    before = office.states(enrolled)
    send(camilla, "give")
    assert camilla.heading == "Mitään ei tehty"
    assert why in text_of(camilla.soup.main)
    assert office.states(enrolled) == before


def test_the_others_are_done_when_one_is_not(camilla: Reader, office: Office) -> None:
    first, second = office.fill(2)
    choose(camilla, [first, second])
    office.withdraw(first)
    send(camilla, "give")
    assert camilla.heading == "Hyväksyit 1 pyynnön"
    assert camilla.says("1 pyyntö jäi ennalleen")
    assert office.states(second) == ("placed", "given")


def test_a_second_click_changes_nothing_and_says_who_and_when(camilla: Reader, office: Office) -> None:
    enrolled = office.enrol()
    choose(camilla, [enrolled])
    confirmation = camilla.page
    send(camilla, "give")
    camilla.page = confirmation
    send(camilla, "give")
    assert camilla.heading == "Mitään ei tehty"
    assert camilla.says("Camilla Holm hyväksyi tämän")


def test_nothing_chosen_is_said_on_the_list(camilla: Reader, office: Office) -> None:
    office.enrol()
    choose(camilla, [])
    assert (camilla.status, camilla.heading) == (422, "1 pyyntö odottaa päätöstäsi")
    assert camilla.says("Valitse ensin ainakin yksi pyyntö")


@pytest.mark.parametrize("address", ["chosen", "chosen/give", "chosen/refuse"])
def test_another_schools_request_is_as_if_it_did_not_exist(camilla: Reader, office: Office, address: str) -> None:
    mine, foreign = office.enrol(), office.enrol(form(email="toinen@rantakyla.example", school_id="rantakyla"))
    for chosen in ([mine, foreign], [mine, 9999]):
        data = {"chosen": chosen, "reason": "esitiedot"}
        assert camilla.client.post(f"/staff/requests/{address}", data=data, headers=SAME).status_code == 404
    assert office.states(mine) == office.states(foreign) == ("requested", "asked")


def test_a_course_that_has_changed_since_the_page_is_not_approved_unseen(camilla: Reader, office: Office, app: Flask) -> None:
    enrolled = office.enrol()
    choose(camilla, [enrolled])
    sent = {"chosen": enrolled, f"shown-{enrolled}": "of another day"}
    camilla.page = camilla.client.post("/staff/requests/chosen/give", data=sent, headers=SAME)
    assert camilla.heading == "Mitään ei tehty"
    assert office.states(enrolled) == ("requested", "asked")


def test_select_all_works_without_a_script(camilla: Reader, office: Office) -> None:
    office.fill(3)
    camilla.open("/staff/requests")
    assert not camilla.soup.select("[name=chosen][checked]")
    follow(camilla, "Valitse kaikki")
    assert len(camilla.soup.select("[name=chosen][checked]")) == 3


def test_a_long_list_is_read_fifty_at_a_time(app: Flask, post: Post, office: Office) -> None:
    for number in range(55):
        office.enrol(
            form(
                email=f"s{number}@rantakyla.example",
                school_id="rantakyla",
                course_id="kuusikko/maa6-derivaatta",
                offering_id="oma-tahti",
                prices_shown=None,
            )
        )
    reader = Reader(app)
    sign_in(reader, post, PIA)
    assert len(reader.soup.select("[name=chosen]")) == 50
    follow(reader, "Seuraava")
    assert len(reader.soup.select("[name=chosen]")) == 5


def test_those_in_line_are_not_counted_among_those_to_answer(camilla: Reader, office: Office) -> None:
    office.fill(3, offering_id=P4)  # two seats
    camilla.open("/staff/requests")
    assert camilla.heading == "2 pyyntöä odottaa päätöstäsi"
    assert text_of(camilla.soup.select_one(".menu-count")) == "2"
    assert camilla.says("Jonossa")


def test_what_was_decided_lately_shows_a_price_only_where_one_is_promised(camilla: Reader, office: Office) -> None:
    kept, refused, left = office.fill(3)
    office.give(kept)
    office.refuse(refused)
    office.give(left)
    office.withdraw(left)
    camilla.open("/staff/requests")
    rows = {str(row.select_one("a")["href"]).rpartition("/")[2]: text_of(row) for row in camilla.soup.select("#lately ~ table tbody tr")}  # type: ignore[index]
    assert "€" in rows[str(kept)]
    assert "€" not in rows[str(refused)] + rows[str(left)]
    assert "Opiskelija perui" in rows[str(left)]
