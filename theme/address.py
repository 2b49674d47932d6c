"""Where things are: the addresses of the site's pages and of the service, in one place.

The network's first language is at the root, every other under its own code. See docs/decisions/0004.
"""

from __future__ import annotations

from dataclasses import dataclass

from course_catalogue.model import AgreementId, Catalogue, Course, CourseId, Language, SchoolId


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

    def school(self, school_id: SchoolId) -> str:
        return f"{self.prefix}/schools/{school_id}.html"

    def subjects(self) -> str:
        return f"{self.prefix}/subjects.html"

    def subject(self, subject_id: str) -> str:
        return f"{self.prefix}/subjects/{subject_id.lower()}.html"

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

    def open_data(self) -> str:
        return "/catalogue.json"


def addresses(catalogue: Catalogue, language: Language, service: str = "") -> Addresses:
    """The addresses for readers of `language`. `service` is the service's host when it is another than the page's."""
    return Addresses("" if language == catalogue.network.languages[0] else f"/{language}", service)


def rule_anchor(agreement_id: AgreementId, part: str) -> str:
    """The fragment of a part of an agreement, on the page that shows it: a price rule, a leaving step, `leaving`, `duties` …"""
    return f"{agreement_id}-{part}"


def codes(course: Course) -> str:
    """The codes by which a course is known, `FY4 FY5`; a local unit goes by its subject's id."""
    return " ".join(course.modules) or course.subject_id
