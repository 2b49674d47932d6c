"""A student of a protected identity through a whole life: the offering side and the public get neither who it is nor from where.

Whatever Kuusikko's people open, download, are mailed or get by the API is looked through after each step, and so is the log.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from enrol_service.completion.answer import query, reply
from enrol_service.events import THE_STUDENT
from enrol_service.school.accounts import grant, staff_of
from enrol_service.school.role import ROLES
from enrol_service.school.token import SCOPES, make_token
from enrol_service.web.api.operation import OPERATIONS
from enrol_service.web.request_log import log_to
from enrol_service.web.traffic import Buckets, Rate
from tests.enrol_service.cast import ANNA, CATALOGUE, FY4, KARI, P3, P4, PIA, SARI, TEACHER, Office, day, form
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader
from tests.enrol_service.report.scene import everything
from tests.enrol_service.walk import ORIGIN, PRICES, sign_in, typed

BOSS = "kaikki@kuusikko.example"  # every role of Kuusikko
NETWORK = "verkosto@pikku.example"
OWN_PACE, OWN_PACE_RUN = "kuusikko/maa6-derivaatta", "oma-tahti"
EMAIL = "zenobia.salatutsen@zirkoni.example"
STUDENT = {
    "name": "Zenobia Salatutsen",
    "email": EMAIL,
    "phone": "+358 40 9876543",
    "group": "77ZX",
    "learner_id": "1.2.246.562.24.98765432109",
    "message": "Tavoitat minut vain ametistin kautta.",
    "school": "rantakyla",
    "protected": "yes",
}
PERSONAL = ("Zenobia", "Salatutsen", "zirkoni", "9876543", "77ZX", "98765432109", "ametisti")
# The home school, its person, and the price that only a school outside the network pays.
HOME = ("Rantakyl", "rantakyla", "Pia Ranta", "pia.ranta", "200,00", "200.00", '": 20000', '":20000')
GIVEN_BY_KUUSIKKO = re.compile(r"@kuusikko\.example$")


class Eyes:
    """Whoever may look at Kuusikko's side, and everything they can get."""

    def __init__(self, app: Flask, post: Post, office: Office) -> None:
        self.app, self.post, self.office = app, post, office
        app.extensions["buckets"] = {name: Buckets(Rate(10_000, 0.001)) for name in app.extensions["buckets"]}
        with office.database.write() as connection:
            grant(connection, BOSS, "kuusikko", "Kaikki Osaava", "fi", ROLES, office.now)
            boss = staff_of(connection, CATALOGUE, BOSS, office.now)
            assert boss is not None
            self.key = make_token(connection, boss, "kuusikko", "Kaikki", SCOPES, 90, office.now)

    def find(self, step: str) -> list[str]:
        """Where something was found that must not be there."""
        seen = [*self._pages(), *self._files(), *self._mails(), *self._answers(), *self._public()]
        assert len(seen) > 40, "there is something to look through"
        found = [f"{step}: {where}: {word}" for where, text in seen for word in (*PERSONAL, *HOME) if word.casefold() in text.casefold()]
        of_network = [f"{step}: {where}: {word}" for where, text in self._network() for word in PERSONAL if word in text]
        return found + of_network

    def run_page(self) -> str:
        return self._page(self._signed_in(TEACHER), f"offerings/{FY4}/{P3}")

    def _pages(self) -> Iterator[tuple[str, str]]:
        for email in (TEACHER, BOSS):
            reader = self._signed_in(email)
            for address in self._addresses():
                yield f"{address} of {email}", self._page(reader, address)

    def _addresses(self) -> Iterator[str]:
        yield from (
            "offerings",
            "requests",
            "students",
            "completions",
            "changes",
            "school",
            "school/authorisations",
            "teachers/kuusikko",
            "me",
        )
        for run in (f"{FY4}/{P3}", f"{FY4}/{P4}", f"{OWN_PACE}/{OWN_PACE_RUN}"):
            for page in ("", "/queue", "/messages", "/messages/new", "/cancel", "/diary", "/diary/list"):
                yield f"offerings/{run}{page}"
        for one in self._numbers():
            yield f"offerings/{FY4}/{P3}/diary/{one}"
        yield from (f"changes/{number}" for number in (1, 2, 3))
        yield from ("reports/participants?as=courses-kuusikko", "reports/completions?as=courses-kuusikko")

    def _page(self, reader: Reader, address: str) -> str:
        """The whole page with its attributes; but not the closed lists of all schools, which say nothing of anybody."""
        soup: BeautifulSoup = reader.open(f"/staff/{address}")
        assert reader.status < 500
        for choice in soup.select("select[name=school] option"):
            choice.decompose()
        return str(soup)

    def _files(self) -> Iterator[tuple[str, str]]:
        for email in (SARI, TEACHER, BOSS):
            reader = self._signed_in(email)
            names = [
                f"reports/{report}.{shape}?as=courses-kuusikko"
                for report in ("participants", "completions")
                for shape in ("csv", "xlsx", "pdf")
            ]
            names += [f"offerings/{FY4}/{P3}/participants.csv", "participants.csv?school=kuusikko"]
            for name in names:
                answer = reader.client.get(f"/staff/{name}")
                assert answer.status_code == 200, name
                shape = "csv" if ".csv" in name else "xlsx" if ".xlsx" in name else "pdf"
                yield f"{name} of {email}", everything(answer.data, shape) + str(answer.headers)

    def _mails(self) -> Iterator[tuple[str, str]]:
        for to in (SARI, TEACHER, BOSS, ANNA, KARI):
            for mail in self.post.mails(to):
                yield f"mail to {to}: {mail['Subject']}", whole(mail)

    def _answers(self) -> Iterator[tuple[str, str]]:
        """Every answer of the API that only tells."""
        client = self.app.test_client()
        answered = 0
        for address in sorted(set(self._operations())):
            answer = client.get(address, headers={"Authorization": f"Bearer {self.key}"})
            assert answer.status_code < 500, address
            answered += answer.status_code == 200
            yield f"{address} by the API", answer.get_data(as_text=True)
        assert answered > 15, "the API tells something"

    def _operations(self) -> Iterator[str]:
        for one in OPERATIONS.values():
            rule = one.rule.replace("<course_name>", FY4.split("/")[1])
            for run in (P3, P4) if one.method == "GET" else ():
                for number in self._numbers():
                    address = re.sub(r"<number:\w+>", str(number), rule.replace("<offering_id>", run))
                    asked = ("?report=participants", "?report=completions") if "/reports/" in address else ("",)
                    yield from (address + one_asked for one_asked in asked)

    def _public(self) -> Iterator[tuple[str, str]]:
        reader = Reader(self.app)
        for address in ("/api/offerings/seats.json", "/search?q=Zenobia", "/healthz"):
            text = reader.client.get(address).get_data(as_text=True)
            yield address, text.replace("Zenobia", "") if "search" in address else text

    def _network(self) -> Iterator[tuple[str, str]]:
        reader = self._signed_in(NETWORK)
        for address in ("network", "network/schools", "network/events", "network/mail", "reports/participants", "reports/completions"):
            yield address, str(reader.open(f"/staff/{address}"))
        for mail in self.post.mails(NETWORK):
            yield f"mail to the network: {mail['Subject']}", whole(mail)

    def _numbers(self) -> tuple[int, ...]:
        with self.office.database.read() as connection:
            return tuple(connection.exec_driver_sql("SELECT id FROM enrolment ORDER BY id").scalars())

    def _signed_in(self, email: str) -> Reader:
        reader = Reader(self.app)
        sign_in(reader, self.post, email)
        return reader


