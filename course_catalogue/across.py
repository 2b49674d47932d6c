"""Checks across files: agreements cover every offering, every school has a price, nothing is offered twice, links lead to pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from course_catalogue.content_file import ContentFile, Enough
from course_catalogue.link import AGREEMENT_PLACES, Linkable
from course_catalogue.loading import Entry, Loading
from course_catalogue.model import Agreement, Course, Offering, Page
from course_catalogue.price import NoPrice, price_for
from course_catalogue.problem import Problem
from course_catalogue.reader import Record

T = TypeVar("T")


def check_across(loading: Loading, today: date | None) -> None:
    """Report what only several files together can get wrong. A file with errors of its own is not judged further."""
    _check_overlap(loading.agreements)
    whole = [one.thing for one in loading.agreements if one.thing]
    if not loading.agreements:
        ContentFile("agreements", "", loading.problems).report("T504", (1, 1, 0))
    elif len(whole) == len(loading.agreements):
        buyers = {one.id: _buyers(one, loading.schools) for one in whole}
        for entry in loading.courses:
            _check_agreements(entry, whole, buyers, loading.zone)
    _check_twins(loading.courses)
    if today:
        for entry in loading.courses:
            _check_review(entry, today)
    _check_links(loading)
    _check_page_languages(loading.listing.below("pages"), loading.known.languages, loading.problems)


def _check_overlap(agreements: Iterable[Entry[Agreement]]) -> None:
    seen: list[Agreement] = []
    for entry in agreements:
        one = entry.thing
        if one is None or entry.record is None:
            continue
        other = next((other for other in seen if other.starts_on <= one.ends_on and one.starts_on <= other.ends_on), None)
        if other:
            entry.file.report("T503", entry.record.at("starts_on"), other=other.id, starts=str(other.starts_on), ends=str(other.ends_on))
        seen.append(one)


def _check_agreements(
    entry: Entry[Course], agreements: Iterable[Agreement], buyers: Mapping[str, Mapping[str, str]], zone: ZoneInfo
) -> None:
    """Every offering lies in one agreement's time, and that agreement has a price for every school."""
    course = entry.thing
    priced: set[str] = set()
    for number, offering in enumerate(course.offerings if course else ()):
        day = offering.starts_on or offering.enrolment_closes_at.astimezone(zone).date()
        key = "starts_on" if offering.starts_on else "enrolment_closes_at"
        agreement = next((one for one in agreements if one.starts_on <= day <= one.ends_on), None)
        if agreement is None:
            entry.file.report("T501", _offering(entry, number).at(key), day=str(day))
            continue
        if offering.ends_on and offering.ends_on > agreement.ends_on:
            place = _offering(entry, number).at("ends_on")
            entry.file.report("T406", place, ends=str(offering.ends_on), limit=str(agreement.ends_on), agreement=agreement.id)
        if agreement.id not in priced:
            priced.add(agreement.id)
            _check_prices(entry, agreement, buyers[agreement.id])


def _buyers(agreement: Agreement, schools: Collection[str]) -> Mapping[str, str]:
    """One school of each buyer class stands for all of them; a school from outside may come that has no file yet."""
    return {agreement.buyer_class(school): school for school in ("", *schools)}


def _check_prices(entry: Entry[Course], agreement: Agreement, buyers: Mapping[str, str]) -> None:
    for buyer, school in buyers.items():
        try:
            price_for(agreement, _whole(entry.thing), school)
        except NoPrice:
            entry.file.report("T502", _whole(entry.record).at("mode"), agreement=agreement.id, reason=buyer)


def _whole(thing: T | None) -> T:
    """A thing that is there, as that of a course which was read is."""
    assert thing is not None  # noqa: S101
    return thing


def _offering(entry: Entry[Course], number: int) -> Record:
    """Where an offering stands in the file of its course."""
    record: Record = _whole(entry.record).values["offerings"][number]
    return record


