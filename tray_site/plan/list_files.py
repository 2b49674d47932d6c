"""The files that the script of the list reads, where they are published, and how they are planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from course_catalogue.facet import CourseFact
from course_catalogue.model import Catalogue, Course, Language
from tray_site.files.list_data import BLOCK, address_of, columns, places, title_places, version_of
from tray_site.plan.planned import PlannedFile


@dataclass(frozen=True, slots=True)
class ListAddresses:
    """Where a page in one language finds them. A block of rows is `blocks`, its number from 0, `.json`."""

    columns: str
    places: str
    titles: str
    blocks: str


@dataclass(frozen=True, slots=True)
class ListFiles:
    """Texts by address. `courses` are in the order of their numbers; blocks of them go by a version of that order."""

    columns: str
    places: str
    titles: Mapping[Language, str]
    courses: tuple[Course, ...]
    version: str

    def addresses(self, language: Language) -> ListAddresses:
        return ListAddresses(
            columns=address_of("list", self.columns),
            places=address_of("places", self.places),
            titles=address_of(f"titles-{language}", self.titles[language]),
            blocks=f"/list/{self.version}/{language}/",
        )

    def planned(self) -> Iterator[PlannedFile]:
        """All files. Blocks are printed by workers, the others stand in their plan."""
        blocks = [self.courses[start : start + BLOCK] for start in range(0, len(self.courses), BLOCK)]
        for language, titles in self.titles.items():
            where = self.addresses(language)
            yield PlannedFile(where.titles, "text", {"text": titles})
            for number, courses in enumerate(blocks):
                yield PlannedFile(f"{where.blocks}{number}.json", "rows", {"courses": courses, "language": language})
        yield PlannedFile(where.columns, "text", {"text": self.columns})
        yield PlannedFile(where.places, "text", {"text": self.places})


def list_files(catalogue: Catalogue, facts: Sequence[CourseFact], languages: Sequence[Language]) -> ListFiles:
    courses = tuple(fact.course for fact in facts)
    titles = {language: title_places(facts, language) for language in languages}
    return ListFiles(columns(catalogue, facts), places(facts), titles, courses, version_of(courses))
