"""Whatever is pressed twice, from an old page, in two tabs or by somebody else: it is done once, and a sentence says how things stand.

A row of `ACTS` is a form on a page: who opens which page, which form of it, and what is typed. The world is every_state's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client, TestResponse

from enrol_service.holder import Holder
from enrol_service.school import people
from enrol_service.tables import metadata
from tests.enrol_service.cast import ANNA, CAMILLA, CATALOGUE, FY4, HENRIK, KARI, NOW, P3, P4, SARI, SMALL, TEACHER
from tests.enrol_service.reader import text_of, values_of
from tests.walk.every_state import INVITED, NETWORK_COORDINATOR, P2, STRANGER, World

SAME = {"Sec-Fetch-Site": "same-origin"}
RUN = "/staff/offerings/" + FY4
# Tables whose rows say that somebody has opened a page, not that anything was done.
OF_LOOKING = ("link", "staff_session", "alembic_version")
RIGHT_ROW = f"Nimi\tSähköposti\tRyhmä\tOppimäärä\tToteutus\nAino Aho\taino@strand.example\t24B\tnuoret\t{FY4}/2026-p3\n"


@dataclass(frozen=True, slots=True)
class Act:
    """A form that changes something. `before`: forms that lead to its page; `typed`: field → what is typed or ticked, `*` all boxes."""

    page: str
    form: str  # the end of the form's address
    typed: Mapping[str, str] = field(default_factory=dict)
    who: str = ""
    before: tuple[Act, ...] = ()
    stage: Any = "now"


def bulk(answer: str, **typed: str) -> Act:
    choose = Act("/staff/requests", "/requests/chosen", {"chosen": "*", "answer": answer}, CAMILLA)
    return Act("", f"/chosen/{answer}", typed, CAMILLA, (choose,))


def run(page: str, form: str, who: str = SARI, **typed: str) -> Act:
    return Act(f"{RUN}/{page}", form, typed, who)


ASK = Act("/staff/students/{number[change_refused]}/change", "/change", {"kind": "leave_free", "text": "Muutto."}, CAMILLA)
YES = Act("/staff/changes/{change[change_asked]}", "/answer", {"accepted": "yes", "text": ""}, SARI)
NO = Act("/staff/changes/{change[change_asked]}", "/answer", {"accepted": "no", "text": "Kurssi on jo pitkällä."}, SARI)
GUEST = {"name": "Saariston lukio", "place": "Korppoo", "contact_name": "Olli Opo", "contact_email": "opo@guest.example"}
TERMS = {"budget": "300", "per_student": "2", "from_on": "2026-11-23", "until_on": "2026-12-23"}
DEPUTY = {
    "deputy_email": "sijainen@kuusikko.example",
    "deputy_name": "Sija Inen",
    "language": "fi",
    "from_on": "2026-11-24",
    "until_on": "2026-12-04",
}
MESSAGE = {"subject": "Koe", "body": "Koe on maanantaina.", "whom": "all"}
NEW_PERSON = {"email": "toinen@kuusikko.example", "name": "Toinen Ihminen", "language": "fi", "role_office": "yes"}

ACTS: dict[str, Act] = {
    # The student.
    "accept": Act("/enrolment/{own[offered]}", "/accept"),
    "leave": Act("/enrolment/{own[placed]}/withdraw", "/withdraw"),
    "leave at a price": Act("/enrolment/{own[active]}/withdraw", "/withdraw"),
    "leave an offer": Act("/enrolment/{own[offered]}/withdraw", "/withdraw"),
    "leave the line": Act("/enrolment/{own[queued]}/withdraw", "/withdraw"),
    "ask to leave": Act("/enrolment/{own[change_refused]}/ask-to-leave", "/ask-to-leave", {"reason": "Muutan."}),
    "take back": Act("/enrolment/{own[change_asked]}", "/take-back"),
    # The home school.
    "approve": Act("/staff/requests/{number[requested]}", "/give", {}, CAMILLA),
    "refuse": Act("/staff/requests/{number[requested]}/refuse", "/refuse", {"reason": "esitiedot"}, CAMILLA),
    "approve many": bulk("give"),
    "refuse many": bulk("refuse", reason="esitiedot"),
    "accept for a student": Act("/staff/students/{number[offered]}", "/accept", {}, CAMILLA),
    "withdraw a student": Act("/staff/students/{number[active]}/withdraw", "/withdraw", {}, CAMILLA),
    "ask a change": ASK,
    "take a change back": Act("/staff/changes/{change[active]}", "/take-back", {}, CAMILLA),
    "enrol many": Act("", "/enrol/do", {}, CAMILLA, (Act("/staff/students/enrol", "/students/enrol", {"table": RIGHT_ROW}, CAMILLA),)),
    "acknowledge": Act("/staff/completions/{number[completed]}", "/acknowledge", {}, CAMILLA),
    "acknowledge many": Act("/staff/completions", "/acknowledge", {"completion": "*"}, CAMILLA),
    "query": Act("/staff/completions/{number[completed]}", "/query", {"text": "Onko koe arvioitu?"}, CAMILLA),
    # The offering school.
    "accept a change": YES,
    "refuse a change": NO,
    "mark first contact": run(P2, "/marks", TEACHER, mark="start:{number[not_begun]}", on="2026-11-23"),
    "mark no show": run(P2, "/marks", TEACHER, mark="miss:{number[not_begun]}"),
    "mark an interruption": run(P2, "/marks", TEACHER, mark="interrupt:{number[ready]}", on="2026-11-23"),
    "undo a mark": run(P2, "/marks", TEACHER, mark="resume:{number[no_show]}"),
    "move in the line": run(f"{P4}/queue", "/queue", enrolment="{number[queued]}", rank="3", reason="graduating"),
    "send a message": Act("", "/messages/new", {"do": "send"}, SARI, (run(f"{P2}/messages/new", "/new", **MESSAGE, do="look"),)),
    "cancel a run": Act("", "/cancel", {"do": "cancel"}, SARI, (run(f"{P3}/cancel", "/cancel", reason="Opettaja on sairastunut."),)),
    "save a draft": run(f"{P2}/diary", "/diary", **{"FY-{number[half]}": "7", "mark-{number[half]}": "", "do": "save"}),
    "publish": run(f"{P2}/diary", "/diary", **{"publish": "{number[ready]}", "do": "publish"}),
    "correct": run(f"{P2}/diary/{{number[completed]}}", "/correct", FY="10", reason="mistake"),
    "reply": run(f"{P2}/diary/{{number[queried]}}", "/reply", reply="On arvioitu."),
    "give a course to a teacher": Act(f"/staff/teachers/{FY4}", FY4, {"teacher": TEACHER}, SARI),
    # The school.
    "invite": Act("/staff/school/kuusikko/invite", "/invite", NEW_PERSON, KARI),
    "give a role": Act("/staff/school/kuusikko/people/{key[new]}", "/roles", {"role_office": "yes"}, KARI),
    "remove": Act("/staff/school/kuusikko/people/{key[new]}/remove", "/remove", {}, KARI),
    "name a deputy": Act("/staff/school/kuusikko/people/{key[anna]}/deputy", "/deputy", DEPUTY, KARI),
    "name my deputy": Act("/staff/me/deputy/kuusikko", "/me/deputy/kuusikko", DEPUTY, KARI),
    "end a deputy": Act("/staff/school", "/end-deputy", {}, KARI),
    "authorise": Act(
        "",
        "/new/strand",
        {"confirmed": "yes"},
        HENRIK,
        (Act("/staff/school/authorisations/new/strand", "/new/strand", TERMS, HENRIK),),
    ),
    "end an authorisation": Act("/staff/school/authorisations/2/end", "/end", {}, HENRIK),
    # The network.
    "admit a guest": Act("/staff/network/guests/1", "/admit", GUEST, NETWORK_COORDINATOR),
    "turn a guest away": Act("/staff/network/guests/1/refuse", "/refuse", {"reason": "Osoite ei ole oppilaitoksen."}, NETWORK_COORDINATOR),
}

# Two tabs, two answers: whichever comes first counts.
TABS = (
    ("leave an offer", ACTS["accept"]),
    ("take back", NO),
    ("accept a change", NO),
    ("refuse a change", YES),
    ("approve", ACTS["refuse"]),
    ("refuse many", bulk("give")),
    ("mark first contact", ACTS["mark no show"]),
    ("mark no show", ACTS["mark first contact"]),
    ("publish", run(f"{P2}/diary", "/diary", **{"FY-{number[ready]}": "5", "publish": "{number[ready]}", "do": "publish"})),
    ("correct", run(f"{P2}/diary/{{number[completed]}}", "/correct", FY="4", reason="mistake")),
    ("admit a guest", ACTS["turn a guest away"]),
    ("turn a guest away", ACTS["admit a guest"]),
    ("ask to leave", Act("/staff/students/{number[change_refused]}/change", "/change", ASK.typed, CAMILLA)),
    ("ask a change", ACTS["ask to leave"]),
    ("leave", Act("/staff/students/{number[placed]}/withdraw", "/withdraw", {}, CAMILLA)),
    ("accept for a student", ACTS["accept"]),
)


def run_cancelled(world: World) -> None:
    world.autumn.office.cancel_run(P3)


def full_run_cancelled(world: World) -> None:
    world.autumn.office.cancel_run(P4)


def nearly_over_cancelled(world: World) -> None:
    world.autumn.office.cancel_run(P2)


def answered(world: World) -> None:
    world.autumn.office.answer_change(world.known["change"]["change_asked"], accepted=True)


def corrected(world: World) -> None:
    world.autumn.office.correct(world.autumn.numbers["completed"], "6")


def removed(world: World) -> None:
    actor = world.autumn.office.actor(KARI, "manage_people")
    with world.database.write() as connection:
        people.remove(connection, CATALOGUE, "kuusikko", INVITED, actor, NOW)


def left(name: str) -> Callable[[World], None]:
    def happen(world: World) -> None:
        world.autumn.office.withdraw(world.autumn.numbers[name])

    return happen


def changed_back(world: World) -> None:
    world.autumn.office.take_back(world.known["change"]["active"])


# The back button: the page is old, the state has moved on. Act → what has happened.
BACK: tuple[tuple[str, Callable[[World], None]], ...] = (
    ("accept", full_run_cancelled),
    ("accept for a student", left("offered")),
    ("leave", run_cancelled),
    ("leave the line", full_run_cancelled),
    ("ask to leave", nearly_over_cancelled),
    ("take back", answered),
    ("approve", run_cancelled),
    ("approve many", run_cancelled),
    ("refuse many", run_cancelled),
    ("withdraw a student", nearly_over_cancelled),
    ("ask a change", nearly_over_cancelled),
    ("take a change back", changed_back),
    ("acknowledge", corrected),
    ("acknowledge many", corrected),
    ("query", corrected),
    ("accept a change", answered),
    ("refuse a change", answered),
    ("mark first contact", nearly_over_cancelled),
    ("undo a mark", nearly_over_cancelled),
    ("move in the line", left("queued")),
    ("move in the line", full_run_cancelled),
    ("send a message", nearly_over_cancelled),
    ("cancel a run", run_cancelled),
    ("save a draft", nearly_over_cancelled),
    ("publish", nearly_over_cancelled),
    ("correct", corrected),
    ("give a role", removed),
    ("remove", removed),
)
# Of these, some of what was chosen still stands and is done.
IN_PART = {("approve many", "run_cancelled"), ("refuse many", "run_cancelled"), ("acknowledge many", "corrected")}


class Sent:
    """A form as a browser would send it: its address and its fields."""

    def __init__(self, world: World, act: Act) -> None:
        self.world = world
        self.who = act.who
        self.client = signed_in(world, act.who)
        shown: TestResponse | None = None
        for step in act.before:
            shown = self._press(step, self._page(step, shown))
        self.action, self.fields = read(act, self._page(act, shown), world)

    def send(self, who: str | None = None) -> TestResponse:
        """Send it, by whoever filled it in or by somebody else; the page that it leads to."""
        client = self.client if who is None else signed_in(self.world, who)
        return followed(client, client.post(self.action, data=self.fields, headers=SAME))

    def _page(self, step: Act, shown: TestResponse | None) -> TestResponse:
        if not step.page and shown is not None:
            return shown
        page = followed(self.client, self.client.get(self.world.address_of(step.page)))
        assert page.status_code == 200, (step.page, page.status_code)
        return page

    def _press(self, step: Act, page: TestResponse) -> TestResponse:
        action, fields = read(step, page, self.world)
        return followed(self.client, self.client.post(action, data=fields, headers=SAME))


def signed_in(world: World, who: str) -> Client:
    client = world.app.test_client()
    if who:
        client.set_cookie("tarjotin", who)
    return client


def followed(client: Client, answer: TestResponse) -> TestResponse:
    while answer.status_code in (301, 302, 303):
        answer = client.get(answer.headers["Location"])
    return answer


def read(act: Act, page: TestResponse, world: World) -> tuple[str, MultiDict[str, str]]:
    """The form's address, and its fields with what is typed."""
    soup = BeautifulSoup(page.get_data(as_text=True), "lxml")
    form = next((one for one in soup.select("form[method=post]") if str(one["action"]).partition("?")[0].endswith(act.form)), None)
    assert isinstance(form, Tag), (act.form, text_of(soup.main))
    fields = MultiDict(values_of(form))
    boxes = [one for one in soup.select("input") if one.find_parent("form") is form or one.get("form", "") == form.get("id")]
    for name, value in act.typed.items():
        said = world.address_of(value)
        fields.setlist(world.address_of(name), [str(box["value"]) for box in boxes if box.get("name") == name] if said == "*" else [said])
    for box in boxes:
        if box.get("type") == "hidden" and box.get("name") and box["name"] not in act.typed:
            every = [str(one["value"]) for one in boxes if one.get("name") == box["name"] and one.get("type") == "hidden"]
            fields.setlist(str(box["name"]), every)
    return str(form["action"]), fields


