"""Every page of the service in every state is looked at by axe-core: WCAG 2.2 A and AA and its best practices, in three languages.

On a laptop's screen in each language; in one of them also on a phone and in dark colours.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from enrol_service.holder import Holder
from enrol_service.web.traffic import Buckets, Rate
from tests.browser import LAPTOP, PHONE, chromium
from tests.enrol_service.cast import ANNA, CAMILLA, FY4, HENRIK, KARI, P3, P4, PIA, SARI, SMALL, TEACHER, day
from tests.enrol_service.walk import PRICES, typed
from tests.served import free_port
from tests.walk.axe import BUT_COLOURS, COLOURS, EVERYTHING, faults
from tests.walk.every_state import FY1, NETWORK_COORDINATOR, P2, Stage, World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A browser that is closed leaves its last connection to the server's thread for the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

LANGUAGES = ("", "/sv", "/en")
RUN = "/staff/offerings/" + FY4


@dataclass(frozen=True, slots=True)
class Press:
    """A button by its selector, after fields have been filled in: name → value."""

    button: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """A page in one state: who opens which address in which stage, and what is pressed there. `sent`: a form posted to the address."""

    path: str
    who: str = ""
    stage: Stage = "now"
    status: int = 200
    presses: tuple[Press, ...] = ()
    sent: Mapping[str, str] | None = None
    at: datetime | None = None  # another moment than the stage's
    spoilt: str = ""  # a statement that breaks the database first
    flooded: bool = False
    languages: bool = True  # the address has the language in front


def own(names: str, stage: Stage = "now") -> dict[str, View]:
    return {f"student, {name.replace('_', ' ')}, {stage}": View(f"/enrolment/{{own[{name}]}}", stage=stage) for name in names.split()}


def staff(who: str, paths: Mapping[str, str], stage: Stage = "now") -> dict[str, View]:
    return {name: View(f"/staff/{path}", who, stage) for name, path in paths.items()}


ENDED = "cancelled completed corrected expired failed in_progress interrupted left_free left_late no_show refused withdrawn"
OPEN = "active approved_in_line by_school change_asked change_refused guest moved offered own_pace placed protected queued requested"
WRONG_ROW = "Nimi;Sähköposti;Ryhmä;Kurssi\nAino Aho;aino;24B;kuusikko/fy4-voima-ja-liike/2026-p3\nElsa Aho;elsa@strand.example;24B;ei ole\n"
RIGHT_ROW = f"Nimi\tSähköposti\tRyhmä\tOppimäärä\tToteutus\nAino Aho\taino@strand.example\t24B\tnuoret\t{FY4}/2026-p3\n"
SIGN_IN = "form[action*='/sign-in'] button"
CHOSEN = Press("button[value=refuse]", {"chosen": "*"})
CHOSEN_GIVE = Press("button[formaction*=chosen], button[value=give]", {"chosen": "*"})

VIEWS: dict[str, View] = {
    # The student.
    "form with errors": View(
        "/enrol", sent=typed(name="", email="veeti", group="", school="", syllabus="", message="131052-308T"), status=422
    ),
    "form with a new price": View("/enrol", sent=typed(prices_shown=PRICES.replace("15000", "14000")), status=422),
    "form with a failure": View(
        "/enrol",
        sent=typed(),
        status=500,
        spoilt="CREATE TRIGGER broken BEFORE INSERT ON enrolment BEGIN SELECT RAISE(ABORT, 'broken'); END",
    ),
    "form of another site": View("/enrol", sent=typed(website="http://spam.example", message="Hei")),
    "form sent": View("/enrol/sent"),
    "link again": View("/enrolment/new-link"),
    "link again, with an error": View("/enrolment/new-link", status=422, presses=(Press("main form button", {"email": "veeti"}),)),
    "link again, sent": View("/enrolment/new-link/sent"),
    **own(OPEN),
    **own(ENDED),
    **own("placed expired offered guest guest_too", "decided"),
    **own("placed", "lapsed"),
    "leave, free": View("/enrolment/{own[placed]}/withdraw"),
    "leave, at a price": View("/enrolment/{own[active]}/withdraw"),
    "leave, the line": View("/enrolment/{own[queued]}/withdraw"),
    "leave, an offer": View("/enrolment/{own[offered]}/withdraw"),
    "leave, nothing to": View("/enrolment/{own[withdrawn]}/withdraw"),
    "ask to leave": View("/enrolment/{own[change_refused]}/ask-to-leave"),
    "ask to leave, with an error": View("/enrolment/{own[change_refused]}/ask-to-leave", status=422, presses=(Press("main form button"),)),
    "ask to leave, asked": View("/enrolment/{own[change_asked]}/ask-to-leave"),
    "ask to leave, free": View("/enrolment/{own[placed]}/ask-to-leave"),
    # The home school by link.
    "decide, asked": View("/decide/{decide[requested]}"),
    "decide, protected": View("/decide/{decide[requested_protected]}"),
    "decide, in line": View("/decide/{decide[queued]}"),
    "decide, changed": View("/decide/{decide[changed]}"),
    "decide, gone": View("/decide/{decide[gone]}"),
    "decide, given": View("/decide/{decide[placed]}"),
    "decide, refused": View("/decide/{decide[refused]}"),
    "decide, left": View("/decide/{decide[withdrawn]}"),
    "decide, expired": View("/decide/{decide[expired]}"),
    "decide, late": View("/decide/{decide[requested]}", at=day("2026-11-27")),
    "decide, late and pressed": View(
        "/decide/{decide[requested]}", at=day("2026-11-26", "15:59"), presses=(Press("form[action$=give] button"),)
    ),
    "decide, reasons": View("/decide/{decide[requested]}/refuse"),
    "decide, reasons, none chosen": View("/decide/{decide[requested]}/refuse", status=422, presses=(Press("main form button"),)),
    # Sign-in and refusals.
    "sign in": View("/staff/sign-in"),
    "sign in, with an error": View("/staff/sign-in", status=422, presses=(Press(SIGN_IN, {"email": "anna"}),)),
    "sign in, sent": View("/staff/sign-in/sent"),
    "sign in, by link": View("/staff/sign-in/{sign_in}"),
    "refusal, not found": View("/enrolment/x", status=404),
    "refusal, no page": View("/nothing", status=404),
    "refusal, not yours": View("/staff/network", TEACHER, status=403),
    "refusal, too old": View("/enrolment/{own[placed]}", status=410, at=day("2029-06-01")),
    "refusal, too many": View(
        "/staff/sign-in", flooded=True, status=429, presses=(Press(SIGN_IN, {"email": "anna.laine@kuusikko.example"}),)
    ),
    "search, nothing": View("/search?q=latina"),
    "search, found": View("/search?q=voima"),
    "mailbox": View("/mailbox", languages=False),
    "mailbox, empty": View("/mailbox", stage="empty", languages=False),
    "mailbox, a mail": View("/mailbox/{mail}", languages=False),
    # The home school.
    **staff(PIA, {"requests, one": "requests"}),
    **staff(ANNA, {"requests, none": "requests", "students, few": "students", "grades, none": "completions"}, "empty"),
    **staff(
        CAMILLA,
        {
            "requests": "requests",
            "requests, all chosen": "requests?select=all",
            "request, asked": "requests/{number[requested]}",
            "request, given": "requests/{number[placed]}",
            "request, reasons": "requests/{number[requested]}/refuse",
            "students": "students",
            "students, nothing found": "students?q=xyz",
            "students, sorted": "students?sort=student&order=down",
            "student, asked": "students/{number[requested]}",
            "student, change asked": "students/{number[active]}",
            "student, graded": "students/{number[corrected]}",
            "student, interrupted": "students/{number[interrupted]}",
            "student, offered": "students/{number[offered]}",
            "student, protected": "students/{number[protected]}",
            "student, withdraw": "students/{number[active]}/withdraw",
            "student, ask a change": "students/{number[change_refused]}/change",
            "student, a change is asked": "students/{number[active]}/change",
            "enrol students": "students/enrol",
            "enrol one student": "students/enrol?way=one",
            "grades": "completions",
            "grades, all chosen": "completions?chosen=all",
            "grade, new": "completions/{number[completed]}",
            "grade, corrected": "completions/{number[corrected]}",
            "grade, queried": "completions/{number[queried]}",
            "grade, acknowledged": "completions/{number[acknowledged]}",
            "grade, in progress": "completions/{number[in_progress]}",
            "changes of both sides": "changes",
            "change, own": "changes/{change[active]}",
        },
    ),
    "requests, approve these?": View("/staff/requests", CAMILLA, presses=(CHOSEN_GIVE,)),
    "requests, approved": View("/staff/requests", CAMILLA, presses=(CHOSEN_GIVE, Press("form[action$='chosen/give'] button"))),
    "requests, refuse these?": View("/staff/requests", CAMILLA, presses=(CHOSEN,)),
    "requests, no reason": View("/staff/requests", CAMILLA, status=422, presses=(CHOSEN, Press("form[action$='chosen/refuse'] button"))),
    "requests, refused": View(
        "/staff/requests", CAMILLA, presses=(CHOSEN, Press("form[action$='chosen/refuse'] button", {"reason": "esitiedot"}))
    ),
    "requests, none chosen": View("/staff/requests", CAMILLA, status=422, presses=(Press("button[value=refuse]"),)),
    "student, ask a change, with errors": View(
        "/staff/students/{number[change_refused]}/change", CAMILLA, status=422, presses=(Press("main form button"),)
    ),
    "enrol students, rows to mend": View("/staff/students/enrol", CAMILLA, presses=(Press("main form button", {"table": WRONG_ROW}),)),
    "enrol students, nothing to read": View("/staff/students/enrol", CAMILLA, status=422, presses=(Press("main form button"),)),
    "enrol students, right": View("/staff/students/enrol", CAMILLA, presses=(Press("main form button", {"table": RIGHT_ROW}),)),
    "enrol students, done": View(
        "/staff/students/enrol",
        CAMILLA,
        presses=(Press("main form button", {"table": RIGHT_ROW}), Press("form[action*='/do'] button")),
    ),
    "enrol one student, with errors": View("/staff/students/enrol?way=one", CAMILLA, status=422, presses=(Press("main form button"),)),
    "grade, query without words": View(
        "/staff/completions/{number[completed]}", CAMILLA, status=422, presses=(Press("form[action$=query] button"),)
    ),
    "grades, none chosen": View("/staff/completions", CAMILLA, status=422, presses=(Press("form[action*=acknowledge] button"),)),
    # The offering school.
    **staff(
        SARI,
        {
            "runs": "offerings",
            "runs, nothing found": "offerings?q=xyz",
            "run, nearly over": f"offerings/{FY4}/{P2}",
            "run, to come": f"offerings/{FY4}/{P3}",
            "run, full": f"offerings/{FY4}/{P4}",
            "queue": f"offerings/{FY4}/{P4}/queue",
            "queue, nobody": f"offerings/{FY4}/{P2}/queue",
            "messages": f"offerings/{FY4}/{P2}/messages",
            "messages, none": f"offerings/{FY4}/{P3}/messages",
            "cancel": f"offerings/{FY4}/{P3}/cancel",
            "grade table": f"offerings/{FY4}/{P2}/diary",
            "grade table, nobody yet": f"offerings/{FY4}/{P4}/diary",
            "grade list": f"offerings/{FY4}/{P2}/diary/list",
            "grade entry": f"offerings/{FY4}/{P2}/diary/{{number[corrected]}}",
            "grade entry, queried": f"offerings/{FY4}/{P2}/diary/{{number[queried]}}",
            "grade entry, protected": f"offerings/{FY4}/{P2}/diary/{{number[protected]}}",
            "changes to answer": "changes",
            "change, to leave": "changes/{change[change_asked]}",
            "change, to move": "changes/{change[active]}",
            "change, answered": "changes/{change[change_refused]}",
            "teachers": "teachers/kuusikko",
            "teachers of a course": f"teachers/{FY4}",
            "message": f"offerings/{FY4}/{P2}/messages/new",
        },
    ),
    **staff(SARI, {"runs, no students": "offerings", "run, nobody": f"offerings/{FY4}/{P3}", "changes, none": "changes"}, "empty"),
    **staff(SARI, {"run, decided": f"offerings/{FY4}/{P3}"}, "decided"),
    **staff(SARI, {"run, lapsed": f"offerings/{FY4}/{P3}"}, "lapsed"),
    **staff(CAMILLA, {"run, cancelled": f"offerings/{FY1}/{P3}"}),
    **staff(TEACHER, {"runs of a teacher": "offerings", "run of a teacher": f"offerings/{FY4}/{P2}"}),
    "run, marks refused": View(f"{RUN}/{P2}", SARI, status=422, presses=(Press("button[name=mark][value=start]"),)),
    "run, marks done": View(f"{RUN}/{P2}", SARI, presses=(Press("button[name=mark][value='miss:17']"),)),
    "queue, moved": View(
        f"{RUN}/{P4}/queue",
        SARI,
        presses=(Press("main form button", {"enrolment": "{number[moved]}", "rank": "1", "reason": "graduating"}),),
    ),
    "queue, with errors": View(f"{RUN}/{P4}/queue", SARI, status=422, presses=(Press("main form button"),)),
    "message, with errors": View(f"{RUN}/{P2}/messages/new", SARI, status=422, presses=(Press("button[value=look]"),)),
    "message, looked at": View(
        f"{RUN}/{P2}/messages/new",
        SARI,
        presses=(Press("button[value=look]", {"subject": "Koe", "body": "Koe on maanantaina.", "whom": "all"}),),
    ),
    "message, sent": View(
        f"{RUN}/{P2}/messages/new",
        SARI,
        presses=(
            Press("button[value=look]", {"subject": "Koe", "body": "Koe on maanantaina.", "whom": "all"}),
            Press("button[value=send]"),
        ),
    ),
    "cancel, without a reason": View(f"{RUN}/{P3}/cancel", SARI, status=422, presses=(Press("main form button"),)),
    "cancel, once more": View(f"{RUN}/{P3}/cancel", SARI, presses=(Press("main form button", {"reason": "Opettaja on sairastunut."}),)),
    "cancel, done": View(
        f"{RUN}/{P3}/cancel",
        SARI,
        presses=(Press("main form button", {"reason": "Opettaja on sairastunut."}), Press("button[value=cancel]")),
    ),
    "grade table, with errors": View(
        f"{RUN}/{P2}/diary", SARI, status=422, presses=(Press("button[value=save].btn", {"FY-1": "11", "FY-2": "x"}),)
    ),
    "grade table, none chosen": View(f"{RUN}/{P2}/diary", SARI, status=422, presses=(Press("button[value=publish]"),)),
    "grade table, published": View(f"{RUN}/{P2}/diary", SARI, presses=(Press("button[value=all]", {"FY-1": "9"}),)),
    "grade list, nothing": View(f"{RUN}/{P2}/diary/list", SARI, status=422, presses=(Press("main form button"),)),
    "grade list, looked at": View(
        f"{RUN}/{P2}/diary/list", SARI, presses=(Press("main form button", {"list": "Aino Aho\t9\nElsa Aho\t12\nMatti Meikäläinen\t8"}),)
    ),
    "grade entry, with errors": View(
        f"{RUN}/{P2}/diary/{{number[corrected]}}", SARI, status=422, presses=(Press("form[action$=correct] button", {"FY": "11"}),)
    ),
    "grade entry, corrected": View(
        f"{RUN}/{P2}/diary/{{number[completed]}}",
        SARI,
        presses=(Press("form[action$=correct] button", {"FY": "10", "reason": "mistake"}),),
    ),
    "change, no answer chosen": View("/staff/changes/{change[active]}", SARI, status=422, presses=(Press("form[action$=answer] button"),)),
    # Reports.
    **staff(
        SARI,
        {
            "report, participants": "reports/participants?as=courses-kuusikko",
            "report, grades": "reports/completions?as=courses-kuusikko",
            "report, nothing found": "reports/participants?from=2030-01-01",
        },
    ),
    "report, a wrong day": View("/staff/reports/participants?from=x", SARI, status=422),
    **staff(CAMILLA, {"report, own students": "reports/participants", "report, own grades": "reports/completions"}),
    **staff(NETWORK_COORDINATOR, {"report, network": "reports/participants", "report, network grades": "reports/completions"}),
    **staff(SARI, {"report, empty": "reports/participants", "report, no grades": "reports/completions"}, "empty"),
    # The school and the network.
    **staff(
        KARI,
        {
            "people": "school",
            "people, said": "school?said=invited",
            "invite": "school/kuusikko/invite",
            "person": "school/kuusikko/people/{key[anna]}",
            "person, remove": "school/kuusikko/people/{key[anna]}/remove",
            "person, deputy": "school/kuusikko/people/{key[anna]}/deputy",
            "me": "me",
            "my deputy": "me/deputy/kuusikko",
            "keys": "school/tokens",
            "keys, new": "school/tokens/new/kuusikko",
            "keys, end?": "school/tokens/1/end",
        },
    ),
    **staff(TEACHER, {"people, to read": "school", "me, a teacher": "me"}),
    "invite, with errors": View("/staff/school/kuusikko/invite", KARI, status=422, presses=(Press("main form button", {"email": "x"}),)),
    "person, no role left": View(
        "/staff/school/kuusikko/people/{key[new]}", KARI, status=422, presses=(Press("form[action$=roles] button", {"role_*": ""}),)
    ),
    "person, deputy, with errors": View(
        "/staff/school/kuusikko/people/{key[anna]}/deputy", KARI, status=422, presses=(Press("main form button", {"from_on": "x"}),)
    ),
    "keys, new, with errors": View("/staff/school/tokens/new/kuusikko", KARI, status=422, presses=(Press("main form button"),)),
    "my deputy, with errors": View("/staff/me/deputy/kuusikko", KARI, status=422, presses=(Press("main form button", {"from_on": "x"}),)),
    **staff(
        HENRIK,
        {
            "authorisations": "school/authorisations",
            "authorisations, said": "school/authorisations?said=given",
            "authorisation, new": "school/authorisations/new/strand",
            "authorisation": "school/authorisations/2",
            "authorisation, ended": "school/authorisations/1",
            "authorisation, end?": "school/authorisations/2/end",
        },
    ),
    **staff(HENRIK, {"authorisations, none": "school/authorisations"}, "empty"),
    "authorisation, with errors": View("/staff/school/authorisations/new/strand", HENRIK, status=422, presses=(Press("main form button"),)),
    "authorisation, once more": View(
        "/staff/school/authorisations/new/strand",
        HENRIK,
        presses=(Press("main form button", {"budget": "300", "per_student": "2", "from_on": "2026-11-23", "until_on": "2026-12-23"}),),
    ),
    **staff(
        NETWORK_COORDINATOR,
        {
            "network": "network",
            "network, schools": "network/schools",
            "network, events": "network/events",
            "network, mail": "network/mail",
            "guest, applied": "network/guests/1",
            "guest, not to admit?": "network/guests/1/refuse",
        },
    ),
    **staff(NETWORK_COORDINATOR, {"network, nothing yet": "network", "network, no events": "network/events"}, "empty"),
    **staff(NETWORK_COORDINATOR, {"guest, admitted": "network/guests/1", "guest, not admitted": "network/guests/2"}, "decided"),
    "guest, with errors": View(
        "/staff/network/guests/1",
        NETWORK_COORDINATOR,
        status=422,
        presses=(Press("form[action$=admit] button", {"name": "x", "contact_email": "x", "business_id": "1"}),),
    ),
    "guest, no reason": View(
        "/staff/network/guests/1/refuse", NETWORK_COORDINATOR, status=422, presses=(Press("form[action$=refuse] button"),)
    ),
}


class Quiet(WSGIRequestHandler):
    """Logs no request."""

    def log_request(self, *_: object) -> None:
        pass


class Place:
    """The world of every state, served on a port of its own, and a browser that looks at it."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        port = free_port()
        self.world = World(folder, f"http://127.0.0.1:{port}", Holder(SMALL, folder / "no-site"))
        self._server = make_server("127.0.0.1", port, self.world.app, threaded=True, request_handler=Quiet)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        about: Any = {"viewport": LAPTOP, "color_scheme": "light", "locale": "fi-FI", "reduced_motion": "reduce"}
        self._context = browser.new_context(base_url=self.world.address, **about)
        self._context.add_init_script(path=AXE_FILE_PATH)
        # What a page keeps for an interrupted reader would come back on the next one.
        self._context.add_init_script("localStorage.clear(); sessionStorage.clear()")
        self.page = self._context.new_page()
        self.page.set_default_timeout(20_000)

    def close(self) -> None:
        self._context.close()
        self._server.shutdown()
        self.world.close()

    def open(self, view: View, language: str) -> None:
        """Open the page of a view, by everything that is pressed on the way to it."""
        self._put_back(view)
        address = (language if view.languages else "") + self.world.address_of(view.path)
        answer = self.page.goto("/healthz" if view.sent is not None else address)
        if view.sent is not None:
            answer = self._pressed(SEND, [address, dict(view.sent)])
        for press in view.presses:
            values = {name: self.world.address_of(value) for name, value in press.fields.items()}
            answer = self._pressed(PRESS, [press.button, values])
        assert answer is not None
        assert answer.status == view.status, f"{address} answers {answer.status}: {self.page.title()}"

    def _pressed(self, script: str, argument: Any) -> Response:
        with self.page.expect_navigation() as going:
            self.page.evaluate(script, argument)
        return going.value

    def _put_back(self, view: View) -> None:
        self.world.put_back(view.stage, view.at)
        if view.spoilt:
            self.world.spoil(view.spoilt)
        if view.flooded:
            self.world.app.extensions["buckets"]["sign_in"] = Buckets(Rate(0, 60))
        self._context.clear_cookies()
        if view.who:
            self._context.add_cookies([{"name": "tarjotin", "value": view.who, "url": self.world.address}])


