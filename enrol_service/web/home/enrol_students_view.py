"""What the pages of enrolling students print: the runs to choose from, each row of a table with what becomes of it, and the sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from course_catalogue.model import Course, Offering, SchoolId
from course_catalogue.offering import in_order, offering_state
from course_catalogue.price import agreement_for, price_for
from enrol_service.enrolment.enrol_many import Outcome, RowPlan
from enrol_service.enrolment.run import all_runs
from enrol_service.enrolment.seats import Seats, all_seats
from enrol_service.enrolment.spreadsheet import HEADINGS
from enrol_service.enrolment.words import school_name
from enrol_service.speech import Money
from enrol_service.web.page import here
from enrol_service.web.table import sort_key
from theme.address import codes

Options = tuple[tuple[str, str], ...]  # value and words


@dataclass(frozen=True, slots=True)
class RowView:
    """One row as the preview and the answer show it. `errors`: field → sentence, in the order of the columns."""

    number: int
    values: Mapping[str, str]
    outcome: Outcome
    errors: Mapping[str, str]
    course: Course | None
    offering: Offering | None
    price: Money | None
    commits: bool
    state: str
    rank: int
    enrolment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """What the home school promises to one offering school by the table."""

    school: str
    count: int
    price: Money


@dataclass(frozen=True, slots=True)
class Tally:
    """A table in numbers."""

    created: int
    updated: int
    same: int
    wrong: int
    queued: int
    commits: int
    total: Money | None  # None = nothing is promised
    sums: tuple[Sum, ...]

    @property
    def acts(self) -> int:
        """The rows by which something happens."""
        return self.created + self.updated


def row_view(plan: RowPlan, enrolment_id: int | None = None) -> RowView:
    said = {field: here().speech.say(refusal) for field, refusal in plan.errors.items()}
    return RowView(
        number=plan.row.number,
        values=plan.row.values,
        outcome=plan.outcome,
        errors={field: said[field] for field in (*HEADINGS, "price") if field in said},
        course=plan.course,
        offering=plan.offering,
        price=plan.price,
        commits=plan.commits,
        state=plan.state,
        rank=plan.rank,
        enrolment_id=enrolment_id,
    )


def tally(rows: Iterable[RowView]) -> Tally:
    """Counts, and what is promised to whom. A table has one home school, so one agreement's currency."""
    found = tuple(rows)
    outcomes = [row.outcome for row in found]
    promised = [(row.course.school_id, row.price) for row in found if row.commits and row.course and row.price]
    schools = sorted({school_id for school_id, _ in promised}, key=lambda one: sort_key(school_name(here().speech, one)))
    sums = []
    for school_id in schools:
        prices = [price for one, price in promised if one == school_id]
        sums.append(Sum(school_name(here().speech, school_id), len(prices), _added(prices)))
    return Tally(
        created=outcomes.count("created"),
        updated=outcomes.count("updated"),
        same=outcomes.count("same"),
        wrong=outcomes.count("error"),
        queued=sum(row.state == "queued" and row.commits for row in found),
        commits=len(promised),
        total=_added([price for _, price in promised]) if promised else None,
        sums=tuple(sums),
    )


def _added(prices: list[Money]) -> Money:
    return Money(sum(one.cents for one in prices), prices[0].currency)


def run_options(connection: Connection, school_id: SchoolId) -> tuple[tuple[str, Options], ...]:
    """The runs on which a student of the school can be enrolled now, by course: each with the course, dates and price."""
    at = here()
    off = {key for key, run in all_runs(connection).items() if run.is_off}
    seats = all_seats(connection)
    courses = [one for one in at.catalogue.published() if one.school_id != school_id]
    groups = []
    for course in sorted(courses, key=lambda one: sort_key(f"{codes(one)} {one.title.to(at.language)}")):
        open_now = [one for one in in_order(course) if offering_state(course, one, at.now) == "open" and (course.id, one.id) not in off]
        if open_now:
            options = ((run_value(course, one), _said(course, one, school_id, seats.get((course.id, one.id), Seats()))) for one in open_now)
            groups.append(("", tuple(options)))
    return tuple(groups)


def _course_name(course: Course) -> str:
    """Codes, title and school. Each option says them: a closed list shows no heading of a group."""
    at = here()
    return f"{codes(course)} {course.title.to(at.language)} · {school_name(at.speech, course.school_id)}"


def run_value(course: Course, offering: Offering) -> str:
    """A run as the column of a table names it."""
    return f"{course.id} {offering.id}"


def _said(course: Course, offering: Offering, school_id: SchoolId, seats: Seats) -> str:
    at = here()
    when = at.speech.gettext("Own pace")
    if offering.starts_on and offering.ends_on:
        when = at.speech.wording.period(offering.starts_on, offering.ends_on)
    quote = price_for(agreement_for(at.catalogue, offering), course, school_id)
    parts = [_course_name(course), when, at.speech.wording.money_short(quote.cents, quote.currency)]
    if offering.seats is not None and seats.taken >= offering.seats:
        parts.append(at.speech.gettext("full, there is a queue"))
    return " · ".join(parts)