def whole(mail: EmailMessage) -> str:
    bodies = [str(part.get_content()) for shape in ("plain", "html") if (part := mail.get_body((shape,)))]
    return " ".join([*(f"{name}: {value}" for name, value in mail.items()), *bodies])


@pytest.fixture
def eyes(app: Flask, post: Post, office: Office) -> Eyes:
    return Eyes(app, post, office)


@pytest.fixture
def told(app: Flask, caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """The log of the service as an operator has it."""
    caplog.set_level(logging.DEBUG)
    stream = io.StringIO()
    log_to(stream)
    yield stream
    logging.getLogger("enrol_service").handlers = []
    logging.getLogger("enrol_service").propagate = True


def enrol(app: Flask, **changed: str) -> Reader:
    reader = Reader(app)
    reader.page = reader.client.post("/enrol", data=typed(**STUDENT, **changed), headers=ORIGIN)
    reader._followed()
    assert reader.status == 200, reader.heading
    return reader


@pytest.mark.slow
def test_nothing_of_a_protected_student_is_found_on_the_offering_side(
    app: Flask, post: Post, office: Office, watch: Watch, eyes: Eyes, told: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    found: list[str] = []

    def at(moment: str) -> None:
        office.now = watch.now = day(moment)

    for number in range(2):  # somebody is on the course that everybody may see, and the last run is full
        office.give(office.enrol(form(email=f"avoin{number}@strand.example", name="Avoin Opiskelija")))
        office.give(office.enrol(form(email=f"avoin{number}@strand.example", name="Avoin Opiskelija", offering_id=P4)))
    enrol(app)
    office.enrol(form(name=STUDENT["name"], email=EMAIL, school_id="rantakyla", offering_id=P4, protected=True))
    made = form(name=STUDENT["name"], email=EMAIL, school_id="rantakyla", protected=True, course_id=OWN_PACE, offering_id=OWN_PACE_RUN)
    elsewhere = office.enrol(made)
    one = elsewhere - 2
    assert office.enrolment(one).protected
    found += eyes.find("asked")

    for number in (one, one + 1, elsewhere):
        office.give(number, PIA)
    post.deliver()
    found += eyes.find("approved")

    office.move(office.enrol(form(email="jono@strand.example", offering_id=P4)), 1)
    office.start(elsewhere, "2026-11-23")
    found += eyes.find("moved")

    at("2026-12-01")
    office.tick()
    office.start(one, "2026-12-01")
    office.send("Tervetuloa", "Aloitetaan maanantaina.", [one, 1])
    late = office.ask_change(one, "leave_free", "En ehdi.", THE_STUDENT)
    office.answer_change(late, accepted=False, text="Kurssi on jo pitkällä.")
    found += eyes.find("started")

    at("2026-12-20")
    change = office.ask_change(elsewhere, "leave_free", "Aikataulu ei sovi.", office.actor(PIA, "ask_changes"))
    found += eyes.find("asked to leave")
    office.answer_change(change, accepted=True)
    assert office.enrolment(elsewhere).state == "withdrawn"
    found += eyes.find("left")

    at("2027-01-25")
    office.grade(one, "9")
    pia, sari = office.actor(PIA, "answer_completions"), office.actor(SARI, "grade")
    with office.database.write() as connection:
        query(connection, CATALOGUE, office_completion(office, one), "Onko koe mukana?", pia, office.now)
    found += eyes.find("graded and queried")
    with office.database.write() as connection:
        reply(connection, CATALOGUE, office_completion(office, one), "On.", sari, office.now)
    office.correct(one, "8")
    found += eyes.find("corrected")

    assert office.enrolment(one).alias in eyes.run_page(), "the student is there, by the alias"
    home = Reader(app)
    sign_in(home, post, PIA)
    assert "Zenobia Salatutsen" in str(home.open("/staff/students"))
    assert "Zenobia Salatutsen" in str(home.open("/staff/completions"))
    assert "Zenobia Salatutsen" in home.client.get("/staff/reports/completions.csv?as=students-rantakyla").get_data(as_text=True)

    with office.database.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TRIGGER broken BEFORE INSERT ON enrolment BEGIN SELECT RAISE(ABORT, 'no'); END")
    failed = Reader(app)
    failed.page = failed.client.post(
        "/enrol", data=typed(**{**STUDENT, "offering": P4, "email": f"uusi.{EMAIL}", "prices_shown": PRICES}), headers=ORIGIN
    )
    assert failed.status in (422, 500)
    log = told.getvalue() + caplog.text
    assert "POST" in log or "path" in log
    found += [f"log: {word}" for word in (*PERSONAL, "Pia Ranta", "pia.ranta") if word.casefold() in log.casefold()]
    assert "\n".join(dict.fromkeys(found)) == ""


def office_completion(office: Office, enrolment_id: int) -> int:
    return office.completion(enrolment_id).id
