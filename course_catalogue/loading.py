"""Reads every file of a content folder once, in the order in which they refer to each other, and collects the problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from course_catalogue.agreement_file import read_agreement
from course_catalogue.commit import commit_of
from course_catalogue.content_file import ContentFile, Enough, read_content_file
from course_catalogue.course_file import read_course
from course_catalogue.folder import Listing, list_content
from course_catalogue.known import Known, Relation
from course_catalogue.model import Agreement, Catalogue, Course, Module, Network, Page, School, Subject, Text
from course_catalogue.network_file import DEFAULT_ZONE, read_network
from course_catalogue.page_file import read_page
from course_catalogue.problem import Problem
from course_catalogue.reader import Record
from course_catalogue.school_file import read_school, school_id_of
from course_catalogue.vocabulary import read_modules, read_names
from course_catalogue.words import words_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A file, what was read from it when it has no error, and its record for positions."""

    file: ContentFile
    thing: T | None
    record: Record | None


class Loading:
    """One pass over the files, in the order in which they refer to each other. What a file with errors says is left out."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self.problems: list[Problem] = []
        self.known = Known()
        self.listing = Listing(())
        self.network: Network | None = None
        self.subjects: Mapping[str, Text] = {}
        self.levels: Mapping[str, Text] = {}
        self.modules: Mapping[str, Module] = {}
        self.schools: Mapping[str, School] = {}
        self.courses: list[Entry[Course]] = []
        self.agreements: list[Entry[Agreement]] = []
        self.pages: list[Entry[Page]] = []

    @property
    def zone(self) -> ZoneInfo:
        return self.network.time_zone if self.network else DEFAULT_ZONE

    def read(self) -> None:
        self.listing = list_content(self.content, self.problems)
        self._read_network()
        self._read_vocabulary()
        self._read_schools()
        self._read_courses()
        self._read_agreements()
        self._read_pages()

    def catalogue(self) -> Catalogue | None:
        if self.network is None or any(problem.is_error for problem in self.problems):
            return None
        return Catalogue(
            network=self.network,
            schools=self.schools,
            subjects={key: Subject(key, name) for key, name in self.subjects.items()},
            modules=self.modules,
            agreements={one.thing.id: one.thing for one in self.agreements if one.thing},
            courses={one.thing.id: one.thing for one in self.courses if one.thing},
            pages=tuple(one.thing for one in self.pages if one.thing),
            words=words_of(self.levels, self.network.languages),
            commit=commit_of(self.content),
        )

    def _files(self, paths: Iterable[str]) -> Iterator[ContentFile]:
        for path in paths:
            if file := read_content_file(self.content, path, self.problems):
                yield file

    def _one(self, path: str) -> Iterator[ContentFile]:
        return self._files([path] if path in self.listing.paths else [])

    def _read_network(self) -> None:
        for file in self._one("network.yaml"):
            with suppress(Enough):
                self.network, self.known = read_network(file, self.known)

    def _read_vocabulary(self) -> None:
        for file in self._one("vocabulary/subjects.yaml"):
            with suppress(Enough):
                self.subjects = read_names("subjects", file, self.known)
        for file in self._one("vocabulary/levels.yaml"):
            with suppress(Enough):
                self.levels = read_names("levels", file, self.known)
        self._relate("subjects", {key: name.by_language for key, name in self.subjects.items()})
        self._relate("levels", {key: name.by_language for key, name in self.levels.items()})
        for file in self._one("vocabulary/modules.csv"):
            with suppress(Enough):
                self.modules = read_modules(file, self.known)
        self._relate("modules", {key: module.name.by_language for key, module in self.modules.items()})

    def _read_schools(self) -> None:
        """A school whose file has errors is known by its id, so that its courses are not blamed for it."""
        paths = self.listing.below("schools")
        courses = [path.removeprefix("courses/").removesuffix(".md") for path in self.listing.below("courses")]
        offering = {course.split("/")[0] for course in courses}
        schools: dict[str, School] = {}
        for file in self._files(paths):
            with suppress(Enough):
                if school := read_school(file, self.known, offers=school_id_of(file.path) in offering):
                    schools[school.id] = school
        self.schools = schools
        ids = [school_id_of(path) for path in paths]
        self._relate("schools", {one: schools[one].name.by_language if one in schools else {} for one in ids})
        self._relate("courses", {course: {} for course in courses})

    def _relate(self, name: str, labels: Mapping[str, Mapping[str, str]]) -> None:
        """Make the ids known to references. A vocabulary that is missing or broken is not held against them."""
        if labels or name in ("schools", "courses"):
            relation = Relation(labels.keys(), labels)
            self.known = Known(self.known.languages, {**self.known.relations, name: relation})

    def _read_courses(self) -> None:
        for file in self._files(self.listing.below("courses")):
            entry: Entry[Course] = Entry(file, None, None)
            with suppress(Enough):
                entry = Entry(file, *read_course(file, self.known, self.modules, self.zone))
            self.courses.append(entry)

    def _read_agreements(self) -> None:
        for file in self._files(self.listing.below("agreements")):
            entry: Entry[Agreement] = Entry(file, None, None)
            with suppress(Enough):
                entry = Entry(file, *read_agreement(file, self.known))
            self.agreements.append(entry)

    def _read_pages(self) -> None:
        for file in self._files(self.listing.below("pages")):
            with suppress(Enough):
                if page := read_page(file, self.known):
                    self.pages.append(Entry(file, page, None))
