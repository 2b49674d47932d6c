"""Every page is public with a reason or guarded; every role sees its own and nothing else."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from enrol_service.web.access import access_of
from tests.enrol_service.cast import ANNA, CAMILLA, FY4, P3, PIA, SARI, Office, form
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import enrol, sign_in

FYSIIKKA = "fysiikka@kuusikko.example"  # a teacher
KUUSIKKO_RUN = f"/staff/offerings/{FY4}/{P3}"
STRAND_RUN = "/staff/offerings/strand/fy1-fysik/2026-p3"


def test_every_view_says_who_may_open_it(app: Flask) -> None:
    silent = [rule.rule for rule in app.url_map.iter_rules() if access_of(app.view_functions[rule.endpoint]) is None]
    assert silent == []
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None
        assert bool(access.reason) != bool(access.acts), rule.rule
        if "/staff/" in rule.rule and "sign" not in rule.rule:
            assert access.acts, rule.rule


def address_of(rule: str) -> str:
    """An address of a route: a run that exists, the number 1, and some word for everything else."""
    known = {"school_id": FY4.split("/")[0], "course_name": FY4.split("/")[1], "offering_id": P3}
    filled = re.sub(r"<number:\w+>", "1", rule)
    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda match: known.get(match[1], "some"), filled)


def test_guarded_pages_lead_nobody_further_than_the_sign_in(app: Flask) -> None:
    reader = Reader(app)
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        if access and access.acts:
            address = address_of(rule.rule)
            if "POST" in (rule.methods or ()):
                answer = reader.client.post(address, headers={"Sec-Fetch-Site": "same-origin"})
                assert (answer.status_code, b'target="_blank"' in answer.data) == (403, True), address
            else:
                answer = reader.client.get(address)
                assert (answer.status_code, answer.headers["Location"].rsplit("/", 1)[1]) == (303, "sign-in"), address


@pytest.mark.parametrize(
    ("email", "requests", "offerings"),
    [
        (ANNA, 200, 200),
        (SARI, 403, 200),
        (FYSIIKKA, 403, 200),
        (CAMILLA, 200, 200),
        (PIA, 200, 200),
        ("kari.metso@kuusikko.example", 200, 403),
    ],
)
def test_a_role_opens_its_own_lists(app: Flask, post: Post, email: str, requests: int, offerings: int) -> None:
    reader = Reader(app)
    sign_in(reader, post, email)
    assert (reader.client.get("/staff/requests").status_code, reader.client.get("/staff/offerings").status_code) == (requests, offerings)


@pytest.mark.parametrize(
    ("email", "own", "foreign"),
    [(SARI, KUUSIKKO_RUN, STRAND_RUN), (FYSIIKKA, KUUSIKKO_RUN, STRAND_RUN), (CAMILLA, STRAND_RUN, KUUSIKKO_RUN)],
)
def test_a_school_sees_only_its_own_participants(app: Flask, post: Post, office: Office, email: str, own: str, foreign: str) -> None:
    office.enrol()
    reader = Reader(app)
    sign_in(reader, post, email)
    assert reader.client.get(own).status_code == 200
    for address in (foreign, f"{foreign}/participants.csv", f"/staff/participants.csv?school={foreign.split('/')[3]}"):
        assert reader.client.get(address).status_code == 404


def test_a_school_sees_and_decides_only_the_requests_of_its_own_students(app: Flask, post: Post, office: Office) -> None:
    enrolled = office.enrol(form(school_id="rantakyla"))
    reader = Reader(app)
    sign_in(reader, post, CAMILLA)
    assert not reader.says("Veeti Korhonen")
    same = {"Sec-Fetch-Site": "same-origin"}
    assert reader.client.get(f"/staff/requests/{enrolled}").status_code == 404
    assert reader.client.post(f"/staff/requests/{enrolled}/give", headers=same).status_code == 404
    assert reader.client.post(f"/staff/requests/{enrolled}/refuse", data={"reason": "esitiedot"}, headers=same).status_code == 404
    assert office.states(enrolled) == ("requested", "asked")


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
def test_a_change_sent_by_another_site_is_refused(app: Flask, post: Post, office: Office, headers: dict[str, str]) -> None:
    enrolled = office.enrol()
    reader = Reader(app)
    sign_in(reader, post, CAMILLA)
    assert reader.client.post(f"/staff/requests/{enrolled}/give", headers=headers).status_code == 403
    assert reader.client.post("/staff/sign-out", headers=headers).status_code == 403
    assert office.states(enrolled) == ("requested", "asked")
    assert reader.client.post(f"/staff/requests/{enrolled}/give", headers={"Origin": "http://localhost"}).status_code == 303
    assert office.states(enrolled) == ("placed", "given")


def test_another_site_cannot_sign_a_reader_in(app: Flask, post: Post) -> None:
    reader = Reader(app)
    reader.open("/staff/sign-in")
    reader.press("Lähetä linkki", email=SARI)
    answer = reader.client.post(post.link(SARI), headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (403, None)


def test_the_mailbox_exists_in_development_alone(app: Flask, reader: Reader) -> None:
    enrol(reader)
    assert reader.client.get("/mailbox").status_code == 200
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/mailbox")}
    assert rules == {"/mailbox", "/mailbox/<number:number>", "/mailbox/<number:number>.html"}
