"""Where things are: the addresses of the site's pages and of the service, in one place.

The network's first language is at the root, every other under its own code. See docs/decisions/0004.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from course_catalogue.model import AgreementId, Catalogue, Course, CourseId, Language, SchoolId

# The folders of the lists by the filter's name, and the name of the list of courses that can be started at any time.
LISTS = {"month": "starts", "level": "levels", "language": "languages", "mode": "modes"}
ANY_TIME = "any-time"
PLAIN = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe"})
NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one language. `home()` ends with a slash, pages end in .html, the service's have no ending."""

    prefix: str  # "" for the first language, "/sv" for the others
    service: str = ""  # "" where site and service share a host, else the service's own, "https://service.example"

    def home(self) -> str:
        return f"{self.prefix}/"

    def course(self, course_id: CourseId) -> str:
        return f"{self.prefix}/courses/{course_id}.html"

    def schools(self) -> str:
        return f"{self.prefix}/schools.html"

    def school(self, school_id: SchoolId, page: int = 1) -> str:
        return self._page_of(f"schools/{school_id}", page)

    def subjects(self) -> str:
        return f"{self.prefix}/subjects.html"

    def subject(self, subject_id: str, page: int = 1) -> str:
        return self._page_of(f"subjects/{subject_id.lower()}", page)

    def modules(self) -> str:
        """The list of national modules that have courses."""
        return f"{self.prefix}/modules.html"

    def module(self, code: str, page: int = 1) -> str:
        """A national module by its code in plain letters, `ÄI10` at `modules/aei10.html`: RUA1 and RUÄ1 are two modules."""
        return self._page_of(f"modules/{NOT_PLAIN.sub('-', code.lower().translate(PLAIN)).strip('-')}", page)

    def changes(self) -> str:
        """What is new and changed."""
        return f"{self.prefix}/changes.html"

    def lists(self) -> str:
        """The page that leads to all lists."""
        return f"{self.prefix}/lists.html"

    def list_of(self, name: str, value: str, page: int = 1) -> str:
        """The list of the courses under one value of a filter: month, level, language or mode."""
        return self._page_of(f"{LISTS[name]}/{ANY_TIME if value == 'nonstop' else value.replace('_', '-')}", page)

    def _page_of(self, path: str, page: int) -> str:
        """A list's first page by the list's name, the others by their number below it."""
        return f"{self.prefix}/{path}.html" if page == 1 else f"{self.prefix}/{path}/{page}.html"

    def chosen(self) -> str:
        """The reader's own courses, kept in the browser."""
        return f"{self.prefix}/chosen.html"

    def compare(self) -> str:
        return f"{self.prefix}/compare.html"

    def my_words(self) -> str:
        """The schools with their periods, and the words in which a page speaks of the reader's own school."""
        return f"{self.prefix}/my.json"

    def page(self, page_id: str) -> str:
        return f"{self.prefix}/pages/{page_id}.html"

    def not_found(self) -> str:
        return f"{self.prefix}/404.html"

    def search(self) -> str:
        return f"{self.service}{self.prefix}/search"

    def enrol(self) -> str:
        return f"{self.service}{self.prefix}/enrol"

    def enrolment(self, token: str) -> str:
        return f"{self.service}{self.prefix}/enrolment/{token}"

    def decide(self, token: str) -> str:
        return f"{self.service}{self.prefix}/decide/{token}"

    def staff(self, below: str = "") -> str:
        return f"{self.service}{self.prefix}/staff/{below}"

    def seats(self) -> str:
        return f"{self.service}/api/offerings/seats.json"

    def data(self) -> str:
        """The page about the open data, feeds and calendars."""
        return f"{self.prefix}/data.html"

    def open_data(self) -> str:
        return "/catalogue.json"

    def table(self, name: str) -> str:
        """A table of the open data: courses, offerings."""
        return f"/{name}.csv"

    def feed(self) -> str:
        return f"{self.prefix}/feed.atom"

    def school_feed(self, school_id: SchoolId) -> str:
        return f"{self.prefix}/schools/{school_id}.atom"

    def subject_feed(self, subject_id: str) -> str:
        return f"{self.prefix}/subjects/{subject_id.lower()}.atom"

    def course_calendar(self, course_id: CourseId) -> str:
        """In the language the course is taught in, so there is one."""
        return f"/courses/{course_id}.ics"

    def school_calendar(self, school_id: SchoolId) -> str:
        return f"{self.prefix}/schools/{school_id}.ics"

    def subject_calendar(self, subject_id: str) -> str:
        return f"{self.prefix}/subjects/{subject_id.lower()}.ics"

    def card(self) -> str:
        """The picture of every page that has none of its own."""
        return f"{self.prefix}/card.png"

    def course_card(self, course_id: CourseId) -> str:
        """In the language the course is taught in, so there is one."""
        return f"/courses/{course_id}.png"

    def school_frame(self, school_id: SchoolId) -> str:
        """A list of courses for the school's own site, to stand in a frame."""
        return f"{self.prefix}/embed/{school_id}.html"

    def subject_frame(self, subject_id: str) -> str:
        return f"{self.prefix}/embed/subjects/{subject_id.lower()}.html"

    def search_description(self) -> str:
        """How a browser's own search field asks this site."""
        return f"{self.prefix}/opensearch.xml"


def addresses(catalogue: Catalogue, language: Language, service: str = "") -> Addresses:
    """The addresses for readers of `language`. `service` is the service's host when it is another than the page's."""
    return Addresses("" if language == catalogue.network.languages[0] else f"/{language}", service)


def rule_anchor(agreement_id: AgreementId, part: str) -> str:
    """The fragment of a part of an agreement, on the page that shows it: a price rule, a leaving step, `leaving`, `duties` …"""
    return f"{agreement_id}-{part}"


def codes(course: Course) -> str:
    """The codes by which a course is known, `FY4 FY5`; a local unit goes by its subject's id."""
    return " ".join(course.modules) or course.subject_id
