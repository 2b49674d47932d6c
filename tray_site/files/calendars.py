"""Calendars of when enrolment opens and closes and when courses run: of a course, a school, a subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from course_catalogue.calendar import Event, calendar
from course_catalogue.model import Catalogue, Language, Offering, Text
from course_catalogue.offering import in_order
from theme.address import addresses, codes
from theme.translation import translation
from theme.wording import Wording
from tray_site.files.past import Past
from tray_site.plan.planned import PlannedFile

MOST = 400  # runs of a calendar: those that end last. A subject of a very large network has more


@dataclass(frozen=True, slots=True)
class Dates:
    """What a calendar is printed from: whose it is, the page it belongs to, its runs in order."""

    language: Language
    page: str
    about: Text
    runs: tuple[tuple[Past, Offering], ...]

    @property
    def told_apart_by(self) -> tuple[object, ...]:
        """What two calendars differ in: a run follows from its course."""
        names = " ".join(offering.id for _, offering in self.runs)
        return (self.language, self.page, self.about, [past for past, _ in self.runs], names)


def dates_of(language: Language, page: str, about: Text, pasts: Sequence[Past]) -> Dates:
    runs = sorted(((past, one) for past in pasts for one in in_order(past.course)), key=lambda run: _last_day(run[1]))
    return Dates(language, page, about, tuple(runs[-MOST:]))


def _last_day(offering: Offering) -> date:
    return offering.ends_on or offering.enrolment_closes_at.date()


def print_calendar(catalogue: Catalogue, planned: PlannedFile) -> bytes:
    """The calendar by RFC 5545. `catalogue` is the shared one."""
    dates = planned.inputs["dates"]
    assert isinstance(dates, Dates)  # noqa: S101 - as plan/machine_files.py plans it
    network = catalogue.network
    name = f"{translation(dates.language).gettext('Tarjotin')}: {dates.about.to(dates.language)}"
    events = [event for past, offering in dates.runs for event in _events(catalogue, dates.language, past, offering)]
    return calendar(events, network.time_zone, name=name, url=network.site_url + dates.page).encode()


def _events(catalogue: Catalogue, language: Language, past: Past, offering: Offering) -> Iterator[Event]:
    """Opening and closing at their minutes, the run as whole days. A non-stop run has no days of its own."""
    course, network = past.course, catalogue.network
    words, wording = translation(language), Wording(language, network.time_zone)
    school = catalogue.schools[course.school_id].name.to(language)
    name = f"{codes(course)} {course.title.to(language)}"
    parts = (school, wording.credits(course.credits), catalogue.words["mode"][course.mode].to(language), offering.label.to(language))
    told = " · ".join(parts)
    stamped_at, sequence = past.stamp(network.time_zone)
    happenings: list[tuple[str, str, date, date | None]] = [
        ("opens", words.gettext("Enrolment opens: %(course)s") % {"course": name}, offering.enrolment_opens_at, None),
        ("closes", words.gettext("Enrolment closes: %(course)s") % {"course": name}, offering.enrolment_closes_at, None),
    ]
    if offering.starts_on:
        happenings.append(("run", name, offering.starts_on, offering.ends_on))
    for what, summary, starts, last_on in happenings:
        yield Event(
            uid=f"{course.id}/{offering.id}/{what}@{network.host}",
            summary=summary,
            description=told,
            stamped_at=stamped_at,
            sequence=sequence,
            starts=starts,
            last_on=last_on,
            url=network.site_url + addresses(catalogue, language).course(course.id),
            cancelled=offering.cancelled or course.status == "cancelled",
        )
