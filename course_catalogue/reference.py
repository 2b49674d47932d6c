"""The generated pages docs/content.md and docs/problems.md. A test fails when they are stale.

Write them anew with: python3 -m course_catalogue.reference
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from course_catalogue.field import Field, definition
from course_catalogue.json_schema import NAMES
from course_catalogue.problem import problem_texts
from course_catalogue.vocabulary import COLUMNS

DOCS = Path(__file__).parent.parent / "docs"
MADE = "<!-- Made by `python3 -m course_catalogue.reference`; do not edit by hand. -->"
PLACES = {
    "course": "`content/courses/<school>/<course>.md`: these fields between two lines `---`, then the text in Markdown",
    "school": "`content/schools/<school>.yaml`",
    "agreement": "`content/agreements/<agreement>.yaml`",
    "network": "`content/network.yaml`",
    "page": "`content/pages/<language>/<page>.md`: these fields between two lines `---`, then the text in Markdown",
    "subjects": "`content/vocabulary/subjects.yaml`: names by id",
    "levels": "`content/vocabulary/levels.yaml`: names by id",
    "search_words": "`content/vocabulary/search_words.yaml`: other words by which people search, each with the words meant by it; "
    "none: it fits every course. May be left out",
}
TYPES = {
    "line": "text",
    "text": "text, or texts by language",
    "choice": "one of",
    "integer": "whole number",
    "money": "euros, as 12.50",
    "boolean": "true or false",
    "date": "date, as 2026-11-30",
    "local_date_time": "date and time, as 2026-08-15T08:00",
    "clock": 'time, as "16:00"',
    "id": "id: a–z, digits, hyphens",
    "email": "email address",
    "https": "address that begins with https://",
    "business_id": "Finnish business ID",
    "time_zone": "time zone, as Europe/Helsinki",
    "colour": 'colour, as "#0d4a40"',
    "record": "fields",
}
GROUPS = {
    "T0": "Files",
    "T1": "YAML",
    "T2": "Values",
    "T3": "References and ids",
    "T4": "A course and its offerings",
    "T5": "Agreements and prices",
    "T6": "Schools and pages",
    "T7": "The text in Markdown",
    "T8": "National modules",
}


def content_reference() -> str:
    """docs/content.md: every field of every content file."""
    parts = [
        "# What content files may say",
        MADE,
        "`python3 build.py check` says what is wrong, at the line ([all it can say](problems.md)); `python3 build.py fmt` puts the "
        "fields in this order. The same definition is published as JSON Schema at `/schema/v1/<kind>.json`.",
        "A text is one line without markup. Where texts by language are possible, `title: Geometria` is in the file's own "
        "language, and `title: {fi: Geometria, sv: Geometri}` in several. Fields in **bold** are required.",
        "In the Markdown text headings begin at `##`; links go to `https://` addresses, `mailto:` or pages of this site; "
        "raw HTML, pictures and template marks are refused.",
        *(_kind(name) for name in NAMES),
        f"## modules.csv\n\n`content/vocabulary/modules.csv`: the national modules, with the columns `{','.join(COLUMNS)}`. "
        "`credits` is empty where the extent is agreed locally. `uri` is the module's national identifier; "
        "written as an `https://` address, the module's page links to it.",
    ]
    return "\n\n".join(parts) + "\n"


def _kind(name: str) -> str:
    spec = definition(name)
    head = f"## {spec.titles['en']}\n\n{PLACES[name]}."
    if spec.kind == "map":
        return head
    rows = "\n".join(f"| {' | '.join(row)} |" for row in _rows(spec, ""))
    return f"{head}\n\n| field | Finnish name | value | meaning |\n|---|---|---|---|\n{rows}"


def _rows(spec: Field, prefix: str) -> Iterator[tuple[str, str, str, str]]:
    for key, field in spec.fields.items():
        name = f"`{prefix}{key}`"
        yield (f"**{name}**" if key in spec.required else name, field.titles.get("fi", ""), _type(field), _meaning(field))
        inner = field.items if field.kind == "list" and field.items else field
        if inner.kind == "record":
            yield from _rows(inner, f"{prefix}{key}{'[]' if field.kind == 'list' else ''}.")


def _type(field: Field) -> str:
    if field.kind == "list" and field.items:
        return f"list of {_type(field.items)}"
    if field.kind == "map" and field.items:
        return f"{_type(field.items)} by {field.keys.relation if field.keys else 'id'} id"
    if field.kind == "choice":
        return "one of " + ", ".join(f"`{choice}`" for choice in field.choices)
    if field.kind == "reference":
        return f"id of {field.relation}"
    return TYPES[field.kind] + _limits(field)


def _limits(field: Field) -> str:
    if field.kind in ("line", "text", "id"):
        return f", at most {field.maximum} characters" if field.maximum else ""
    if field.kind == "integer" and (field.minimum is not None or field.maximum is not None):
        return f" {field.minimum}–{field.maximum}"
    return ""


def _meaning(field: Field) -> str:
    parts = [field.helps.get("en", field.titles.get("en", "") + ("." if field.titles else ""))]
    if field.labels:
        parts.append("; ".join(f"`{choice}`: {label['en']}" for choice, label in field.labels.items()) + ".")
    return " ".join(part for part in parts if part)


def problems_reference() -> str:
    """docs/problems.md: every problem code and its text."""
    parts = [
        "# What the check can say",
        MADE,
        "Each problem has a code that never changes its meaning. Words in braces are filled in from the file. "
        "An error stops the build, a warning does not. Messages come in Finnish, Swedish and English (`build.py check --language fi`).",
    ]
    for group, codes in groupby(problem_texts().items(), key=lambda item: item[0][:2]):
        rows = "\n".join(
            f"| {code} | {text.get('severity', 'error')} | {_cell(text['en'])} | {_cell(text['fi'])} |" for code, text in codes
        )
        parts.append(f"## {GROUPS[group]}\n\n| code | | in English | in Finnish |\n|---|---|---|---|\n{rows}")
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("`", "'")


PAGES = {"content.md": content_reference, "problems.md": problems_reference}

if __name__ == "__main__":
    for name, write in PAGES.items():
        (DOCS / name).write_text(write(), encoding="utf-8")
