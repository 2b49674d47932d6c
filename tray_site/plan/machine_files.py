"""Feeds, calendars, cards and the open data: for the network, each school, each subject and each course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course_catalogue.model import Language, Text
from tray_site.files.calendars import dates_of
from tray_site.files.card.card import course_card, language_of, network_card
from tray_site.files.feed import feed_of
from tray_site.files.past import Past
from tray_site.files.tables.tables import FILES
from tray_site.plan.planned import PlannedFile
from tray_site.plan.site import Site


def feeds(site: Site) -> Iterator[PlannedFile]:
    """Each in every language of the site."""
    for language in site.languages:
        url = site.url(language)
        yield _feed(language, url.feed(), url.home(), None, site.pasts)
        for school_id, pasts in site.pasts_by_school.items():
            school = site.catalogue.schools[school_id]
            yield _feed(language, url.school_feed(school_id), url.school(school_id), school.name, pasts)
        for subject_id, pasts in site.pasts_by_subject.items():
            subject = site.catalogue.subjects[subject_id]
            yield _feed(language, url.subject_feed(subject_id), url.subject(subject_id), subject.name, pasts)


def calendars(site: Site) -> Iterator[PlannedFile]:
    """A course's in the language it is taught in, the others in every language of the site."""
    for past in site.pasts:
        course = past.course
        language = language_of(site.catalogue, course)
        url = site.url(language)
        yield _calendar(language, url.course_calendar(course.id), url.course(course.id), course.title, [past])
    for language in site.languages:
        url = site.url(language)
        for school_id, pasts in site.pasts_by_school.items():
            school = site.catalogue.schools[school_id]
            yield _calendar(language, url.school_calendar(school_id), url.school(school_id), school.name, pasts)
        for subject_id, pasts in site.pasts_by_subject.items():
            subject = site.catalogue.subjects[subject_id]
            yield _calendar(language, url.subject_calendar(subject_id), url.subject(subject_id), subject.name, pasts)


def cards(site: Site) -> Iterator[PlannedFile]:
    """One for each language, and one for each course; none where the network wants none."""
    if not site.catalogue.network.card_images:
        return
    for language in site.languages:
        yield PlannedFile(site.url(language).card(), "card", {"card": network_card(site.catalogue, language)})
    url = site.url(site.languages[0])
    for course in site.index.courses:
        yield PlannedFile(url.course_card(course.id), "card", {"card": course_card(site.catalogue, course)})


def open_data(site: Site) -> Iterator[PlannedFile]:
    """The whole offer as JSON and as tables."""
    url = site.url(site.languages[0])
    yield PlannedFile(url.open_data(), "catalogue", {"pasts": site.pasts, "commit": site.catalogue.commit})
    for name in FILES:
        yield PlannedFile(url.table(name), name, {"pasts": site.pasts})


def _feed(language: Language, address: str, page: str, about: Text | None, pasts: Sequence[Past]) -> PlannedFile:
    return PlannedFile(address, "feed", {"feed": feed_of(language, page, about, pasts)})


def _calendar(language: Language, address: str, page: str, about: Text, pasts: Sequence[Past]) -> PlannedFile:
    return PlannedFile(address, "calendar", {"dates": dates_of(language, page, about, pasts)})
