"""A planned page, a planned file, and the plan of the whole site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from course_catalogue.model import Catalogue, Language
from course_catalogue.search import SearchIndex


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to print that is no page: its address, the name of its printer in tray_site/files/printers.py, and what it is printed from."""

    address: str
    kind: str
    inputs: Mapping[str, object]
    key: str = ""

    def parts(self) -> tuple[object, ...]:
        """Everything the file is printed from, beside what all files share."""
        return (self.kind, self.address, self.inputs)

    @property
    def path(self) -> str:
        """The file's path in the output."""
        return self.address.lstrip("/")


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


Planned = PlannedPage | PlannedFile


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole site: what templates see of the catalogue, the day, and the pages in an order that keeps a course's languages together."""

    catalogue: Catalogue
    shared: Catalogue
    index: SearchIndex
    today: date
    pages: tuple[PlannedPage, ...]
    files: tuple[PlannedFile, ...]
    service: str = ""  # the service's host, when it is another than the site's

    @property
    def year_begins_on(self) -> date:
        """What templates know as `today`: enough to tell whether a date needs its year. They print the same on every day of a year."""
        return self.today.replace(month=1, day=1)

    @property
    def planned(self) -> tuple[Planned, ...]:
        return (*self.pages, *self.files)
