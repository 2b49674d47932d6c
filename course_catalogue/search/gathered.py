"""Words as they stand in texts, gathered under the words of the index that they lead to, into the lines of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from course_catalogue.search.fold import fold
from course_catalogue.search.lead import Leads
from course_catalogue.search.place import COSTS, written
from course_catalogue.search.shard import line_of
from course_catalogue.search.stand import Stands
from course_catalogue.search.term import Word

Ways = dict[Word, tuple[str, ...]]  # the folded words of the index that a word of a text leads to


@dataclass(slots=True)
class Term:
    """A folded word of the index: how it is read, the base forms it leads on to, the words of texts that stand for it and at what cost."""

    shown: str
    bases: set[str] = field(default_factory=set)
    sources: list[tuple[Word, int]] = field(default_factory=list)


def gathered(words: Iterable[Word], leads: Leads, ways: Ways, only: Set[str] | None = None) -> dict[str, Term]:
    """The terms that words lead to, folded; `only` these, when not all are wanted.

    Words of which `ways` knows that they lead to none of these are not looked at. It is filled in for those that are.
    """
    if only is not None:
        words = [word for word in words if word not in ways or not only.isdisjoint(ways[word])]
    terms: dict[str, Term] = {}
    for word in sorted(words):
        found = [(fold(lead.shown), lead) for lead in leads.of(word)]
        ways[word] = tuple({folded: None for folded, _ in found})
        for folded, lead in found:
            if only is None or folded in only:
                term = terms.get(folded)
                if term is None:
                    shown = lead.shown.upper() if any(one.isdigit() for one in lead.shown) else lead.shown
                    term = terms[folded] = Term(shown)
                term.bases.update(lead.bases)
                if lead.more is not None:
                    term.sources.append((word, lead.more))
    return terms


def lines_of(terms: Mapping[str, Term], stands: Stands, common: int, everywhere: str) -> dict[str, str]:
    """The lines of terms. One that stands in more than `common` courses gets the places `everywhere`."""
    lines = {}
    for word, term in terms.items():
        places: list[int] = []
        for (language, text), more in term.sources:
            found = stands[language][text]
            places += [place + more for place in found] if more else found
        is_common = len(places) > common and len({place // COSTS for place in places}) > common
        lines[word] = line_of(word, term.shown, term.bases - {word}, everywhere if is_common else written(places))
    return lines
