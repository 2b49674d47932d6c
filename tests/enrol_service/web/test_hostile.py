"""What strangers send: other origins, robots, floods, markup, huge and broken requests. No traceback, nothing lost, nothing leaked."""

from __future__ import annotations

import io
import json
import logging
import time
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_catalogue.facet import CourseFact
from enrol_service.refusals.web import TooManyRequests
from enrol_service.service import Service
from enrol_service.web.health_page import PROBE_EVERY, Probe
from enrol_service.web.request_log import log_to
from enrol_service.web.traffic import Buckets, Rate
from tests.enrol_service.cast import FY4, P3, SARI, Office
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import ORIGIN, STUDENT, enrol, sign_in, typed

MARKUP = '"><script>alert(1)</script> B{{7*7}}'


def count(office: Office) -> int:
    with office.database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM enrolment").scalar_one())


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "null"}, {"Origin": "https://evil.example"}, {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}],
)
def test_a_form_from_an_unknown_page_is_shown_again_to_be_confirmed(reader: Reader, office: Office, headers: dict[str, str]) -> None:
    reader.page = reader.client.post("/enrol", data=typed(), headers=headers)
    assert reader.status == 200
    assert reader.heading == "Onko tämä sinun ilmoittautumisesi?"
    assert reader.says("Veeti Korhonen")
    assert count(office) == 0
    reader.press("Vahvista ja lähetä", headers={"Sec-Fetch-Site": "cross-site", "Origin": "null"})
    assert reader.heading == "Oppilaitoksesi päättää"
    assert count(office) == 1


@pytest.mark.parametrize("origin", ["https://tarjotin.pikku.example", "http://localhost"])
def test_a_form_from_the_site_or_the_service_is_taken_at_once(reader: Reader, office: Office, origin: str) -> None:
    assert reader.client.post("/enrol", data=typed(), headers={"Origin": origin}).status_code == 303


@pytest.mark.parametrize("proof", ["", "1.x", "9999999999.abc", "x" * 5000, "1795441744." + "0" * 64])
def test_a_forged_confirmation_confirms_nothing(reader: Reader, office: Office, proof: str) -> None:
    assert reader.client.post("/enrol", data=typed(confirmed=proof)).status_code == 200
    assert count(office) == 0


def test_a_robot_that_fills_every_field_enrols_nobody_and_a_browser_that_does_loses_nothing(reader: Reader, office: Office) -> None:
    enrol(reader, website="http://spam.example")
    assert (reader.heading, count(office)) == ("Onko tämä sinun ilmoittautumisesi?", 0)
    reader.press("Vahvista ja lähetä")
    assert count(office) == 1


def test_everything_typed_comes_back_and_nothing_of_it_is_markup(reader: Reader) -> None:
    enrol(reader, name=MARKUP, group="", message=MARKUP, phone="+358 40 123", school="strand", syllabus="aikuiset")
    assert reader.status == 422
    html = reader.page.get_data(as_text=True) if reader.page else ""
    assert "<script>alert" not in html
    form = reader.soup.select_one("#enrol form")
    assert form is not None
    assert form.select_one("#name")["value"] == MARKUP  # type: ignore[index]
    assert form.select_one("#message").get_text() == MARKUP  # type: ignore[union-attr]
    assert form.select_one("option[selected]")["value"] == "strand"  # type: ignore[index]
    assert form.select_one("input[value=aikuiset]").has_attr("checked")  # type: ignore[union-attr]
    assert reader.soup.select_one("details.more").has_attr("open")  # type: ignore[union-attr]
    summary = reader.soup.select_one(".error-summary")
    assert summary is not None
    assert [one["href"] for one in summary.select("a")] == ["#group"]
    assert reader.soup.title is not None
    assert reader.soup.title.get_text().startswith("Virhe:")


def test_markup_in_a_name_is_text_on_every_page(app: Flask, reader: Reader, post: Post) -> None:
    enrol(reader, name=MARKUP, message=MARKUP)
    own = reader.address
    school = Reader(app)
    school.open(post.link("camilla.holm@strand.example"))
    school.press("Godkänn")
    coordinator = Reader(app)
    sign_in(coordinator, post, SARI)
    coordinator.open(f"/staff/offerings/{FY4}/{P3}")
    for page in (reader.client.get(own), coordinator.page, reader.client.get(post.link("camilla.holm@strand.example"))):
        assert page is not None
        assert "<script>alert" not in page.get_data(as_text=True)
        assert "7*7" in page.get_data(as_text=True)


