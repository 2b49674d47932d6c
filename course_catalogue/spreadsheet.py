"""What a table must look like so that spreadsheets read it, Finnish Excel first, and run nothing of it."""

from __future__ import annotations

import unicodedata

MARK = "\ufeff"  # by it Excel knows UTF-8
SEPARATOR = ";"  # Excel's own where the decimal sign is a comma
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # OWASP: CSV injection


def plain(cell: str) -> str:
    """The cell as text that no spreadsheet runs, also when it drops what has no width or takes a full-width sign for a plain one."""
    first = cell[:1]
    if not first or (first.isascii() and first.isalnum()):  # most cells; the rest takes its time
        return cell
    seen = "".join(letter for letter in unicodedata.normalize("NFKC", cell) if unicodedata.category(letter) not in ("Cf", "Cc"))
    return f"'{cell}" if cell.startswith(FORMULA) or seen.lstrip().startswith(FORMULA) else cell
