"""pages/<language>/<page>.md → Page."""

from __future__ import annotations

from course_catalogue.body import check_body
from course_catalogue.content_file import ContentFile, front_matter
from course_catalogue.field import definition
from course_catalogue.known import Known
from course_catalogue.model import Page, Source
from course_catalogue.reader import read_record


def read_page(file: ContentFile, known: Known) -> Page | None:
    """The page, or None when its file has an error."""
    parts = front_matter(file)
    if parts is None:
        return None
    text, body, body_line = parts
    record = read_record(definition("page"), text, 2, file, known)
    check_body(body, body_line, file)
    _, language, name = file.path.split("/")
    if language not in known.languages:
        file.report("T603", (1, 1, 0), language=language, known=", ".join(known.languages))
    if record is None or file.errors:
        return None
    values = record.values
    return Page(
        id=name.removesuffix(".md"),
        language=language,
        title=values["title"],
        summary=values["summary"],
        menu=values.get("menu"),
        group=values["group"],
        order=values["order"],
        shows=values.get("shows"),
        body=body.strip("\n") + "\n",
        source=Source(file.path),
    )
