"""Loads a content folder: every file is read and checked, and only a content without errors becomes a Catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from course_catalogue.across import Entry, check_across
from course_catalogue.agreement_file import read_agreement
from course_catalogue.commit import commit_of
from course_catalogue.content_file import ContentFile, read_content_file
from course_catalogue.course_file import read_course
from course_catalogue.field import definition
from course_catalogue.folder import Listing, list_content
from course_catalogue.known import Known, Relation
from course_catalogue.model import Agreement, Catalogue, Course, Module, Network, Page, School, Subject, Text
from course_catalogue.network_file import DEFAULT_ZONE, read_network
from course_catalogue.page_file import read_page
from course_catalogue.problem import ContentProblems, Problem
from course_catalogue.school_file import read_school
from course_catalogue.vocabulary import read_modules, read_names
from course_catalogue.words import words_of


def load(content: Path, *, today: date | None = None) -> Catalogue:
    """The catalogue of a content folder. Refuses with ContentProblems when any file has an error.

    `today` adds the warnings that depend on the day, as in `examine`.
    """
    catalogue, problems = examine(content, today=today)
    if catalogue is None:
        raise ContentProblems(problems)
    return catalogue


def examine(content: Path, *, today: date | None = None) -> tuple[Catalogue | None, list[Problem]]:
    """The catalogue, or None when any problem is an error; and all problems, warnings too, in order of place."""
    loading = _Loading(content)
    catalogue = loading.run(today)
    loading.problems.sort(key=Problem.sort_key)
    return catalogue, loading.problems


class _Loading:
    """One pass over the files, in the order in which they refer to each other."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self.problems: list[Problem] = []
        self.known = Known()

    def run(self, today: date | None) -> Catalogue | None:
        listing = list_content(self.content, self.problems)
        network = self._network(listing)
        subjects, levels, modules = self._vocabulary(listing)
        zone = network.time_zone if network else DEFAULT_ZONE
        schools = self._schools(listing)
        courses: list[Entry[Course]] = []
        for path in listing.below("courses"):
            if file := self._file(path):
                courses.append(Entry(file, *read_course(file, self.known, modules, zone)))
        agreements: list[Entry[Agreement]] = []
        for path in listing.below("agreements"):
            if file := self._file(path):
                agreements.append(Entry(file, *read_agreement(file, self.known)))
        pages = self._pages(listing)
        check_across(courses, agreements, schools, zone, today, self.known, listing, self.problems)
        if network is None or any(problem.is_error for problem in self.problems):
            return None
        return Catalogue(
            network=network,
            schools=schools,
            subjects={key: Subject(key, name) for key, name in subjects.items()},
            modules=modules,
            agreements={one.thing.id: one.thing for one in agreements if one.thing},
            courses={one.thing.id: one.thing for one in courses if one.thing},
            pages=pages,
            words=words_of(levels, network.languages),
            commit=commit_of(self.content),
        )

    def _file(self, path: str) -> ContentFile | None:
        return read_content_file(self.content, path, self.problems)

    def _network(self, listing: Listing) -> Network | None:
        file = self._file("network.yaml") if "network.yaml" in listing.paths else None
        if file is None:
            return None
        network, self.known = read_network(file, self.known)
        return network

    def _vocabulary(self, listing: Listing) -> tuple[Mapping[str, Text], Mapping[str, Text], Mapping[str, Module]]:
        names: dict[str, Mapping[str, Text]] = {}
        for kind in ("subjects", "levels"):
            path = f"vocabulary/{kind}.yaml"
            file = self._file(path) if path in listing.paths else None
            names[kind] = read_names(kind, file, self.known) if file else {}
            self._relate(kind, {key: name.by_language for key, name in names[kind].items()})
        path = "vocabulary/modules.csv"
        file = self._file(path) if path in listing.paths else None
        modules = read_modules(file, self.known) if file else {}
        self._relate("modules", {key: module.name.by_language for key, module in modules.items()})
        return names["subjects"], names["levels"], modules

    def _schools(self, listing: Listing) -> Mapping[str, School]:
        """Schools by id. A school whose file has errors is known by its id, so that its courses are not blamed."""
        ids = [path.split("/")[1].removesuffix(".yaml") for path in listing.below("schools")]
        offering = {path.split("/")[1] for path in listing.below("courses")}
        schools: dict[str, School] = {}
        for school_id in ids:
            file = self._file(f"schools/{school_id}.yaml")
            school = read_school(file, self.known, offers=school_id in offering) if file else None
            if school:
                schools[school_id] = school
        self._relate("schools", {one: schools[one].name.by_language if one in schools else {} for one in ids})
        courses = {path.removeprefix("courses/").removesuffix(".md"): dict[str, str]() for path in listing.below("courses")}
        self._relate("courses", courses)
        return schools

    def _pages(self, listing: Listing) -> tuple[Page, ...]:
        found = (self._file(path) for path in listing.below("pages"))
        return tuple(page for file in found if file and (page := read_page(file, self.known)))

    def _relate(self, name: str, labels: Mapping[str, Mapping[str, str]]) -> None:
        """Make the ids known to references. Unknown vocabulary (its file is missing or broken) is not held against them."""
        if labels or name in ("schools", "courses"):
            relation = Relation(frozenset(labels) if len(labels) > 50 else tuple(labels), labels)
            self.known = Known(self.known.languages, {**self.known.relations, name: relation})


def definitions() -> tuple[str, ...]:
    """The kinds of content file that have a field definition."""
    return tuple(definition(name).name for name in ("course", "school", "agreement", "network", "page", "subjects", "levels"))
