"""The vocabulary: subjects, levels of education, the national modules and other words for the search."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping

from course_catalogue.content_file import ContentFile
from course_catalogue.field import definition
from course_catalogue.guess import nearest
from course_catalogue.known import Known
from course_catalogue.model import Module, Text
from course_catalogue.reader import read_record
from course_catalogue.text_value import text_of

COLUMNS = ("code", "subject", "credits", "name_fi", "name_sv", "name_en", "syllabus", "uri", "young", "adult")
CODE = re.compile(r"[A-ZÅÄÖ][A-ZÅÄÖ0-9]{1,7}(?:\([a-zåäö]{1,20}\))?")


def read_names(kind: str, file: ContentFile, known: Known) -> Mapping[str, Text]:
    """Names by id, of subjects or of levels, in the file's order. Entries with an error are left out."""
    record = read_record(definition(kind), file.text, 1, file, known)
    if record is None:
        return {}
    return {key: text_of(value, known.languages[0], known.languages) for key, value in record.values.items()}


def read_synonyms(file: ContentFile, known: Known) -> Mapping[str, tuple[str, ...]]:
    """The words meant by another word, of which a search finds any. Entries with an error are left out."""
    record = read_record(definition("search_words"), file.text, 1, file, known)
    return {key: tuple(words) for key, words in record.values.items()} if record else {}


def read_modules(file: ContentFile, known: Known) -> Mapping[str, Module]:
    """National modules by code, in the file's order. Lines with an error are left out."""
    rows = csv.reader(file.lines, strict=True)
    modules: dict[str, Module] = {}
    try:
        header = next(rows, [])
        if tuple(header) != COLUMNS:
            file.report("T801", (1, 1, 0), known=",".join(COLUMNS))
            return {}
        for row in rows:
            if row:
                _read_row(row, rows.line_num, modules, file, known)
    except csv.Error as error:
        file.report("T802", (rows.line_num or 1, 1, 0), columns=str(len(COLUMNS)), found=str(error))
    return modules


def _read_row(row: list[str], line: int, modules: dict[str, Module], file: ContentFile, known: Known) -> None:
    if len(row) != len(COLUMNS):
        file.report("T802", (line, 1, 0), columns=str(len(COLUMNS)), found=str(len(row)))
        return
    code, subject, credit_text = row[:3]
    names = {column[5:]: name for column, name in zip(COLUMNS, row, strict=True) if column.startswith("name_") and name}
    names = {language: name for language, name in names.items() if language in known.languages}
    if not CODE.fullmatch(code) or not names:
        file.report("T803", (line, 1, len(code) + 1), value=code)
    elif code in modules:
        file.report("T804", (line, 1, len(code) + 1), value=code)
    elif "subjects" in known.relations and subject not in known.relations["subjects"].ids:
        place = (line, len(code) + 2, len(code) + 2 + len(subject))
        file.report("T302", place, nearest(subject, known.relations["subjects"].ids), key="subject", value=subject)
    elif credit_text and not re.fullmatch(r"[1-9][0-9]?", credit_text):
        file.report("T805", (line, 1, 0), value=credit_text)
    else:
        own = next(language for language in known.languages if language in names)
        modules[code] = Module(code, Text(own, names), subject, int(credit_text) if credit_text else None, row[COLUMNS.index("uri")])
