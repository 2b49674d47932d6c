"""Base forms, and the words that a Finnish or Swedish compound is made of: talousmatematiikan is talous and matematiikka."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

LEAST = 4  # letters of a part, unless it is one of the short ones
SHORT: Mapping[str, frozenset[str]] = {
    "fi": frozenset(("maa", "tie", "työ", "puu", "kuu", "sää", "jää", "suo", "koe")),
    "sv": frozenset(("tid", "hav", "ord", "sjö", "väg", "liv", "mål", "lag")),
    "en": frozenset(),
}
# Ends by which a first part differs from its own base form: litteratur|s|historia, kyrk(a)|o|musik, skol(a)|gård.
JOINTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "fi": (("", ""), ("s", "nen")),
    "sv": (("", ""), ("s", ""), ("", "a"), ("", "e"), ("o", "a"), ("u", "a"), ("e", "a")),
}
# First parts that are no words of their own: ulkopolitiikka, etäopetus.
FIRST: Mapping[str, frozenset[str]] = {
    "fi": frozenset(("esi", "etä", "lähi", "pika", "sisä", "ulko", "valta", "yhteis", "yksityis")),
    "sv": frozenset(("distans", "fjärr", "grund", "när")),
    "en": frozenset(),
}
# Ends of words that are written like words: opiskelija|lainen, psyko|logi.
ENDINGS = frozenset(("lainen", "läinen", "mainen", "moinen", "välinen", "logi", "grafi", "gram", "heter"))
# A word that takes these is a base form, though it may also be a form of another: työ is also a way to say you.
BASE_TAKES: Mapping[str, tuple[str, ...]] = {"fi": ("n", "ssa", "ssä"), "sv": ("en", "et", "n", "t"), "en": ()}


def base_of(word: str, language: str, dictionary: Mapping[str, str]) -> str | None:
    """The base form of a word in small letters; None when the dictionary knows neither it nor the parts of it."""
    if is_base(word, language, dictionary):
        return word
    known = dictionary.get(word) or dictionary.get(word.capitalize())
    if known is not None:
        return known
    for first, last in _halves(word, language):
        base = dictionary.get(last)
        if base is not None and (first in FIRST[language] or next(_first_parts(first, language, dictionary), None) is not None):
            return first + base
    return None


# A form that is also a base form, as kieliä is (to tell tales), may be meant as a form: its ending, and what another form has instead.
FORMS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "fi": (("a", ""), ("ä", ""), ("ia", "a"), ("iä", "ä"), ("ksi", "n"), ("ssa", "n"), ("ssä", "n")),
    "sv": (),
    "en": (),
}


def other_bases(word: str, language: str, dictionary: Mapping[str, str]) -> tuple[str, ...]:
    """The base forms that a word may also be a form of, when it is a base form itself."""
    cut = [word[: len(word) - len(ending)] + instead for ending, instead in FORMS[language] if word.endswith(ending)]
    found = [base for form in cut if len(form) >= LEAST and (base := dictionary.get(form)) and is_base(base, language, dictionary)]
    return tuple(base for base in dict.fromkeys(found) if base != word)


def is_base(word: str, language: str, dictionary: Mapping[str, str]) -> bool:
    return dictionary.get(word) == word or any(dictionary.get(word + ending) == word for ending in BASE_TAKES[language])


def parts_of(lemma: str, language: str, dictionary: Mapping[str, str]) -> tuple[str, ...]:
    """The base forms of the parts of a base form, first to last; nothing when it is no compound that the dictionary tells."""
    for first, last in _halves(lemma, language):
        if is_base(last, language, dictionary):
            if first in FIRST[language]:
                return (last,)
            base = next(_first_parts(first, language, dictionary), None)
            if base is not None:
                return base, last
    for first, last in _halves(lemma, language):  # of three parts, where the first two are not known as one word
        if is_base(last, language, dictionary) and (parts := parts_of(first, language, dictionary)):
            return *parts, last
    return ()


def _halves(word: str, language: str) -> Iterator[tuple[str, str]]:
    """Every way to part a word in two, those first that are nearest to its middle: so no word is cut where none ends."""
    if language in JOINTS:
        for place in sorted(range(3, len(word) - 2), key=lambda place: abs(2 * place - len(word))):
            if _long_enough(word[place:], language) and word[place:] not in ENDINGS:
                yield word[:place], word[place:]


def _first_parts(first: str, language: str, dictionary: Mapping[str, str]) -> Iterator[str]:
    for joint, ending in JOINTS[language]:
        if first.endswith(joint):
            form = first[: len(first) - len(joint)] + ending
            if _long_enough(form, language):
                if is_base(form, language, dictionary):
                    yield form
                elif not ending and (base := dictionary.get(form)):
                    yield base.lower()


def _long_enough(part: str, language: str) -> bool:
    return len(part) >= LEAST or part in SHORT[language]