def rows(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is stored, but what only looking leaves."""
    with world.database.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(table.select()).all()]
            for name, table in metadata.tables.items()
            if name not in OF_LOOKING
        }


def changed(before: dict[str, list[tuple[Any, ...]]], after: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    return [f"{name}: {row}" for name in before for row in after[name] if row not in before[name]]


def judge(page: TestResponse) -> None:
    """One page with a heading that says how things stand; never an error of ours."""
    assert page.status_code < 500
    soup = BeautifulSoup(page.get_data(as_text=True), "lxml")
    assert len(soup.select("h1")) == 1
    assert len(text_of(soup.h1)) > 3
    assert "Traceback" not in text_of(soup)


@pytest.fixture(scope="module")
def whole_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("clicks")
    made = World(folder, "http://localhost", Holder(SMALL, folder / "no-site"))
    yield made
    made.close()


@pytest.fixture
def world(whole_world: World) -> World:
    whole_world.put_back("now")
    return whole_world


@pytest.mark.parametrize("name", ACTS)
def test_a_double_click_is_one_click(world: World, name: str) -> None:
    sent = Sent(world, ACTS[name])
    before = rows(world)
    judge(sent.send())
    once = rows(world)
    assert once != before, "the first click does something"
    again = sent.send()
    judge(again)
    assert changed(once, rows(world)) == []


@pytest.mark.parametrize(("name", "happen"), BACK, ids=lambda one: one if isinstance(one, str) else "")
def test_an_old_page_changes_nothing_that_has_moved_on(world: World, name: str, happen: Callable[[World], None]) -> None:
    sent = Sent(world, ACTS[name])
    happen(world)
    before = rows(world)
    judge(sent.send())
    if (name, happen.__name__) not in IN_PART:
        assert changed(before, rows(world)) == []


@pytest.mark.parametrize(("name", "other"), TABS, ids=lambda one: one if isinstance(one, str) else "")
def test_of_two_tabs_the_first_answer_counts(world: World, name: str, other: Act) -> None:
    first, second = Sent(world, ACTS[name]), Sent(world, other)
    judge(first.send())
    before = rows(world)
    judge(second.send())
    assert changed(before, rows(world)) == []


OF_STAFF = [name for name, act in ACTS.items() if act.who]


@pytest.mark.parametrize("name", OF_STAFF)
def test_another_school_s_person_can_send_nobody_s_form(world: World, name: str) -> None:
    """With every role there is, in another school: what is Kuusikko's or Strand's is not there, or not theirs."""
    sent = Sent(world, ACTS[name])
    before = rows(world)
    answer = sent.send(STRANGER)
    judge(answer)
    # A form for one's own school, as enrolling is, finds there that it was another's.
    assert answer.status_code in (403, 404, 422)
    assert changed(before, rows(world)) == []


@pytest.mark.parametrize("name", OF_STAFF)
def test_nobody_who_is_not_signed_in_can_send_a_form(world: World, name: str) -> None:
    sent = Sent(world, ACTS[name])
    before = rows(world)
    judge(sent.send(""))
    assert changed(before, rows(world)) == []


def test_what_one_tab_has_approved_the_other_does_not_refuse(world: World) -> None:
    """Of many, what could not be approved is still there to be refused."""
    approving, refusing = Sent(world, ACTS["approve many"]), Sent(world, ACTS["refuse many"])
    judge(approving.send())
    given = [number for number in world.autumn.numbers.values() if world.autumn.office.commitment(number).state == "given"]
    judge(refusing.send())
    assert [number for number in world.autumn.numbers.values() if world.autumn.office.commitment(number).state == "given"] == given
    assert world.autumn.office.states(world.autumn.numbers["gone"]) == ("refused", "refused")


def test_somebody_who_was_removed_meanwhile_can_send_nothing(world: World) -> None:
    """The page is open, the right is gone."""
    anna = Sent(world, Act("/staff/reports", "/sign-out", {}, ANNA))
    anna.action, anna.fields = "/staff/requests/chosen/give", MultiDict({"chosen": "1"})
    keeper = world.autumn.office.actor(KARI, "manage_people")
    with world.database.write() as connection:
        people.remove(connection, CATALOGUE, "kuusikko", ANNA, keeper, NOW)
    before = rows(world)
    judge(anna.send())
    assert changed(before, rows(world)) == []


def test_a_student_s_altered_link_does_nothing(world: World) -> None:
    """An address that was altered is nobody's."""
    sent = Sent(world, ACTS["leave"])
    before = rows(world)
    client = world.app.test_client()
    for spoilt in (sent.action.replace("/withdraw", "x/withdraw"), sent.action.replace("/enrolment/", "/enrolment/A")):
        judge(client.post(spoilt, headers=SAME))
    assert changed(before, rows(world)) == []
