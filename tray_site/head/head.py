"""The head of a page, computed from its plan and the shared catalogue alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course_catalogue.model import Catalogue, Course, Page, School, Subject, Text
from theme.address import Addresses
from theme.course_view import CourseView
from theme.list_view import ListView
from theme.wording import LOCALES
from tray_site.files.card.card import HEIGHT, WIDTH, course_card, network_card
from tray_site.head.course_data import course_data
from tray_site.head.list_data import breadcrumb, organisation, shown_list, website
from tray_site.plan.planned import PlannedPage

CONTEXT = "https://schema.org"
SILENT = ("404",)  # pages that nobody shares and no machine reads


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed or a calendar of the page: its address, its kind, and what it is about (None: the whole network)."""

    address: str
    media_type: str
    about: Text | None


@dataclass(frozen=True, slots=True)
class Head:
    """What head_links.html prints. `structured` is JSON-LD, `image` an absolute address, or None where the network has no cards."""

    structured: dict[str, Any] | None
    description: str
    image: str | None
    image_words: str
    width: int
    height: int
    locale: str
    feeds: tuple[Feed, ...]


def head_of(catalogue: Catalogue, page: PlannedPage, url: Addresses) -> Head | None:
    """The head of a page; None for one that stands for nothing. `catalogue` is the shared one."""
    if page.kind in SILENT:
        return None
    network = catalogue.network
    view = page.inputs.get("view")
    course = view.course if isinstance(view, CourseView) else None
    card = course_card(catalogue, course) if course else network_card(catalogue, page.language)
    image = url.course_card(course.id) if course else url.card()
    graph = list(_graph(catalogue, page, url))
    return Head(
        structured={"@context": CONTEXT, "@graph": graph} if graph else None,
        description=_description(catalogue, page, course),
        image=network.site_url + image if network.card_images else None,
        image_words=card.words,
        width=WIDTH,
        height=HEIGHT,
        locale=LOCALES.get(page.language, f"{page.language}_{page.language.upper()}"),
        feeds=tuple(_feeds(page, course, url)),
    )


def _description(catalogue: Catalogue, page: PlannedPage, course: Course | None) -> str:
    text = course.summary if course else _school(page).description if _school(page) else None  # type: ignore[union-attr]
    own = page.inputs.get("content_page")
    if isinstance(own, Page):
        return own.summary
    return (text or catalogue.network.slogan).to(page.language)


def _school(page: PlannedPage) -> School | None:
    found = page.inputs.get("school")
    return found if isinstance(found, School) else None


def _subject(page: PlannedPage) -> Subject | None:
    found = page.inputs.get("subject")
    return found if isinstance(found, Subject) else None


def _graph(catalogue: Catalogue, page: PlannedPage, url: Addresses) -> Iterator[dict[str, Any]]:
    view, school, subject = page.inputs.get("view"), _school(page), _subject(page)
    if isinstance(view, CourseView):
        yield course_data(catalogue, view, page.language, url)
        yield breadcrumb(catalogue, page.language, url, view.subject, (view.course.title.to(page.language), url.course(view.course.id)))
        return
    if page.kind == "front":
        yield website(catalogue, page.language, url)
    if school:
        yield organisation(catalogue, school, page.language, url)
        yield breadcrumb(catalogue, page.language, url, None, (school.name.to(page.language), url.school(school.id)), of_schools=True)
    if subject:
        yield breadcrumb(catalogue, page.language, url, subject)
    if isinstance(view, ListView):
        yield from shown_list(catalogue, view, url, page.title)


def _feeds(page: PlannedPage, course: Course | None, url: Addresses) -> Iterator[Feed]:
    yield Feed(url.feed(), "application/atom+xml", None)
    if course:
        yield Feed(url.course_calendar(course.id), "text/calendar", course.title)
    elif page.kind == "school" and (school := _school(page)) and _count(page):
        yield Feed(url.school_feed(school.id), "application/atom+xml", school.name)
        yield Feed(url.school_calendar(school.id), "text/calendar", school.name)
    elif page.kind == "subject" and (subject := _subject(page)):
        yield Feed(url.subject_feed(subject.id), "application/atom+xml", subject.name)
        yield Feed(url.subject_calendar(subject.id), "text/calendar", subject.name)


def _count(page: PlannedPage) -> int:
    view = page.inputs.get("view")
    return view.count if isinstance(view, ListView) else 0