def _check_twins(courses: Iterable[Entry[Course]]) -> None:
    """Warn of two offerings of one school with the same modules from the same day: most often one file copied."""
    seen: dict[tuple[str, tuple[str, ...], date], tuple[Course, Offering]] = {}
    for entry in courses:
        course = entry.thing
        if course is None or not course.modules or course.status not in ("published", "draft"):
            continue
        for number, offering in enumerate(course.offerings):
            if offering.starts_on is None or offering.cancelled:
                continue
            key = (course.school_id, tuple(sorted(course.modules)), offering.starts_on)
            twin = seen.setdefault(key, (course, offering))
            if twin[0] is not course:
                place = _offering(entry, number).at("starts_on")
                entry.file.report("T416", place, other=f"courses/{twin[0].id}.md", modules=", ".join(course.modules))


def _check_review(entry: Entry[Course], today: date) -> None:
    course = entry.thing
    if course and course.production and course.production.reviewed_on and course.production.reviewed_on > today:
        entry.file.report("T420", _whole(entry.record).values["production"].at("reviewed_on"), day=str(course.production.reviewed_on))


def _check_links(loading: Loading) -> None:
    """Every link of a text to a page of the same site leads to one. A draft may link to a draft: nobody sees either."""
    public = _linkable(loading, ("published", "cancelled"))
    among_drafts = _linkable(loading, ("published", "cancelled", "draft"))
    entries: list[Entry[Course] | Entry[Page]] = [*loading.courses, *loading.pages]
    for entry in entries:
        if entry.thing is None:
            continue
        linkable = among_drafts if isinstance(entry.thing, Course) and entry.thing.status == "draft" else public
        with suppress(Enough):
            for link, place in entry.links:
                if wrong := linkable.wrong(link, entry.thing.source.path):
                    entry.file.report(wrong.code, place, wrong.instead, **wrong.facts)


def _linkable(loading: Loading, shown: Collection[str]) -> Linkable:
    """What may be linked to. A file with errors counts as a page, and its subject as offered, so that nobody is blamed for it."""
    hidden = {one.thing.id: one.thing.status for one in loading.courses if one.thing and one.thing.status not in shown}
    paths = (path.removeprefix("courses/").removesuffix(".md") for path in loading.listing.below("courses"))
    offered = {one.thing.subject_id for one in loading.courses if one.thing and one.thing.id not in hidden}
    whole = all(one.thing for one in loading.courses)
    rules = tuple(place for one in loading.agreements if one.thing for place in _places(one.thing))
    pages = {path.split("/")[-1].removesuffix(".md"): () for path in loading.listing.below("pages")}
    showing = {one.thing.id: rules for one in loading.pages if one.thing and one.thing.shows == "agreement"}
    return Linkable(
        languages=loading.known.languages,
        courses=dict.fromkeys(course for course in paths if course not in hidden),
        hidden=hidden,
        pages={**pages, **showing},
        schools=loading.known.relations["schools"].ids,
        subjects=offered if whole else loading.subjects,
    )


def _places(agreement: Agreement) -> list[str]:
    """The places of an agreement on the page that shows it: its parts, its prices and its steps of leaving."""
    steps = [*agreement.leaving, *agreement.leaving_nonstop]
    parts = (*AGREEMENT_PLACES, *(rule.id for rule in agreement.prices), *(step.id for step in steps))
    return [f"{agreement.id}-{part}" for part in parts]


def _check_page_languages(paths: Iterable[str], languages: tuple[str, ...], problems: list[Problem]) -> None:
    found: dict[str, set[str]] = {}
    for path in paths:
        _, language, name = path.split("/")
        found.setdefault(name, set()).add(language)
    for name, have in sorted(found.items()):
        absent = [language for language in languages if language not in have]
        if absent:
            where = f"pages/{sorted(have)[0]}/{name}"
            ContentFile(where, "", problems).report("T602", (1, 1, 0), languages=", ".join(absent), name=name)
