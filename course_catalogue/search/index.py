"""The index of a catalogue: every word by which a course is found, in the form in which it is published and searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from course_catalogue.collation import sort_key
from course_catalogue.model import Catalogue, Course
from course_catalogue.search.fold import fold
from course_catalogue.search.gathered import Ways, gathered, lines_of
from course_catalogue.search.kept_index import KeptIndex, course_hash, read_kept_index, shared_hash, write_kept_index
from course_catalogue.search.lead import Leads
from course_catalogue.search.lemma import KeptLemmas, kept_lemmas
from course_catalogue.search.place import COSTS, written
from course_catalogue.search.shard import Table, line_of, table_of
from course_catalogue.search.stand import Stands, stand_anew, standing_of, words_in
from course_catalogue.search.term import BODY, Word

COMMON = 0.5  # a word that stands in more than this share of the texts tells no course from another: it counts for all of them
FEW = 50  # changed courses that are put into the index of an earlier build; more are as quickly indexed with all the others


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity, so that what a query has found can be remembered
class SearchIndex:
    """Every course that has a page, in the order of the list, and two tables of words: of titles, codes, keywords and names, which
    are looked through first, and of the texts, summaries and bodies."""

    courses: tuple[Course, ...]
    names: Table
    texts: Table


def index_of(catalogue: Catalogue, *, lemmas: KeptLemmas | None = None, kept: Path | None = None) -> SearchIndex:
    """The index of a catalogue. The order of the courses is subject, module, title.

    `kept` is a file that holds the index between builds: the courses that have changed are put into it, and the result is the same.
    """
    courses = _in_order(catalogue)
    lemmas = lemmas or kept_lemmas()
    shared = shared_hash(catalogue)
    hashes = {course.id: course_hash(course) for course in courses} if kept else {}
    before = read_kept_index(kept, shared) if kept else None
    changed = before.changed(hashes, FEW) if before else None
    leads = Leads(lemmas, catalogue.synonyms)
    if before is None or changed is None:
        standing, ways = standing_of(catalogue, courses), Ways()
        names = _lines(standing.names, leads, ways, len(courses), "")
        texts = _lines(standing.texts, leads, ways, *_common(len(courses)))
    else:
        standing, ways = before.standing, before.ways
        moved_names, moved_texts = stand_anew(standing, catalogue, courses, changed)
        names = _lines_anew(before.names, moved_names, standing.names, leads, ways, len(courses), "")
        texts = _lines_anew(before.texts, moved_texts, standing.texts, leads, ways, *_common(len(courses)))
    lemmas.keep()
    if kept and changed != []:
        write_kept_index(kept, KeptIndex(shared, hashes, standing, ways, names, texts))
    nothing = (one for one, targets in catalogue.synonyms.items() if not targets)
    fits_all = {fold(one): line_of(fold(one), one, (), _common(len(courses))[1]) for one in nothing}
    return SearchIndex(courses, table_of(sorted(names.items())), table_of(sorted({**texts, **fits_all}.items())))


def _common(count: int) -> tuple[int, str]:
    """In how many texts of so many a word may stand to tell them apart, and the places of one that stands in more."""
    return int(COMMON * count), written(number * COSTS + BODY for number in range(count))


def _lines(stands: Stands, leads: Leads, ways: Ways, common: int, everywhere: str) -> Mapping[str, str]:
    """The lines of a table by folded word."""
    return lines_of(gathered(words_in(stands), leads, ways), stands, common, everywhere)


def _lines_anew(
    before: Mapping[str, str], moved: set[Word], stands: Stands, leads: Leads, ways: Ways, common: int, everywhere: str
) -> Mapping[str, str]:
    """The lines as they were, and anew those of the terms that the moved words lead to."""
    if not moved:
        return before
    only = {fold(lead.shown) for word in moved for lead in leads.of(word)}
    anew = lines_of(gathered(words_in(stands), leads, ways, only), stands, common, everywhere)
    return {**{word: line for word, line in before.items() if word not in only}, **anew}


def _in_order(catalogue: Catalogue) -> tuple[Course, ...]:
    """By subject, module and title, in Finnish order: ÄI2 before ÄI10; a course without a module comes last in its subject."""
    order = {subject: place for place, subject in enumerate(catalogue.subjects)}

    def place(course: Course) -> tuple[object, ...]:
        codes = [sort_key(code) for code in course.modules]
        return order[course.subject_id], not codes, codes, sort_key(str(course.title)), course.id

    return tuple(sorted(catalogue.published(), key=place))
