"""The other stem of a Finnish word, by which a form is known that no text has: lämpö is lämmö- in lämmöllä, and liike is liikkee-."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

# How the end of a word changes in its genitive, the longer ends first; the letters before them may change too, see WEAKER.
GENITIVE = (
    *(("nen", "sen"), ("tin", "ttimen"), ("in", "imen"), ("us", "uksen"), ("ys", "yksen"), ("us", "uden"), ("ys", "yden"), ("is", "iksen")),
    *(("as", "aan"), ("äs", "ään"), ("es", "een"), ("os", "oksen"), ("ös", "öksen"), ("si", "den"), ("e", "een"), ("i", "en"), ("", "n")),
)
# Consonants before the last vowel in the base form and in the genitive: heikot and vahvat asteet.
WEAKER = (
    *(("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "ng"), ("nt", "nn"), ("lt", "ll"), ("rt", "rr"), ("mp", "mm"), ("p", "v"), ("t", "d")),
    *(
        ("k", ""),
        ("k", "v"),
        ("k", "kk"),
        ("p", "pp"),
        ("t", "tt"),
        ("d", "t"),
        ("v", "p"),
        ("ng", "nk"),
        ("mm", "mp"),
        ("ll", "lt"),
        ("", ""),
    ),
)


def other_form(base: str, language: str, dictionary: Mapping[str, str]) -> str | None:
    """The genitive of a Finnish base form, when its stem is not how the base form begins and the dictionary knows it."""
    if language == "fi":
        for form in _genitives(base):
            if not base.startswith(form[:-1]) and dictionary.get(form) == base:
                return form
    return None


def _genitives(base: str) -> Iterator[str]:
    for ending, genitive in GENITIVE:
        if base.endswith(ending) and len(base) > len(ending) + 1:
            stem = base[: len(base) - len(ending)]
            vowel = "" if ending else stem[-1]
            before = stem if ending else stem[:-1]
            for strong, weak in WEAKER:
                if before.endswith(strong):
                    yield before[: len(before) - len(strong)] + weak + vowel + genitive
