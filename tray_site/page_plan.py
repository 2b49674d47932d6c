"""Which pages the site has, and what each is printed from.

A page is planned in the parent process and printed by `print_page` from its plan alone: what is not in the plan or in
the shared catalogue cannot come onto the page, so the plan's key says whether a page must be printed anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from course_catalogue.model import Agreement, Catalogue, Course, Language, Page, School, Text
from course_catalogue.search_index import SearchIndex
from course_catalogue.selection import Selection, select
from theme.address import Addresses, addresses, codes
from theme.course_view import course_view
from theme.list_view import ListView, Row, groups_of, list_view, row_of
from theme.menu import pages_in
from theme.translation import translation
from tray_site.page_key import Digests, base_key, page_key, shared_catalogue


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """A page to print: its address, template, language and own inputs by name; `sources` are the content files behind it."""

    address: str
    kind: str  # the template, without .html
    language: Language
    nav: str
    title: str
    alternates: Mapping[Language, str]
    inputs: Mapping[str, object]
    sources: tuple[str, ...]
    key: str = ""

    def parts(self) -> tuple[object, ...]:
        """Everything the page is printed from, beside what all pages share."""
        return (self.kind, self.language, self.address, self.nav, self.title, self.alternates, self.inputs)

    @property
    def path(self) -> str:
        """The file's path in the output."""
        return (self.address + "index.html" if self.address.endswith("/") else self.address).lstrip("/")


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole site: what templates see of the catalogue, the day, and the pages in an order that keeps a course's languages together."""

    catalogue: Catalogue
    shared: Catalogue
    index: SearchIndex
    today: date
    pages: tuple[PlannedPage, ...]
    service: str = ""  # the service's host, when it is another than the site's


def plan_site(catalogue: Catalogue, index: SearchIndex, now: datetime, search_address: str, service: str = "") -> Plan:
    """Plan every page of the site as it is at `now`. `search_address` is where the words of the search are published."""
    planner = _Planner(catalogue, index, now, search_address)
    shared = shared_catalogue(catalogue)
    digests = Digests()
    base = base_key(shared, digests, planner.today, service)
    pages = tuple(replace(page, key=page_key(base, digests, *page.parts())) for page in planner.pages())
    return Plan(catalogue, shared, index, planner.today, pages, service)


