"""Tables of students as schools have them, good and hostile."""

from __future__ import annotations

import contextlib
import io
import resource
import time
import warnings
import zipfile
from collections.abc import Callable, Sequence

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from enrol_service.enrolment.spreadsheet import CALLED, HEADINGS, MOST_BYTES, Row, Sheet, as_text, read_file, read_text
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.staff_enrolling import HeadingsMissing, HeadingTwice, SheetEmpty, SheetTooLarge, SheetUnreadable, TooManyRows
from theme.translation import translation

VEETI = {"name": "Veeti Korhonen", "email": "veeti@kuusikko.example", "group": "24B"}
Cells = list[list[object]]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TABLE: Cells = [["Nimi", "Sähköposti", "Ryhmä"], ["Veeti Korhonen", "veeti@kuusikko.example", "24B"]]


def xlsx(*sheets: Cells, merged: str = "") -> bytes:
    """A workbook with the cells of each sheet; text that begins with = is a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for cells in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(cells):
                sheet.write_row(number, 0, row)
            if merged:
                sheet.merge_range(merged, "Ilmoitettavat opiskelijat")
    return out.getvalue()


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def one(sheet: Sheet) -> dict[str, str]:
    assert len(sheet.rows) == 1
    return dict(sheet.rows[0].values)


@pytest.mark.parametrize(
    "text",
    [
        "Nimi;Sähköposti;Ryhmä\nVeeti Korhonen;veeti@kuusikko.example;24B\n",
        "Namn,E-post,Grupp\r\nVeeti Korhonen,veeti@kuusikko.example,24B\r\n",
        "Name\tE-mail\tGroup\nVeeti Korhonen\tveeti@kuusikko.example\t24B",
        '\ufeff"NIMI *";"sähkö-posti";"ryhmä"\r\n"Veeti Korhonen";"veeti@kuusikko.example";"24B"\r\n',
        "Etunimi;Sukunimi;Sähköpostiosoite;Luokka\nVeeti;Korhonen;veeti@kuusikko.example;24B",
        "Efternamn\tFörnamn\tE-postadress\tKlass\nKorhonen\tVeeti\tveeti@kuusikko.example\t24B\n\n\n",
        "\n\nSyksyn opiskelijat;;\nNimi;Sähköposti;Ryhmä\n  Veeti Korhonen ; veeti@kuusikko.example ;24B",
    ],
    ids=["fi ;", "sv , CRLF", "en tab", "BOM and quotes", "first and last", "last and first", "a title above"],
)
def test_pasted_tables_are_read_by_their_headings(text: str) -> None:
    assert one(read_text(text)) == VEETI


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_in_whatever_it_was_saved(encoding: str) -> None:
    text = "Nimi;Sähköposti;Ryhmä\r\nÅsa Öström;asa@strand.example;24B\r\n"
    assert one(read_file(text.encode(encoding)))["name"] == "Åsa Öström"


def test_quoted_cells_hold_separators_quotes_and_lines() -> None:
    found = one(read_text('Nimi;Sähköposti;Viesti\n"Korhonen; Veeti";v@x.fi;"Hän sanoi ""hei"".\nToinen rivi"'))
    assert (found["name"], found["message"]) == ("Korhonen; Veeti", 'Hän sanoi "hei".\nToinen rivi')


def test_course_and_run_may_have_columns_of_their_own() -> None:
    text = "Nimi;Sähköposti;Kurssi;Toteutus\nVeeti;v@x.fi;kuusikko/fy4-voima-ja-liike;2026-p3"
    assert one(read_text(text))["run"] == "kuusikko/fy4-voima-ja-liike 2026-p3"


def test_rows_keep_the_numbers_of_the_table_and_unread_columns_are_told() -> None:
    sheet = read_text("Nimi;Hetu;Sähköposti\nA;x;a@x.fi\n;;\nB;y;b@x.fi\n")
    assert [row.number for row in sheet.rows] == [2, 4]
    assert sheet.unread == ("Hetu",)
    assert all(set(row.values) == {"name", "email"} for row in sheet.rows)


def test_a_workbook_is_read_and_numbers_stay_as_they_look() -> None:
    cells: Cells = [["Nimi", "Sähköposti", "Ryhmä", "Puhelin"], ["Veeti", "v@x.fi", 24, 401234567], [None, None, None, None]]
    assert one(read_file(xlsx(cells))) == {"name": "Veeti", "email": "v@x.fi", "group": "24", "phone": "401234567"}


def test_formulas_come_as_their_values() -> None:
    cells: Cells = [*TABLE, ['=HYPERLINK("http://evil.example","Siiri")', "siiri@x.fi", "=1+1"]]
    found = read_file(xlsx(cells)).rows[1].values
    assert "HYPERLINK" not in found["name"]
    assert found["group"] == "0"  # what was stored; nothing is computed here


def test_a_cover_sheet_and_a_merged_title_are_passed_over() -> None:
    cells: Cells = [[None], *TABLE]
    assert one(read_file(xlsx(cells, merged="A1:C1"))) == VEETI
    assert one(read_file(xlsx([["Kansi"]], TABLE))) == VEETI


def lying() -> bytes:
    """An archive whose central directory says that a large file is small."""
    content = bytearray(archive(**{"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 5_000_000}))
    size = (5_000_000).to_bytes(4, "little")
    assert content.count(size) == 2
    return bytes(content.replace(size, (100).to_bytes(4, "little")))


def wide() -> bytes:
    """Two cells, of which one stands in the last corner: the rectangle between them would fill any memory."""
    book = zipfile.ZipFile(io.BytesIO(xlsx(TABLE)))
    files = {name: book.read(name) for name in book.namelist()}
    sheet = files["xl/worksheets/sheet1.xml"]
    files["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    return archive(**files)


def with_strings(*strings: str, indices: Sequence[int | str], cell: str = '<c t="s"><v>{}</v></c>') -> bytes:
    """A workbook whose one sheet has a row of ten cells after another, each naming a shared string."""
    book = zipfile.ZipFile(io.BytesIO(xlsx(TABLE)))
    files = {name: book.read(name) for name in book.namelist()}
    held = "".join(f"<si>{one}</si>" for one in strings)
    rows = "".join(f"<row>{''.join(cell.format(one) for one in indices[at : at + 10])}</row>" for at in range(0, len(indices), 10))
    files["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{held}</sst>'.encode()
    files["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    return archive(**files)


def long(length: int) -> str:
    return f"<t>{'a' * length}</t>"


STRING_BOMBS = {
    "one long string in many cells": lambda: with_strings(long(100_000), indices=[0] * 5000),
    "a longer one in very many": lambda: with_strings(long(4_000_000), indices=[0] * 200_000),
    "put together of runs": lambda: with_strings(f"<r>{long(1000)}</r>" * 100, indices=[0] * 5000),
    "many of the same length": lambda: with_strings(*[long(1000)] * 100, indices=[*range(100)] * 100),
}
TRICKS = {
    "a comment that begins another string": lambda: with_strings(f"{long(9)}<!--<si>-->{long(9)}", indices=[0]),
    "a type of document": lambda: with_strings(long(9), indices=[0], cell='<!DOCTYPE x [<!ENTITY a "b">]><c t="s"><v>{}</v></c>'),
    "an index in parts": lambda: with_strings(long(9), indices=["0<!-- -->9"]),
    "no number": lambda: with_strings(long(9), indices=["x"]),
    "a tag in an attribute": lambda: with_strings('<r a="<si>"><t>a</t></r>', indices=[0]),
    "a name twice": lambda: archive_twice("xl/sharedStrings.xml"),
}


def archive_twice(name: str) -> bytes:
    out = io.BytesIO(xlsx(TABLE))
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as made:
        warnings.simplefilter("ignore")
        made.writestr(name, b"<sst/>")
    return out.getvalue()


@pytest.mark.parametrize("bomb", STRING_BOMBS.values(), ids=STRING_BOMBS)
def test_strings_that_would_fill_the_memory_are_refused_before_they_are_copied(bomb: Callable[[], bytes]) -> None:
    content = bomb()
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(SheetTooLarge):
        read_file(content)
    assert time.process_time() - begun < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000, "kB"


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_what_two_readers_would_read_differently_is_refused(trick: Callable[[], bytes]) -> None:
    with pytest.raises(SheetUnreadable):
        read_file(trick())


def test_a_workbook_whose_cells_share_their_strings_is_read() -> None:
    content = with_strings(
        "<t>Nimi</t>", "<t>E-mail</t>", "<t>v@x.fi</t>", "<r><t>Vee</t></r><r><t>ti</t></r>", "<t></t>", indices=[0, 1, *[4] * 8, 3, 2]
    )
    assert one(read_file(content)) == {"name": "Veeti", "email": "v@x.fi"}


def broken_workbook() -> bytes:
    return archive(**{"xl/workbook.xml": b"<workbook", "[Content_Types].xml": b"<Types/>"})


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (lambda: b"", SheetEmpty),
        (lambda: b" \r\n\r\n", SheetEmpty),
        (lambda: b"Nimi;S\xe4hk\xf6posti\r\n", SheetEmpty),
        (lambda: b"Veeti Korhonen;veeti@kuusikko.example;24B\r\n", HeadingsMissing),
        (lambda: "Nimi;Ryhmä\nVeeti;24B".encode(), HeadingsMissing),
        (lambda: "Nimi;Sähköposti;E-mail\nA;a@x.fi;b@x.fi".encode(), HeadingTwice),
        (lambda: ("Nimi;Sähköposti\n" + "".join(f"S{n};s{n}@x.fi\n" for n in range(501))).encode(), TooManyRows),
        (lambda: b"x" * (MOST_BYTES + 1), SheetTooLarge),
        (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", HeadingsMissing),
        (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", SheetUnreadable),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, SheetUnreadable),
        (lambda: b"\xff\xfe\x00", SheetUnreadable),
        (lambda: b"PK\x03\x04 not an archive", SheetUnreadable),
        (lambda: archive(**{"word/document.xml": b"<x/>"}), SheetUnreadable),
        (broken_workbook, SheetUnreadable),
        (lambda: archive(**{"xl/workbook.xml": b" " * (20 * MOST_BYTES)}), SheetTooLarge),
        (lying, SheetUnreadable),
        (wide, SheetTooLarge),
        (lambda: xlsx([[None]]), SheetEmpty),
        (lambda: xlsx([["Nimi"], ["Veeti"]]), HeadingsMissing),
    ],
    ids=[
        *(
            "nothing",
            "blank",
            "headings alone",
            "no headings",
            "no email",
            "email twice",
            "501 rows",
            "2 MB",
            "PDF",
            "picture",
            "old Excel",
        ),
        *(
            "half a letter",
            "PK",
            "Word",
            "broken workbook",
            "bomb",
            "lying bomb",
            "corner bomb",
            "empty workbook",
            "no email in a workbook",
        ),
    ],
)
def test_what_is_no_table_of_students_is_refused_with_a_sentence(content: Callable[[], bytes], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read_file(content())


def test_a_cell_longer_than_a_csv_may_have_is_refused() -> None:
    with pytest.raises(SheetUnreadable):
        read_text("Nimi;Sähköposti\n" + "x" * 200_000 + ";a@x.fi")


def test_five_hundred_rows_are_taken() -> None:
    assert len(read_text("Nimi;Sähköposti\n" + "".join(f"S{n};s{n}@x.fi\n" for n in range(500))).rows) == 500


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.text(max_size=200).map(lambda text: f"Nimi;Sähköposti\n{text}")))
def test_any_text_is_a_table_or_a_sentence(text: str) -> None:
    with contextlib.suppress(Refusal):
        assert read_text(text).rows


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"Nimi;E-mail\n"]))
def test_any_bytes_are_a_table_or_a_sentence(content: bytes, beginning: bytes) -> None:
    with contextlib.suppress(Refusal):
        assert read_file(beginning + content).rows


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1, max_size=30), st.integers(0, 5000))
def test_a_damaged_workbook_is_a_table_or_a_sentence(damage: bytes, at: int) -> None:
    whole = WORKBOOK
    with contextlib.suppress(Refusal):
        assert read_file(whole[:at] + damage + whole[at + len(damage) :]).rows


WORKBOOK = xlsx(TABLE)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_table_that_we_write_is_read_again_in_every_language(language: str) -> None:
    values = (
        dict.fromkeys(HEADINGS, "") | VEETI | {"run": "a/b 2026-p3", "message": 'Rivi "yksi"\n\ttoinen', "protected": "x", "phone": "1"}
    )
    values |= {"syllabus": "nuoret", "learner_id": "1.2.246"}
    headings = {field: translation(language).gettext(msgid) for field, msgid in HEADINGS.items()}
    assert one(read_text(as_text([Row(2, values)], headings))) == values


def test_no_heading_means_two_things() -> None:
    words = [word for called in CALLED.values() for word in called]
    assert len(words) == len(set(words))
