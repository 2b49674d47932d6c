"""The home school's requests, signed in: the list that empties, and each request with its two answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from enrol_service import tables
from enrol_service.enrolment.enrolments import pairs
from enrol_service.mail.mails import school_name
from enrol_service.permissions import ACTS
from enrol_service.refusals.web import NotFound
from enrol_service.school.accounts import account_numbers
from enrol_service.web.access import me, staff
from enrol_service.web.home import decision
from enrol_service.web.home.decision import Decider
from enrol_service.web.menu import menu_of
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.student.enrolment_view import EnrolmentView, enrolment_view

pages = Blueprint("requests", __name__)


@dataclass(frozen=True, slots=True)
class Group:
    """Requests with a common heading: those to answer today, this week, later."""

    name: str
    views: tuple[EnrolmentView, ...]


@pages.get("/staff/")
@staff(*ACTS)
def start() -> ResponseReturnValue:
    return redirect(here().url.staff(menu_of(me())[0].name), 303)


@pages.get("/staff/requests")
@staff("decide")
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    schools = me().schools_for("decide")
    mine = tables.enrolment.c.home_school_id.in_(schools)
    with service().database.read() as connection:
        found = pairs(connection, mine, tables.commitment.c.state == "asked", tables.commitment.c.answer_by_at > here().now)
        views = [enrolment_view(connection, pair) for pair in found]
        decided = pairs(connection, mine, tables.commitment.c.decided_at > here().now - timedelta(days=14))
        latest = sorted(decided, key=lambda pair: pair[1].decided_at or here().now, reverse=True)[:10]
        lately = [enrolment_view(connection, pair) for pair in latest]
        mine_as = account_numbers(connection, me())
    approved = next(
        (view for view in lately if str(view.enrolment.id) == request.args.get("approved") and _is_given_by(view, mine_as)), None
    )
    names = [school_name(here().speech, one) for one in schools]
    groups = _grouped(views)
    return page(
        "home/requests.html", groups=groups, count=len(views), approved=approved, lately=lately, schools=names, nav_current="requests"
    )


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


def _is_given_by(view: EnrolmentView, accounts: frozenset[int]) -> bool:
    """Whether the reader gave the commitment; a colleague's answer, or a refusal, is told on the request's own page."""
    return view.commitment.decided_by_id in accounts and view.commitment.state != "refused"


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
        day = view.commitment.answer_by_at.astimezone(at.catalogue.network.time_zone).date()
        if view.enrolment.state == "queued":
            rows["queued"].append(view)
        else:
            rows["today" if day <= at.today else "week" if day <= sunday else "later"].append(view)
    return tuple(Group(name, tuple(found)) for name, found in rows.items() if found)
