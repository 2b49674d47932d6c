"""The tables of the open data and their columns: schools, subjects, courses, and the runs of courses (offerings)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from course_catalogue.model import Catalogue, Course, Offering, School, Subject
from course_catalogue.offering import in_order
from course_catalogue.price import NO_SCHOOL, Quote, agreement_for, price_for
from theme.address import addresses
from theme.translation import sentence
from tray_site.files.past import Past
from tray_site.files.tables.column import Column, Described


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course with its past, and the address of its page."""

    past: Past
    address: str

    @property
    def course(self) -> Course:
        return self.past.course


@dataclass(frozen=True, slots=True)
class OfferingLine:
    """A run of a course with its two prices, computed where all prices are."""

    course: Course
    offering: Offering
    member: Quote
    outside: Quote


def course_line(catalogue: Catalogue, past: Past) -> CourseLine:
    url = addresses(catalogue, catalogue.network.languages[0])
    return CourseLine(past, catalogue.network.site_url + url.course(past.course.id))


def offering_lines(catalogue: Catalogue, course: Course) -> list[OfferingLine]:
    """The runs of a course in order of time."""
    found = []
    for one in in_order(course):
        agreement = agreement_for(catalogue, one)
        member = price_for(agreement, course, agreement.members[0])
        found.append(OfferingLine(course, one, member, price_for(agreement, course, NO_SCHOOL)))
    return found


SCHOOLS: tuple[Column[School], ...] = (
    Column(name="id", kind="id", meaning=sentence("The school, as other tables name it. Never changes."), read=lambda one: one.id),
    Column(name="name", kind="texts", meaning=sentence("The school's name."), read=lambda one: one.name),
    Column(name="kind", kind="id", meaning=sentence("What kind of school it is."), choices="kind", read=lambda one: one.kind),
    Column(name="language", kind="id", meaning=sentence("The school's own language."), choices="language", read=lambda one: one.language),
    Column(name="place", kind="text", meaning=sentence("The town or municipality where the school is."), read=lambda one: one.place),
    Column(name="provider", kind="text", meaning=sentence("The education provider that pays and invoices."), read=lambda one: one.provider),
    Column(name="website", kind="address", meaning=sentence("The school's own website."), may_be_empty=True, read=lambda one: one.website),
)

SUBJECTS: tuple[Column[Subject], ...] = (
    Column(name="id", kind="id", meaning=sentence("The subject, as courses name it."), read=lambda one: one.id),
    Column(name="name", kind="texts", meaning=sentence("The subject's name."), read=lambda one: one.name),
)

COURSES: tuple[Column[CourseLine], ...] = (
    Column(name="id", kind="id", meaning=sentence("The course: its school and its name. Never changes."), read=lambda one: one.course.id),
    Column(
        name="url", kind="address", meaning=sentence("The course's page in the first language of the site."), read=lambda one: one.address
    ),
    Column(name="school", kind="id", meaning=sentence("The school that teaches it."), read=lambda one: one.course.school_id),
    Column(name="title", kind="texts", meaning=sentence("The course's title."), read=lambda one: one.course.title),
    Column(name="summary", kind="texts", meaning=sentence("The course in one sentence."), read=lambda one: one.course.summary),
    Column(
        name="status",
        kind="id",
        meaning=sentence("published: one can read about it; cancelled: it is not held."),
        choices="status",
        read=lambda one: one.course.status,
    ),
    Column(name="subject", kind="id", meaning=sentence("The subject."), read=lambda one: one.course.subject_id),
    Column(
        name="modules",
        kind="list",
        meaning=sentence("The national modules it covers; none for a local unit."),
        read=lambda one: one.course.modules,
    ),
    Column(
        name="credits",
        kind="whole",
        meaning=sentence("How large the course is."),
        unit=sentence("credits"),
        read=lambda one: one.course.credits,
    ),
    Column(name="mode", kind="id", meaning=sentence("How it is studied."), choices="mode", read=lambda one: one.course.mode),
    Column(
        name="language", kind="id", meaning=sentence("The language of teaching."), choices="language", read=lambda one: one.course.language
    ),
    Column(
        name="audience",
        kind="list",
        meaning=sentence("The levels of education it is for."),
        choices="audience",
        read=lambda one: one.course.audience,
    ),
    Column(name="keywords", kind="list", meaning=sentence("Words by which it is found."), read=lambda one: one.course.keywords),
    Column(name="exam", kind="id", meaning=sentence("Where the exam is taken."), choices="exam", read=lambda one: one.course.exam),
    Column(
        name="prerequisites",
        kind="text",
        meaning=sentence("What one should have studied before, in the course's language."),
        may_be_empty=True,
        read=lambda one: one.course.prerequisites,
    ),
    Column(
        name="materials_cost_cents",
        kind="whole",
        meaning=sentence("What the student pays for materials."),
        unit=sentence("cents"),
        read=lambda one: one.course.materials_cost_cents,
    ),
    Column(
        name="added_on",
        kind="day",
        meaning=sentence("The day the course came to the tray; empty where it is not known."),
        may_be_empty=True,
        read=lambda one: one.past.history.first_on if one.past.history else None,
    ),
    Column(
        name="changed_on",
        kind="day",
        meaning=sentence("The day its description was last changed; empty where it is not known."),
        may_be_empty=True,
        read=lambda one: one.past.history.changed_on if one.past.history else None,
    ),
)

