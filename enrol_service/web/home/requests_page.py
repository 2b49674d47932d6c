"""The home school's requests, signed in: the list that empties, each request with its two answers, and many answered at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from enrol_service import tables
from enrol_service.enrolment.decide_many import Chosen, Outcome, common_reasons, give_many, refuse_many
from enrol_service.enrolment.enrolments import Commitment, Enrolment, pairs
from enrol_service.enrolment.recheck import Changed, changes_since, digest_of, is_gone
from enrol_service.enrolment.words import school_name
from enrol_service.permissions import ACTS
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.change import NothingChosen
from enrol_service.refusals.deciding import ReasonMissing
from enrol_service.refusals.web import NotFound
from enrol_service.school.accounts import account_numbers
from enrol_service.school.acting import actor_for
from enrol_service.speech import Money
from enrol_service.todo import todo
from enrol_service.web.access import me, staff
from enrol_service.web.home import decision
from enrol_service.web.home.decision import Decider
from enrol_service.web.menu import menu_of
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.student.enrolment_view import EnrolmentView, enrolment_view
from enrol_service.web.table import TableView, table_view

pages = Blueprint("requests", __name__)

Pair = tuple[Enrolment, Commitment]


@dataclass(frozen=True, slots=True)
class Group:
    """Requests with a common heading: those to answer today, this week, later."""

    name: str
    views: tuple[EnrolmentView, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A request among those chosen: what has changed since it was made, and what the form says that the page has shown."""

    view: EnrolmentView
    changes: tuple[Changed, ...]
    shown: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """What one school commits to pay by approving the chosen requests."""

    school: str
    count: int
    money: Money


@pages.get("/staff/")
@staff(*ACTS)
def start() -> ResponseReturnValue:
    return redirect(here().url.staff(menu_of(me())[0].name), 303)


@pages.get("/staff/requests")
@staff("decide")
def show() -> ResponseReturnValue:
    return _list()


@pages.post("/staff/requests/chosen")
@staff("decide")
def confirm() -> ResponseReturnValue:
    """Show what would be done with the chosen requests; nothing is done yet."""
    private(STAFF_PAGE)
    with service().database.read() as connection:
        rows = _rows(connection, _chosen(connection))
    if not rows:
        return _list(NothingChosen())
    return _confirmation(rows, request.form.get("answer", "") == "refuse")


@pages.post("/staff/requests/chosen/give")
@staff("decide")
def give_chosen() -> ResponseReturnValue:
    """Approve the chosen requests, and tell of each what became of it."""
    private(STAFF_PAGE)
    at = here()
    try:
        with service().database.write() as connection:
            outcomes = give_many(connection, at.catalogue, _actors(connection, _chosen(connection)), at.now)
            return _result(connection, outcomes, refused=False)
    except NothingChosen as refusal:
        return _list(refusal)


@pages.post("/staff/requests/chosen/refuse")
@staff("decide")
def refuse_chosen() -> ResponseReturnValue:
    """Refuse the chosen requests for one reason, and tell of each what became of it."""
    private(STAFF_PAGE)
    at = here()
    try:
        with service().database.write() as connection:
            chosen = _actors(connection, _chosen(connection))
            outcomes = refuse_many(connection, at.catalogue, chosen, request.form.get("reason", ""), at.now)
            return _result(connection, outcomes, refused=True)
    except NothingChosen as refusal:
        return _list(refusal)
    except ReasonMissing as missing:
        with service().database.read() as connection:
            rows = _rows(connection, _chosen(connection))
        return _confirmation(rows, True, missing)


@pages.get("/staff/requests/<number:enrolment_id>")
@staff("decide")
def show_one(enrolment_id: int) -> ResponseReturnValue:
    return decision.show(_decider(enrolment_id))


@pages.post("/staff/requests/<number:enrolment_id>/give")
@staff("decide")
def give(enrolment_id: int) -> ResponseReturnValue:
    return decision.act_give(_decider(enrolment_id))


@pages.get("/staff/requests/<number:enrolment_id>/refuse")
@staff("decide")
def show_reasons(enrolment_id: int) -> ResponseReturnValue:
    return decision.show_reasons(_decider(enrolment_id))


@pages.post("/staff/requests/<number:enrolment_id>/refuse")
@staff("decide")
def refuse(enrolment_id: int) -> ResponseReturnValue:
    return decision.act_refuse(_decider(enrolment_id))


def _list(refusal: Refusal | None = None) -> ResponseReturnValue:
    """The list; with a refusal's sentence on top when nothing was chosen."""
    private(STAFF_PAGE)
    at = here()
    schools = me().schools_for("decide")
    mine = tables.enrolment.c.home_school_id.in_(schools)
    with service().database.read() as connection:
        table = _table(pairs(connection, mine, tables.commitment.c.state == "asked", tables.commitment.c.answer_by_at > at.now))
        groups = _grouped([enrolment_view(connection, pair) for pair in table.rows])
        decided = pairs(connection, mine, tables.commitment.c.decided_at > at.now - timedelta(days=14))
        latest = sorted(decided, key=lambda pair: pair[1].decided_at or at.now, reverse=True)[:10]
        lately = [enrolment_view(connection, pair) for pair in latest]
        mine_as = account_numbers(connection, me())
        todos = todo(connection, at.catalogue, me(), at.now)
    approved = next(
        (view for view in lately if str(view.enrolment.id) == request.args.get("approved") and _is_given_by(view, mine_as)), None
    )
    return page(
        "home/requests.html",
        refusal.status if refusal else 200,
        groups=groups,
        table=table,
        count=next((one.count for one in todos if one.kind == "requests"), 0),
        todos=todos,
        every=request.args.get("select") == "all",
        said=at.speech.say(refusal) if refusal else "",
        approved=approved,
        lately=lately,
        schools=[school_name(at.speech, one) for one in schools],
        nav_current="requests",
    )