class _Planner:
    """Plans page by page. Rows and views are made once and shared by all languages."""

    def __init__(self, catalogue: Catalogue, index: SearchIndex, now: datetime, search_address: str) -> None:
        self.catalogue = catalogue
        self.index = index
        self.now = now
        self.today = catalogue.network.day_of(now)
        self.search_address = search_address
        self.languages = catalogue.network.languages
        self.rows = {course.id: row_of(number, course, now) for number, course in enumerate(index.courses)}
        self.titles = {one: Counter(self._plain_title(course, one) for course in index.courses) for one in self.languages}
        self.members = {school for agreement in catalogue.agreements.values() for school in agreement.members}

    def pages(self) -> Iterator[PlannedPage]:
        for course in self.index.courses:
            yield from self._course(course)
        for school in self.catalogue.schools.values():
            yield from self._school(school)
        for subject_id in {row.course.subject_id: None for row in self.rows.values()}:
            yield from self._subject(subject_id)
        yield from self._front()
        yield from self._indexes()
        yield from self._content_pages()
        for language in self.languages:
            # A page that is not there has no other languages: their links lead home.
            yield replace(
                self._page("404", language, lambda url: url.not_found(), "", "404", {}, ()),
                alternates={one: self._url(one).home() for one in self.languages},
            )

    def _url(self, language: Language) -> Addresses:
        return addresses(self.catalogue, language)

    def _page(
        self,
        kind: str,
        language: Language,
        where: Callable[[Addresses], str],
        nav: str,
        title: str,
        inputs: Mapping[str, object],
        sources: tuple[str, ...],
    ) -> PlannedPage:
        alternates = {one: where(self._url(one)) for one in self.languages}
        return PlannedPage(alternates[language], kind, language, nav, title, alternates, inputs, sources)

    def _course(self, course: Course) -> Iterator[PlannedPage]:
        view = course_view(self.catalogue, course, self.now)
        for language in self.languages:
            title = self._course_title(course, language)
            yield self._page("course", language, lambda url: url.course(course.id), "courses", title, {"view": view}, (course.source.path,))

    def _course_title(self, course: Course, language: Language) -> str:
        """Codes, title and school; with the mode, and at last the file's name, where the same school has two alike."""
        name = self._plain_title(course, language)
        if self.titles[language][name] == 1:
            return name
        twins = [one for one in self.index.courses if one.school_id == course.school_id and self._plain_title(one, language) == name]
        name += f" · {self.catalogue.words['mode'][course.mode].to(language)}"
        if len([one for one in twins if one.mode == course.mode]) == 1:
            return name
        return f"{name} · {course.id.split('/')[1]}"

    def _plain_title(self, course: Course, language: Language) -> str:
        code = f"{codes(course)} " if course.modules else ""
        return f"{code}{course.title.to(language)} · {self.catalogue.schools[course.school_id].name.to(language)}"

    def _list(self, rows: list[Row]) -> ListView:
        return ListView(Selection(), len(rows), groups_of(self.catalogue, rows), ())

    def _school(self, school: School) -> Iterator[PlannedPage]:
        rows = [row for row in self.rows.values() if row.course.school_id == school.id]
        sources = (school.source.path, *(row.course.source.path for row in rows))
        inputs = {"school": school, "member": school.id in self.members, "view": self._list(rows)}
        names = Counter(one.name.to(self.languages[0]) for one in self.catalogue.schools.values())
        for language in self.languages:
            name = school.name.to(language)
            title = name if names[school.name.to(self.languages[0])] == 1 else f"{name}, {school.id}"
            yield self._page("school", language, lambda url: url.school(school.id), "schools", title, inputs, sources)

    def _subject(self, subject_id: str) -> Iterator[PlannedPage]:
        rows = [row for row in self.rows.values() if row.course.subject_id == subject_id]
        subject = self.catalogue.subjects[subject_id]
        inputs = {"subject": subject, "view": self._list(rows)}
        sources = tuple(row.course.source.path for row in rows)
        for language in self.languages:
            title = f"{subject.name.to(language)} ({subject_id})"
            yield self._page("subject", language, lambda url: url.subject(subject_id), "courses", title, inputs, sources)

    def _front(self) -> Iterator[PlannedPage]:
        everything = Selection()
        view = list_view(self.catalogue, self.index, everything, select(self.catalogue, everything, self.now, self.index), self.now)
        inputs = {
            "view": view,
            "school_count": len({row.course.school_id for row in self.rows.values()}),
            "search_index": self.search_address,
        }
        sources = ("network.yaml", *(course.source.path for course in self.index.courses))
        for language in self.languages:
            title = self.catalogue.network.slogan.to(language)
            yield self._page("front", language, lambda url: url.home(), "courses", title, inputs, sources)

    def _indexes(self) -> Iterator[PlannedPage]:
        open_now = {course_id for course_id, row in self.rows.items() if any(run.state == "open" for run in row.runs)}
        schools = Counter(row.course.school_id for row in self.rows.values())
        schools_open = Counter(self.rows[one].course.school_id for one in open_now)
        subjects = Counter(row.course.subject_id for row in self.rows.values())
        subjects_open = Counter(self.rows[one].course.subject_id for one in open_now)
        sources = tuple(course.source.path for course in self.index.courses)
        for language in self.languages:
            say = translation(language).gettext
            by_name = sorted(self.catalogue.schools.values(), key=lambda one: (not schools[one.id], one.name.to(language)))
            rows = tuple((one, schools[one.id], schools_open[one.id]) for one in by_name)
            yield self._page("schools", language, lambda url: url.schools(), "schools", say("Schools"), {"rows": rows}, sources)
            named = tuple((one, subjects[one.id], subjects_open[one.id]) for one in self.catalogue.subjects.values() if subjects[one.id])
            yield self._page("subjects", language, lambda url: url.subjects(), "courses", say("Subjects"), {"rows": named}, sources)

    def _content_pages(self) -> Iterator[PlannedPage]:
        for language in self.languages:
            for page in pages_in(self.catalogue, language):
                yield self._content_page(page, language)

    def _content_page(self, page: Page, language: Language) -> PlannedPage:
        agreements = self._agreements() if page.shows == "agreement" else ()
        named = {course_id for agreement in agreements for rule in agreement.prices for course_id in rule.courses}
        names: dict[str, Text] = {one: self.rows[one].course.title for one in sorted(named) if one in self.rows}
        inputs = {"content_page": page, "agreements": agreements, "course_names": names}
        sources = (page.source.path, *(agreement.source.path for agreement in agreements))
        nav = page.group if page.group == "rules" else "about" if page.group in ("about", "process") else ""
        return self._page("page", language, lambda url: url.page(page.id), nav, page.title, inputs, sources)

    def _agreements(self) -> tuple[Agreement, ...]:
        """The agreements, the one in force first, then the coming ones, then those of earlier years, newest first."""

        def order(one: Agreement) -> tuple[int, int]:
            if one.ends_on < self.today:
                return (2, -one.starts_on.toordinal())
            return (0 if one.starts_on <= self.today else 1, one.starts_on.toordinal())

        return tuple(sorted(self.catalogue.agreements.values(), key=order))