SEND = """([address, values]) => {
    const form = Object.assign(document.createElement("form"), {method: "post", action: address});
    for (const [name, value] of Object.entries(values)) form.append(Object.assign(document.createElement("input"), {name, value}));
    document.body.append(form);
    form.submit();
}"""
# "*" ticks every box of a name; a name that ends with "*" unticks those that begin so.
PRESS = """([selector, values]) => {
    const button = document.querySelector(`main ${selector}`) || document.querySelector(selector);
    if (!button) throw new Error(`no ${selector} on ${document.title}`);
    for (const [name, value] of Object.entries(values)) {
        if (name.endsWith("*")) {
            for (const box of document.querySelectorAll(`[name^="${name.slice(0, -1)}"]`)) box.checked = false;
            continue;
        }
        const found = document.getElementsByName(name);
        if (!found.length) throw new Error(`no field ${name} on ${document.title}`);
        for (const one of found) {
            if (one.type === "checkbox" || one.type === "radio") one.checked = value === "*" || one.value === value;
            else one.value = value;
        }
    }
    button.form.noValidate = true;
    button.click();
}"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with chromium() as browser:
        opened = Place(tmp_path_factory.mktemp("axe"), browser)
        yield opened
        opened.close()


@pytest.mark.parametrize("name", VIEWS)
def test_axe_finds_nothing(place: Place, name: str) -> None:
    """In the first language in light and dark and on a phone; in the others as well, but for the colours, which are the same."""
    view, page = VIEWS[name], place.page
    turn = list(VIEWS).index(name) % len(LANGUAGES)
    first, *others = LANGUAGES[turn:] + LANGUAGES[:turn] if view.languages else ("",)
    place.open(view, first)
    found = faults(page, "on a laptop", EVERYTHING)
    page.emulate_media(color_scheme="dark")
    found += faults(page, "in dark colours", COLOURS)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found += faults(page, "on a phone", EVERYTHING)
    page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    for language in others:
        place.open(view, language)
        found += faults(page, "on a laptop", BUT_COLOURS)
    assert "\n".join(found) == ""
