"""Text that people type: tidied and judged in one way, wherever it is typed, so that nothing unseen or secret is stored or sent on."""

from __future__ import annotations

import unicodedata

from enrol_service.enrolment.identity_code import has_identity_code
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import IdentityCodeFound, TextTooLong, TextUnprintable

TEXT_DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # can make a name read as another


def free_text(typed: str, most: int, *, keep_lines: bool = True) -> str:
    """The text in tidy form, at most so many characters; an empty one is for the caller to judge.

    Refuses with TextTooLong, TextUnprintable and IdentityCodeFound.
    """
    text = tidied(typed, keep_lines=keep_lines)
    refusal = judged(text, most=most)
    if refusal is not None:
        raise refusal
    return text


def tidied(text: str, *, keep_lines: bool = False) -> str:
    """The text without what has no width, in one form of Unicode; spaces joined, or lines kept with their ends trimmed."""
    text = unicodedata.normalize("NFC", "".join(letter for letter in text if not _is_unseen(letter)))
    if keep_lines:
        return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    return " ".join(text.split())


def judged(text: str, *, most: int) -> Refusal | None:
    """Why a tidied text cannot be taken, or None: TextTooLong, TextUnprintable, IdentityCodeFound."""
    if len(text) > most:
        return TextTooLong(most=most)
    if any(_is_unprintable(letter) for letter in text):
        return TextUnprintable()
    return IdentityCodeFound() if has_identity_code(text) else None


def _is_unseen(letter: str) -> bool:
    """Characters without width: they make two equal words differ, and hide what is judged. Those of direction are refused instead."""
    return letter not in TEXT_DIRECTION and unicodedata.category(letter) == "Cf"


def _is_unprintable(letter: str) -> bool:
    """Control, unassigned and text-direction characters. A surrogate cannot be stored at all."""
    if letter in TEXT_DIRECTION:
        return True
    return letter != "\n" and unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn")
