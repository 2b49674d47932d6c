"""What stands on a card: a course's codes, title, school, credits and dates, or a network's own words.

In the language the course is taught in, where that is one of the site's. Nothing that time alone changes stands on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from course_catalogue.colours import Colours
from course_catalogue.model import Catalogue, Course, Language
from course_catalogue.offering import in_order
from theme.address import codes
from theme.translation import translation
from theme.wording import Wording, upper_first

WIDTH, HEIGHT = 1200, 630  # points and pixels; what the sites that show cards ask for
CODES = 5  # so many codes at most
RUNS = 2  # so many runs are told at most


@dataclass(frozen=True, slots=True)
class Card:
    """The words of one card. `language` is theirs, for the parting of long words."""

    language: Language
    codes: tuple[str, ...]
    title: str
    school: str
    facts: str
    dates: str
    name: str  # of the tray
    colours: Colours

    @property
    def words(self) -> str:
        """All of it, for who does not see the picture."""
        return " · ".join(part for part in (" ".join(self.codes), self.title, self.school, self.facts, self.dates) if part)


def language_of(catalogue: Catalogue, course: Course) -> Language:
    """The language of a course's card and calendar: the one it is taught in, else the network's first."""
    languages = catalogue.network.languages
    return course.language if course.language in languages else languages[0]


def course_card(catalogue: Catalogue, course: Course) -> Card:
    language = language_of(catalogue, course)
    wording = Wording(language, catalogue.network.time_zone)
    mode = catalogue.words["mode"][course.mode].to(language)
    dates = list(_dates(course, wording, language))
    found = course.modules or (codes(course),)
    return Card(
        language=language,
        codes=(*found[:CODES], *("…" for _ in found[CODES : CODES + 1])),
        title=course.title.to(language),
        school=catalogue.schools[course.school_id].name.to(language),
        facts=f"{wording.credits(course.credits)} · {upper_first(mode)}",
        dates=" · ".join([*dates[:RUNS], *("…" for _ in dates[RUNS : RUNS + 1])]),
        name=_name(language),
        colours=catalogue.network.colours,
    )


def _dates(course: Course, wording: Wording, language: Language) -> Iterator[str]:
    if course.status == "cancelled":
        return
    for one in in_order(course):
        if one.cancelled:
            continue
        if one.starts_on and one.ends_on:
            yield wording.period(one.starts_on, one.ends_on)
        elif one.nonstop:
            yield translation(language).gettext("Start any time")


def network_card(catalogue: Catalogue, language: Language) -> Card:
    """The card of every page that has none of its own."""
    network = catalogue.network
    return Card(language, (), network.slogan.to(language), network.name.to(language), network.host, "", _name(language), network.colours)


def _name(language: Language) -> str:
    return translation(language).gettext("Tarjotin")