OFFERINGS: tuple[Column[OfferingLine], ...] = (
    Column(name="course", kind="id", meaning=sentence("The course."), only_in_csv=True, read=lambda one: one.course.id),
    Column(name="id", kind="id", meaning=sentence("The run, within its course. Never changes."), read=lambda one: one.offering.id),
    Column(name="label", kind="texts", meaning=sentence("What the school calls the run."), read=lambda one: one.offering.label),
    Column(
        name="nonstop",
        kind="truth",
        meaning=sentence("Whether one may start on any day. Then the run has no days of its own."),
        read=lambda one: one.offering.nonstop,
    ),
    Column(
        name="days",
        kind="whole",
        meaning=sentence("How long one may study, from the first contact; only where one may start on any day."),
        unit=sentence("days"),
        may_be_empty=True,
        read=lambda one: one.offering.days,
    ),
    Column(name="starts_on", kind="day", meaning=sentence("The first day."), may_be_empty=True, read=lambda one: one.offering.starts_on),
    Column(name="ends_on", kind="day", meaning=sentence("The last day."), may_be_empty=True, read=lambda one: one.offering.ends_on),
    Column(
        name="enrolment_opens_at",
        kind="moment",
        meaning=sentence("When enrolment opens."),
        read=lambda one: one.offering.enrolment_opens_at,
    ),
    Column(
        name="enrolment_closes_at",
        kind="moment",
        meaning=sentence("When enrolment closes."),
        read=lambda one: one.offering.enrolment_closes_at,
    ),
    Column(
        name="seats",
        kind="whole",
        meaning=sentence("How many places there are; empty where there is no limit."),
        unit=sentence("students"),
        may_be_empty=True,
        read=lambda one: one.offering.seats,
    ),
    Column(
        name="minimum",
        kind="whole",
        meaning=sentence("How many must enrol for the run to be held."),
        unit=sentence("students"),
        may_be_empty=True,
        read=lambda one: one.offering.minimum,
    ),
    Column(
        name="decided_on",
        kind="day",
        meaning=sentence("The day on which it is decided whether the run is held."),
        may_be_empty=True,
        read=lambda one: one.offering.decided_on,
    ),
    Column(
        name="cancelled",
        kind="truth",
        meaning=sentence("Whether the school has cancelled the run."),
        read=lambda one: one.offering.cancelled or one.course.status == "cancelled",
    ),
    Column(
        name="price_member_cents",
        kind="whole",
        meaning=sentence("What a member school pays for a student who completes the course."),
        unit=sentence("cents"),
        read=lambda one: one.member.cents,
    ),
    Column(
        name="price_outside_cents",
        kind="whole",
        meaning=sentence("What any other school pays."),
        unit=sentence("cents"),
        read=lambda one: one.outside.cents,
    ),
    Column(name="currency", kind="id", meaning=sentence("The currency of the prices (ISO 4217)."), read=lambda one: one.member.currency),
)

TABLES: Mapping[str, tuple[Column[Any], ...]] = {"courses": COURSES, "offerings": OFFERINGS, "schools": SCHOOLS, "subjects": SUBJECTS}
FILES = ("courses", "offerings")  # the tables that are published as CSV


def choices_of(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """The values of the closed lists by name."""
    return {**{name: tuple(words) for name, words in catalogue.words.items()}, "status": ("published", "cancelled")}


def described(catalogue: Catalogue) -> tuple[tuple[str, tuple[Described, ...]], ...]:
    """Every table by name with its columns, for the data page."""
    choices = choices_of(catalogue)
    return tuple(
        (
            name,
            tuple(Described(one.name, one.kind, one.unit, one.meaning, choices.get(one.choices, ()), one.may_be_empty) for one in columns),
        )
        for name, columns in TABLES.items()
    )