def test_a_form_that_was_mended_is_sent_with_a_new_key(reader: Reader, office: Office) -> None:
    enrol(reader, group="", key="0123456789abcdef")
    reader.press("Lähetä ilmoittautuminen", group="24B")
    assert reader.heading == "Oppilaitoksesi päättää"
    enrol(reader, key="0123456789abcdef", email="toinen@strand.example")
    assert count(office) == 2


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"course": "kuusikko/unknown"}, 404, "Kurssi ei ole enää tarjottimella"),
        ({"course": "../../etc/passwd"}, 404, "Kurssi ei ole enää tarjottimella"),
        ({"course": "kuusikko/fy8-luonnos"}, 404, "Kurssi ei ole enää tarjottimella"),
        ({"course": "kuusikko/yritysretki"}, 422, "Järjestäjä on perunut tämän toteutuksen"),
        ({"offering": "2026-p2"}, 422, "Haku sulkeutui ma 28.9. klo 16.00"),
        ({"prices_shown": f"{P3}:14000/20000"}, 422, "se oli 140,00 € ja on nyt 150,00 €"),
        ({"prices_shown": ""}, 422, "Hinta on 150,00 €"),
        ({"message": "Hetuni on 131052-308T"}, 422, "Poista henkilötunnus"),
        ({"message": "x" * 70_000}, 413, "Lyhennä viestiä"),
    ],
)
def test_a_refusal_is_said_in_words(reader: Reader, office: Office, changed: dict[str, str], status: int, words: str) -> None:
    enrol(reader, **changed)
    assert reader.status == status
    assert reader.says(words)
    assert count(office) == 0


def test_a_changed_price_is_taken_once_it_has_been_shown(reader: Reader, office: Office) -> None:
    enrol(reader, prices_shown=f"{P3}:14000/20000")
    reader.press("Lähetä ilmoittautuminen")
    assert reader.heading == "Oppilaitoksesi päättää"


@pytest.mark.parametrize("path", ["/enrol", "/sv/enrol", "/staff/sign-in", "/enrolment/new-link"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(st.text(max_size=12), st.text(max_size=200), max_size=6), course=st.booleans())
def test_any_form_gets_an_answer_and_never_an_error(app: Flask, path: str, fields: dict[str, str], course: bool) -> None:
    sent = {**fields, **({"course": FY4, "email": "x@y.example"} if course else {})}
    app.extensions["buckets"]["sign_in"] = Buckets(Rate(10_000, 0))
    answer = app.test_client().post(path, data=sent, headers=ORIGIN)
    assert answer.status_code in (200, 303, 404, 422)


@pytest.mark.parametrize(("method", "path", "status"), [("POST", "/", 405), ("PUT", "/enrol", 405), ("GET", "/staff/sign-out", 404)])
def test_a_request_that_no_page_takes_is_answered_like_a_page_that_is_not_there(
    reader: Reader, method: str, path: str, status: int
) -> None:
    reader.page = reader.client.open(path, method=method)
    assert (reader.status, reader.heading) == (status, "Sivua ei löydy. Kurssi on voinut päättyä.")


def test_an_unknown_address_of_the_open_data_is_answered_as_data(reader: Reader) -> None:
    answer = reader.client.get("/api/nothing.json")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.get_json()["refusal"] == "NotFound"


def test_a_body_that_is_no_form_is_answered(reader: Reader) -> None:
    for body, kind in (
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"--x", "multipart/form-data; boundary=x"),
    ):
        assert reader.client.post("/enrol", data=body, content_type=kind, headers=ORIGIN).status_code == 404