def _table(asked: Sequence[Pair]) -> TableView[Pair]:
    """The requests of one page, those to answer first, first; those in line come last: they have time until a seat is free."""
    rows = sorted(asked, key=lambda pair: (pair[0].state == "queued", pair[1].answer_by_at, pair[0].id))
    return table_view(rows, (), request.args)


def _is_given_by(view: EnrolmentView, accounts: frozenset[int]) -> bool:
    """Whether the reader gave the commitment; a colleague's answer, or a refusal, is told on the request's own page."""
    return view.commitment.decided_by_id in accounts and view.commitment.state != "refused"


def _confirmation(rows: Sequence[Row], refuse: bool, missing: ReasonMissing | None = None) -> ResponseReturnValue:
    at = here()
    open_rows = [row for row in rows if row.view.awaits_answer]
    with service().database.read() as connection:
        reasons = common_reasons(connection, at.catalogue, [row.view.commitment for row in open_rows])
    return page(
        "home/chosen_refuse.html" if refuse else "home/chosen_give.html",
        missing.status if missing else 200,
        rows=open_rows,
        closed=[row.view for row in rows if not row.view.awaits_answer],
        sums=_sums(row.view for row in open_rows if not row.gone),
        reasons=reasons,
        errors={"reason": at.speech.say(missing)} if missing else {},
        nav_current="requests",
    )


def _result(connection: Connection, outcomes: Sequence[Outcome], *, refused: bool) -> ResponseReturnValue:
    at = here()
    told = [(one, enrolment_view(connection, (one.enrolment, one.commitment))) for one in outcomes]
    done = [view for one, view in told if one.result == "done"]
    return page(
        "home/chosen_done.html",
        done=done,
        refused=refused,
        sums=_sums(done),
        left=[(one.result, view, at.speech.say(one.refusal) if one.refusal else "") for one, view in told if one.result != "done"],
        nav_current="requests",
    )


def _chosen(connection: Connection) -> tuple[Pair, ...]:
    """The requests that the form names, in its order. One of another school and one that does not exist give the same answer."""
    numbers = dict.fromkeys(int(one) for one in request.form.getlist("chosen") if one.isdecimal() and one.isascii() and len(one) < 10)
    mine = tables.enrolment.c.home_school_id.in_(me().schools_for("decide"))
    found = {pair[0].id: pair for pair in pairs(connection, tables.enrolment.c.id.in_(numbers), mine)}
    if len(found) < len(numbers):
        raise NotFound
    return tuple(found[one] for one in numbers)


def _actors(connection: Connection, chosen: Sequence[Pair]) -> Chosen:
    at = here()
    schools = {pair[0].home_school_id for pair in chosen}
    actors = {one: actor_for(connection, me(), "decide", one, at.now) for one in schools}
    return Chosen({pair[0].id: request.form.get(f"shown-{pair[0].id}", "") for pair in chosen}, actors, at.speech)


def _rows(connection: Connection, chosen: Sequence[Pair]) -> list[Row]:
    at = here()
    rows = []
    for pair in chosen:
        changes = changes_since(connection, at.catalogue, *pair, at.speech)
        rows.append(Row(enrolment_view(connection, pair), changes, digest_of(changes), is_gone(at.catalogue, pair[0])))
    return rows


def _sums(views: Iterable[EnrolmentView]) -> tuple[Sum, ...]:
    """What each school would pay, in each currency."""
    found: dict[tuple[str, str], list[int]] = {}
    for view in views:
        found.setdefault((view.home_school, view.commitment.currency), []).append(view.commitment.price_cents)
    return tuple(Sum(school, len(cents), Money(sum(cents), currency)) for (school, currency), cents in found.items())


def _decider(enrolment_id: int) -> Decider:
    """Another school's request and one that does not exist give the same answer."""
    private(STAFF_PAGE)
    with service().database.read() as connection:
        mine = tables.enrolment.c.home_school_id.in_(me().schools_for("decide"))
        if not pairs(connection, tables.enrolment.c.id == enrolment_id, mine):
            raise NotFound
    return Decider(me(), enrolment_id, here().url.staff(f"requests/{enrolment_id}"), may_see_list=True)


def _grouped(views: list[EnrolmentView]) -> tuple[Group, ...]:
    """By deadline: today, until Sunday, later. Those in line have time until a seat is free, and come last."""
    at = here()
    sunday = at.today + timedelta(days=6 - at.today.weekday())
    rows: dict[str, list[EnrolmentView]] = {"today": [], "week": [], "later": [], "queued": []}
    for view in sorted(views, key=lambda one: one.commitment.answer_by_at):
        day = at.catalogue.network.day_of(view.commitment.answer_by_at)
        if view.enrolment.state == "queued":
            rows["queued"].append(view)
        else:
            rows["today" if day <= at.today else "week" if day <= sunday else "later"].append(view)
    return tuple(Group(name, tuple(found)) for name, found in rows.items() if found)
