"""Whatever stands in an address: an answer in our own words, never an error of ours, and never a header made of it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.enrol_service.cast import CAMILLA, Office
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import sign_in

NASTY = (
    *("99999999999999999999999", "9" * 5000, "-1", "0", "00000000001", "1.5", "1e9", "x", "ä", "٣"),
    *("x%0d%0aSet-Cookie:%20a=b", "%0a", "%00", "a%00b", "%22", "%22;%20filename=%22evil.html", "%ff%fe", "%ed%a0%80"),
    *("..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%5c..%5c", "%3Cscript%3E", "{{7*7}}", "%25s", "' OR 1=1 --", "a" * 3000),
)
SENT = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def insider(app: Flask, post: Post, office: Office) -> Reader:
    """Camilla Holm, who may decide and see her school's courses, with a request to decide."""
    office.enrol()
    reader = Reader(app)
    sign_in(reader, post, CAMILLA)
    return reader


@pytest.mark.slow
@pytest.mark.parametrize("nasty", NASTY, ids=lambda text: text[:24])
def test_no_address_brings_the_service_down(app: Flask, insider: Reader, nasty: str) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.arguments]
    assert rules
    for rule in rules:
        for filled in {re.sub(r"<(?:\w+:)?school_id>", "strand", rule.rule), rule.rule}:
            address = re.sub(r"<[^>]+>", nasty.replace("%s", "%%s"), filled)
            method = insider.client.post if "POST" in (rule.methods or ()) else insider.client.get
            answer = method(address, headers=SENT)
            assert answer.status_code < 500, address[:200]
            assert "Set-Cookie" not in answer.headers
            answer.close()


@pytest.mark.parametrize(
    "address",
    [
        "/staff/requests/99999999999999999999999",
        "/staff/requests/0",
        "/staff/offerings/x%0d%0ay/z/participants.csv",
        "/staff/offerings/strand/x%0d%0ay/2026-p3/participants.csv",
        "/staff/offerings/strand/fy1-fysik/x%22y/participants.csv",
        "/staff/offerings/strand/fy1-fysik/2040-p9/participants.csv",
        "/staff/offerings/strand/fy1-fysik/2040-p9",
        "/staff/participants.csv?school=x%22",
        "/staff/participants.csv",
        "/mailbox/999999999999",
    ],
)
def test_what_is_not_there_is_not_found(insider: Reader, address: str) -> None:
    insider.page = insider.client.get(address)
    assert (insider.status, insider.heading) == (404, "Sivua ei löydy. Kurssi on voinut päättyä.")


def test_a_file_is_named_by_the_catalogue(insider: Reader) -> None:
    names = []
    for address in ("/staff/offerings/strand/fy1-fysik/2026-p3/participants.csv", "/staff/participants.csv?school=strand"):
        answer = insider.client.get(address)
        assert answer.data
        names.append(answer.headers["Content-Disposition"])
    assert names == [
        'attachment; filename="strand-fy1-fysik-2026-p3-2026-11-23.csv"',
        'attachment; filename="strand-2026-11-23.csv"',
    ]


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example", "", "[", "a b", "x" * 300]
)
@pytest.mark.parametrize("path", ["/", "/enrol", "/staff", "/sv/search", "/no/such/page"])
def test_a_foreign_host_is_answered_with_400_and_named_nowhere(app: Flask, host: str, path: str) -> None:
    answer = app.test_client().get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil.example" not in answer.get_data(as_text=True) + str(answer.headers)
    wanted = "Det här är inte kursbrickans egen adress" if path.startswith("/sv/") else "Tämä ei ole tarjottimen oma osoite"
    assert wanted in answer.get_data(as_text=True)


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "LOCALHOST", "[::1]:8000", "tarjotin.pikku.example"])
def test_an_own_host_is_answered(app: Flask, host: str) -> None:
    assert app.test_client().get("/search", headers={"Host": host}).status_code == 200


def test_a_machine_may_ask_for_health_by_any_name(app: Flask) -> None:
    assert app.test_client().get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "location"),
    [("/staff", "/staff/"), ("/sv/staff?a=b", "/sv/staff/?a=b"), ("/staff/requests", "/staff/sign-in"), ("/enrol", "/")],
)
def test_a_redirect_is_a_path_of_this_host(app: Flask, path: str, location: str) -> None:
    answer = app.test_client().get(path, headers={"Host": "localhost:1234"})
    assert answer.headers["Location"] == location


@pytest.mark.parametrize("path", ["//evil.example/%2e%2e", "//evil.example", "/\\evil.example/..", "///evil.example//staff"])
def test_no_address_leads_to_another_host(app: Flask, path: str) -> None:
    location = app.test_client().get(path).headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    ("method", "path", "status", "heading"),
    [
        ("DELETE", "/search", 405, "Sivua ei löydy. Kurssi on voinut päättyä."),
        ("PUT", "/sv/enrol", 405, "Sidan finns inte. Kursen kan ha avslutats."),
        ("POST", "/en/staff/requests", 405, "Page not found. The course may have ended."),
        ("BREW", "/", 405, "Sivua ei löydy. Kurssi on voinut päättyä."),
    ],
)
def test_a_method_that_no_page_takes_is_answered_in_the_readers_language(
    reader: Reader, method: str, path: str, status: int, heading: str
) -> None:
    reader.page = reader.client.open(path, method=method)
    assert (reader.status, reader.heading) == (status, heading)
    assert "GET" in reader.page.headers["Allow"] or path == "/sv/enrol"