def test_a_flood_from_one_address_is_stopped_with_a_sentence_and_others_are_not(app: Flask) -> None:
    app.extensions["buckets"]["enrol"] = Buckets(Rate(burst=3, seconds=60))
    reader = Reader(app)
    for _ in range(3):
        enrol(reader, group="")
        assert reader.status == 422
    enrol(reader)
    assert reader.status == TooManyRequests.status
    assert reader.page is not None
    assert reader.page.headers["Retry-After"] == "60"
    other = reader.client.post("/enrol", data=typed(), headers=ORIGIN, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 303


def test_a_flood_of_searches_is_stopped(app: Flask) -> None:
    app.extensions["buckets"]["search"] = Buckets(Rate(burst=2, seconds=60))
    assert [app.test_client().get("/search?q=voima").status_code for _ in range(3)] == [200, 200, TooManyRequests.status]


class Watched(tuple[CourseFact, ...]):
    """Facts that count how often one of them is looked at."""

    looks = 0

    def __getitem__(self, number: Any) -> Any:
        type(self).looks += 1
        return super().__getitem__(number)


def test_one_search_goes_through_the_courses_a_few_times_whatever_it_asks(
    app: Flask, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What there is without a choice is counted once a minute; many choices cost no more than one."""
    facts = Watched(service.holder.current.facts)
    monkeypatch.setattr(service.holder, "current", replace(service.holder.current, facts=facts))
    many = "&".join(f"month=2040-{month:02}&subject=X{month}&module=Y{month}" for month in range(1, 13))
    for query, times in ((many, 3), (many, 2), ("", 2), ("", 1), ("school=strand", 2)):
        Watched.looks = 0
        assert app.test_client().get(f"/search?{query}").status_code == 200
        assert 0 < Watched.looks <= times * len(facts), query


def test_a_bucket_fills_again() -> None:
    moment = [0.0]
    buckets = Buckets(Rate(burst=2, seconds=10), lambda: moment[0])
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    moment[0] = 10
    assert [buckets.take("a") for _ in range(2)] == [True, False]
    moment[0] = 100
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]


def test_every_answer_carries_the_headers_that_protect_it(reader: Reader, post: Post) -> None:
    enrol(reader)
    own = reader.client.get(reader.address)
    assert own.headers["Referrer-Policy"] == "no-referrer"
    assert own.headers["Cache-Control"] == "no-store"
    public = reader.client.get("/search")
    assert public.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    for answer in (own, public, reader.client.get("/nothing"), reader.client.get("/healthz")):
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers


def test_the_log_holds_no_token_address_or_name(reader: Reader, post: Post, app: Flask) -> None:
    stream = io.StringIO()
    log_to(stream)
    try:
        enrol(reader)
        token = reader.address.rsplit("/", 1)[1]
        reader.client.get(reader.address + "x")
        reader.client.post(f"/decide/{token}/give")
        sign_in(Reader(app), post, SARI)
    finally:
        logging.getLogger("enrol_service").handlers = []
        logging.getLogger("enrol_service").propagate = True
    text = stream.getvalue()
    assert len(text.splitlines()) >= 4
    assert all(json.loads(line)["what"] for line in text.splitlines())
    for secret in (token[:16], STUDENT, SARI, "Korhonen", "192.0.2", "127.0.0.1"):
        assert secret not in text


def test_a_failing_statement_puts_nobody_into_the_log(app: Flask, reader: Reader, service: Service) -> None:
    """The database refuses a row: what it was asked to store is not told. PostgreSQL would add the values as DETAIL."""
    with service.database.engine.connect() as connection:
        text = f"no\nDETAIL:  Key (email)=({STUDENT})"
        connection.exec_driver_sql(f"CREATE TRIGGER broken BEFORE INSERT ON enrolment BEGIN SELECT RAISE(ABORT, '{text}'); END")
    stream = io.StringIO()
    log_to(stream)
    try:
        enrol(reader)
    finally:
        logging.getLogger("enrol_service").handlers = []
        logging.getLogger("enrol_service").propagate = True
    assert reader.status == 500
    assert "INSERT INTO enrolment" in stream.getvalue()
    for secret in (STUDENT, "Korhonen", "24B"):
        assert secret not in stream.getvalue()


def test_asking_for_health_does_not_wait_for_the_write_lock(reader: Reader, service: Service) -> None:
    assert reader.client.get("/healthz").status_code == 200
    with service.database.write():
        began = time.monotonic()
        assert {reader.client.get("/healthz").status_code for _ in range(20)} == {200}
        assert time.monotonic() - began < 5, "it has waited for its turn to write"


def test_the_probe_tries_again_after_a_while(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    moments = [0.0]
    probe = Probe(lambda: moments[0])
    assert probe.can_write(service.database)
    service.database.close()
    for file in service.settings.data.glob("tarjotin.db*"):
        file.unlink()
        file.mkdir()
    assert probe.can_write(service.database), "not tried again yet"
    moments[0] = PROBE_EVERY
    assert not probe.can_write(service.database)


def test_a_bug_is_answered_with_a_number_and_without_its_trace(app: Flask, reader: Reader, service: Service) -> None:
    """The database is taken away: what a full disk or a broken file does."""
    service.database.close()
    for file in service.settings.data.glob("tarjotin.db*"):
        file.unlink()
    logging.getLogger("enrol_service").disabled = True
    enrol(reader)
    assert reader.status == 500
    assert reader.says("Jokin meni vikaan meillä. Tietojasi ei lähetetty.")
    assert "Traceback" not in (reader.page.get_data(as_text=True) if reader.page else "")
    assert reader.client.get("/healthz").status_code in (200, 503)


def test_health_tells_that_nothing_can_be_written(service: Service, reader: Reader) -> None:
    assert reader.client.get("/healthz").get_json()["status"] == "ok"
    with service.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    service.database.close()
    path = service.settings.data / "tarjotin.db"
    path.write_bytes(b"not a database")
    for rest in service.settings.data.glob("tarjotin.db-*"):
        rest.unlink()
    answer = reader.client.get("/healthz")
    assert answer.status_code == 503
    assert answer.get_json()["status"] == "the database cannot be written"
