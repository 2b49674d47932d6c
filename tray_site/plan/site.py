"""What every planner reads: the catalogue at one moment, and rows that are made once and shared by all languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property

from course_catalogue.facet import CourseFact, facts_of
from course_catalogue.model import Catalogue, Course, CourseId, Language, SchoolId
from course_catalogue.search import SearchIndex
from theme.address import Addresses, addresses, codes
from theme.list_view import Row, row_of
from tray_site.files.past import Past
from tray_site.history import History
from tray_site.plan.list_files import ListFiles, list_files
from tray_site.plan.planned import PlannedPage


class Site:
    """A catalogue to be published as it is at `now`. `search_address` is where the words of the search are published."""

    def __init__(
        self, catalogue: Catalogue, index: SearchIndex, now: datetime, search_address: str, histories: Mapping[str, History]
    ) -> None:
        self.catalogue = catalogue
        self.index = index
        self.now = now
        self.today = catalogue.network.day_of(now)
        self.search_address = search_address
        self.histories = histories
        self.languages = catalogue.network.languages

    @cached_property
    def rows(self) -> Mapping[CourseId, Row]:
        """The rows of all courses that have a page, in the order of the list."""
        return {course.id: row_of(number, course, self.now) for number, course in enumerate(self.index.courses)}

    @cached_property
    def by_module(self) -> Mapping[str, list[Course]]:
        """The courses of each national module that has any, in the vocabulary's order; the courses in that of the list."""
        found: dict[str, list[Course]] = {code: [] for code in self.catalogue.modules}
        for course in self.index.courses:
            for code in course.modules:
                found[code].append(course)
        return {code: courses for code, courses in found.items() if courses}

    @cached_property
    def facts(self) -> tuple[CourseFact, ...]:
        """What the filters know of these courses, in the same order."""
        return facts_of(self.catalogue, self.index.courses)

    @cached_property
    def list_files(self) -> ListFiles:
        """What the script of the list reads."""
        return list_files(self.catalogue, self.facts, self.languages)

    @cached_property
    def pasts(self) -> tuple[Past, ...]:
        """Each course that has a page with its history, in the order of the list."""
        return tuple(Past(course, self.histories.get(course.source.path)) for course in self.index.courses)

    @cached_property
    def pasts_by_school(self) -> Mapping[SchoolId, list[Past]]:
        return _grouped(self.pasts, lambda past: past.course.school_id)

    @cached_property
    def pasts_by_subject(self) -> Mapping[str, list[Past]]:
        return _grouped(self.pasts, lambda past: past.course.subject_id)

    @cached_property
    def members(self) -> frozenset[SchoolId]:
        """The schools that are a member in any agreement."""
        return frozenset(school for agreement in self.catalogue.agreements.values() for school in agreement.members)

    @cached_property
    def _titles(self) -> Mapping[Language, Counter[str]]:
        return {one: Counter(self._plain_title(course, one) for course in self.index.courses) for one in self.languages}

    def url(self, language: Language) -> Addresses:
        return addresses(self.catalogue, language)

    def page(
        self,
        kind: str,
        language: Language,
        where: Callable[[Addresses], str],
        nav: str,
        title: str,
        inputs: Mapping[str, object],
        sources: tuple[str, ...],
    ) -> PlannedPage:
        """A page that exists in every language. `where` tells its address, `nav` the main page it belongs to."""
        alternates = {one: where(self.url(one)) for one in self.languages}
        return PlannedPage(alternates[language], kind, language, nav, title, alternates, inputs, sources)

    def course_title(self, course: Course, language: Language) -> str:
        """Codes, title and school; with the mode, and at last the file's name, where the same school has two alike."""
        name = self._plain_title(course, language)
        if self._titles[language][name] == 1:
            return name
        twins = [one for one in self.index.courses if one.school_id == course.school_id and self._plain_title(one, language) == name]
        name += f" · {self.catalogue.words['mode'][course.mode].to(language)}"
        if len([one for one in twins if one.mode == course.mode]) == 1:
            return name
        return f"{name} · {course.id.split('/')[1]}"

    def _plain_title(self, course: Course, language: Language) -> str:
        code = f"{codes(course)} " if course.modules else ""
        return f"{code}{course.title.to(language)} · {self.catalogue.schools[course.school_id].name.to(language)}"


def _grouped(pasts: Iterable[Past], by: Callable[[Past], str]) -> Mapping[str, list[Past]]:
    found: dict[str, list[Past]] = {}
    for past in pasts:
        found.setdefault(by(past), []).append(past)
    return found
