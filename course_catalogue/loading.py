"""Reads every file of a content folder once, in the order in which they refer to each other, and collects the problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from course_catalogue.agreement_file import read_agreement
from course_catalogue.body import own_links
from course_catalogue.commit import commit_of
from course_catalogue.content_file import ContentFile, Enough, file_of_bytes, front_matter, read_bytes, read_content_file
from course_catalogue.course_cache import CourseCache, Links, packed, with_hashes
from course_catalogue.course_file import read_course
from course_catalogue.folder import Listing, list_content
from course_catalogue.known import Known, Relation
from course_catalogue.model import Agreement, Catalogue, Course, Module, Network, Page, School, Subject, Text
from course_catalogue.network_file import DEFAULT_ZONE, read_network
from course_catalogue.page_file import read_page
from course_catalogue.problem import Problem
from course_catalogue.reader import Record
from course_catalogue.school_file import read_school, school_id_of
from course_catalogue.spread import spread
from course_catalogue.vocabulary import read_modules, read_names, read_synonyms
from course_catalogue.words import words_of

T = TypeVar("T")

HAS_LINK = re.compile(r"\]\(|\]:")
WORTH_FORKING = 500  # courses to read; below this one process is faster
TOGETHER = 32  # courses that a process reads as one task
Read = tuple[ContentFile, Record | None]


class Entry(Generic[T]):
    """What was read from a file, None when it has an error, and its links. `read` gives the file and its record, for places."""

    def __init__(self, thing: T | None, links: Links, read: Callable[[], Read]) -> None:
        self.thing = thing
        self.links = links
        self._read = read

    @cached_property
    def _source(self) -> Read:
        return self._read()

    @property
    def file(self) -> ContentFile:
        return self._source[0]

    @property
    def record(self) -> Record | None:
        return self._source[1]

    @classmethod
    def of(cls, file: ContentFile, thing: T | None, record: Record | None) -> Entry[T]:
        return cls(thing, _links(file) if thing else (), lambda: (file, record))


def _links(file: ContentFile) -> Links:
    """The links of a text to pages of the same site."""
    parts = front_matter(file) if HAS_LINK.search(file.text) else None
    return tuple(own_links(parts[1], parts[2], file)) if parts else ()


class Loading:
    """One pass over the files, in the order in which they refer to each other. What a file with errors says is left out.

    `cache` is the file of kept courses, or None; `tell` hears how many courses of all have been read; `forks`: many courses are
    read by all processors, which only a process without threads may ask for.
    """

    def __init__(
        self,
        content: Path,
        cache: Path | None = None,
        tell: Callable[[int, int], None] = lambda done, of: None,
        *,
        forks: bool = False,
    ) -> None:
        self.content = content
        self._forks = forks
        self._cache = cache
        self._tell = tell
        self.problems: list[Problem] = []
        self.known = Known()
        self.listing = Listing(())
        self.network: Network | None = None
        self.subjects: Mapping[str, Text] = {}
        self.levels: Mapping[str, Text] = {}
        self.modules: Mapping[str, Module] = {}
        self.synonyms: Mapping[str, tuple[str, ...]] = {}
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

    def network_alone(self) -> Network | None:
        self.listing = Listing(("network.yaml",))
        self._read_network()
        return self.network

    def catalogue(self) -> Catalogue | None:
        if self.network is None or any(problem.is_error for problem in self.problems):
            return None
        return Catalogue(
            network=self.network,
            schools=self.schools,
            subjects={key: Subject(key, name) for key, name in self.subjects.items()},
            modules=self.modules,
            synonyms=self.synonyms,
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
        for file in self._one("vocabulary/search_words.yaml"):
            with suppress(Enough):
                self.synonyms = read_synonyms(file, self.known)
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
        """Kept courses as they are; of the others those without any problem by all processors if it forks, the rest here, with problems."""
        kept = CourseCache(self._cache, self.known, self.modules, self.zone)
        paths = self.listing.below("courses")
        tasks = [paths[start : start + TOGETHER] for start in range(0, len(paths), TOGETHER)]
        entries: dict[str, Entry[Course]] = {}
        worth = self._forks and len(paths) - len(kept) > WORTH_FORKING
        for found in spread(lambda some: self._read_some(some, kept), tasks, worth=worth):
            for path, key, record in found:
                known = kept.put(key, record) if record else kept.get(key) if key else None
                entry = Entry(*known, partial(self._again, path)) if known else self._told(path)
                if entry:
                    entries[path] = entry
            self._tell(len(entries), len(paths))
        self.courses = [entries[path] for path in paths if path in entries]
        kept.save()

    def _read_some(self, paths: Sequence[str], kept: CourseCache) -> list[tuple[str, bytes, bytes]]:
        """Of each file its path, its key, and its course packed; the course is empty when it is kept, both when there is a problem."""
        found = []
        for path in paths:
            problems: list[Problem] = []
            raw = read_bytes(self.content, path, problems)
            key = b"" if raw is None else kept.key(path, raw)
            record = b""
            if raw is not None and key not in kept:
                file = file_of_bytes(path, raw, problems)
                course = self._read(file)[0] if file else None
                if course and self._cache:
                    course = with_hashes(course, key)
                record = packed(course, _links(file)) if file and course and not problems else b""
                key = key if record else b""
            found.append((path, key, record))
        return found

    def _read(self, file: ContentFile) -> tuple[Course | None, Record | None]:
        with suppress(Enough):
            return read_course(file, self.known, self.modules, self.zone)
        return None, None

    def _told(self, path: str) -> Entry[Course] | None:
        """The entry of a course file with problems, which are told."""
        file = read_content_file(self.content, path, self.problems)
        return Entry.of(file, *self._read(file)) if file else None

    def _again(self, path: str) -> Read:
        """A course without problems of its own, read once more for the places in its file."""
        file = read_content_file(self.content, path, self.problems)
        return (file, self._read(file)[1]) if file else (ContentFile(path, "", self.problems), None)

    def _read_agreements(self) -> None:
        for file in self._files(self.listing.below("agreements")):
            entry: Entry[Agreement] = Entry.of(file, None, None)
            with suppress(Enough):
                entry = Entry.of(file, *read_agreement(file, self.known))
            self.agreements.append(entry)

    def _read_pages(self) -> None:
        for file in self._files(self.listing.below("pages")):
            with suppress(Enough):
                if page := read_page(file, self.known):
                    self.pages.append(Entry.of(file, page, None))
