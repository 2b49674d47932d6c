"""The words of a course, each with what it costs to find the course by it: the less, the better the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from course_catalogue.model import Course, Text
from course_catalogue.search.code import CODE, codes_of
from course_catalogue.search.fold import fold, words_in

TITLE, MODULE, KEYWORD, SUBJECT, MODULE_NAME, SCHOOL, TEACHER, SUMMARY, BODY = 0, 1, 3, 4, 5, 6, 7, 8, 20
PLAIN = ""  # the language of a word that is taken as it is

Word = tuple[str, str]  # its language, and the word in small letters
Costs = dict[str, dict[str, int]]  # by language, by word


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of a course's own file, each with its cost: of its title, codes, keywords and teacher, and of its summary and body."""

    names: Costs
    texts: Costs


def terms_of(course: Course) -> Terms:
    """A function of the course's file alone, so that its result may be kept under the hash of the file. The better places come last."""
    names: Costs = {course.language: {}, PLAIN: dict.fromkeys(words_in(course.teacher), TEACHER)}
    names[course.language].update((word, KEYWORD) for text in course.keywords for word in words_in(text))
    names[PLAIN].update((word, MODULE) for module in course.modules for word in code_words(module))
    _add(names, course.title, TITLE)
    texts: Costs = {course.language: dict.fromkeys(words_in(course.body), BODY)}
    _add(texts, course.summary, SUMMARY)
    return Terms(names, texts)


def code_words(module: str) -> Iterator[str]:
    """maa7, maa, and what else the code says: the aikuiset of HI3(aikuiset)."""
    for code in codes_of(module):
        yield code
        yield code.rstrip("0123456789")
    yield from words_in(CODE.sub(" ", fold(module)))


def name_words(*names: Text) -> tuple[Word, ...]:
    """The words of names in all their languages: whatever the reader's language is, any of them finds the thing."""
    each = ((language, word) for name in names for language, text in name.by_language.items() for word in words_in(text))
    return tuple(dict.fromkeys(each))


def _add(costs: Costs, text: Text, cost: int) -> None:
    for language, by_language in text.by_language.items():
        costs.setdefault(language, {}).update(dict.fromkeys(words_in(by_language), cost))
