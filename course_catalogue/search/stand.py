"""Where every word stands in the courses of a catalogue."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from course_catalogue.model import Catalogue, Course
from course_catalogue.search.place import COSTS
from course_catalogue.search.term import MODULE_NAME, PLAIN, SCHOOL, SUBJECT, Word, name_words, terms_of

Stands = dict[str, dict[str, "array[int]"]]  # by language, by word: places, as in course_catalogue/search/place.py, in order


@dataclass(frozen=True, slots=True)
class Standing:
    """Where words stand: in titles, codes, keywords and names, and in texts. Courses are numbered in the order of the index."""

    names: Stands
    texts: Stands

    @property
    def both(self) -> tuple[Stands, Stands]:
        return self.names, self.texts


def standing_of(catalogue: Catalogue, courses: Iterable[Course]) -> Standing:
    """Where every word of the courses stands."""
    names, texts = _nowhere(), _nowhere()
    shared: dict[tuple[int, tuple[Word, ...]], list[int]] = defaultdict(list)
    for number, course in enumerate(courses):
        terms = terms_of(course)
        for stands, found in ((names, terms.names), (texts, terms.texts)):
            for language, costs in found.items():
                of_language = stands[language]
                for word, cost in costs.items():
                    of_language[word].append(number * COSTS + cost)
        for key in _shared_names(catalogue, course):
            shared[key].append(number)
    for (cost, words), numbers in shared.items():
        for language, word in words:
            names[language][word].extend([number * COSTS + cost for number in numbers])
    for places in (places for of_language in names.values() for places in of_language.values()):
        places[:] = array("I", sorted(places))
    return Standing(names, texts)


def words_in(stands: Stands) -> Iterator[Word]:
    return ((language, word) for language, words in stands.items() for word in words)


def stand_anew(standing: Standing, catalogue: Catalogue, courses: Sequence[Course], changed: Iterable[int]) -> tuple[set[Word], set[Word]]:
    """Let the changed courses, by number, stand as they are now. The words that came, went or moved, of the names and of the texts."""
    touched: tuple[set[Word], set[Word]] = (set(), set())
    for number in changed:
        for stands, words in zip(standing.both, touched, strict=True):
            words |= set(_removed(stands, number))
        alone = standing_of(catalogue, [courses[number]])
        for stands, words, found in zip(standing.both, touched, alone.both, strict=True):
            for language, word in words_in(found):
                words.add((language, word))
                places = stands.setdefault(language, {}).setdefault(word, array("I"))
                for place in found[language][word]:
                    insort(places, place + number * COSTS)
    return touched


def _removed(stands: Stands, number: int) -> Iterator[Word]:
    """The words of a course, which stand there no longer."""
    for language, words in stands.items():
        gone = []
        for word, places in words.items():
            first = bisect_left(places, number * COSTS)
            if first < len(places) and places[first] < (number + 1) * COSTS:
                del places[first : bisect_left(places, (number + 1) * COSTS)]
                yield language, word
                if not places:
                    gone.append(word)
        for word in gone:
            del words[word]


def _nowhere() -> Stands:
    return defaultdict(lambda: defaultdict(lambda: array("I")))


def _shared_names(catalogue: Catalogue, course: Course) -> Iterator[tuple[int, tuple[Word, ...]]]:
    """The names that a course shares with others, each with its cost: of its subject, its modules and its school."""
    subject = catalogue.subjects[course.subject_id]
    yield SUBJECT, (*name_words(subject.name), (PLAIN, subject.id.lower()))
    if course.modules:
        yield MODULE_NAME, name_words(*(catalogue.modules[code].name for code in course.modules))
    yield SCHOOL, name_words(catalogue.schools[course.school_id].name)
