"""The files of a report, parsed back by other libraries: typed cells, hostile text, tags, and the same totals everywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

import pytest
import typst
from openpyxl import load_workbook
from pypdf import PdfReader

from enrol_service.refusals.report import TooManyRows
from enrol_service.report import press
from enrol_service.report.audience import Audience
from enrol_service.report.columns import Column
from enrol_service.report.document import Document, Question, csv_pieces, make
from enrol_service.report.pdf_file import pdf_file
from enrol_service.report.press import INSTEAD, PLAIN, printable
from enrol_service.report.selection import Selection
from enrol_service.report.xlsx_file import xlsx_file
from enrol_service.speech import Money, Speech
from tests.enrol_service.cast import CATALOGUE, NOW, Office, form
from tests.enrol_service.report.scene import pdf_text, play, publish, xlsx_rows

KUUSIKKO = Audience("offering_school", "kuusikko", accounts=True)
MAKER = (("Tekijä", "Sari Kivi"),)
TODAY = date(2026, 11, 23)

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://evil.example")',
    "@SUM(A1)",
    "+358 40 123",
    "-2",
    "#set page(width: 1pt)",
    "*lihava* _kursiivi_",
    "$ x^2 $",
    "#sys.inputs",
    "C:\\polku\\\"lainaus\" 'heitto'",
    "<b>Åke</b> & // /* ei */",
    "[sulut] {aalto} `koodi` ~ -- ...",
    "https://evil.example/ @viite <label>",
    "Ääkköinen Öhman Šárka",
    "123",
    "1.2.2026",
    "TRUE",
]


def question(report: str = "participants", audience: Audience = KUUSIKKO, selection: Selection | None = None) -> Question:
    return Question(report, audience, selection or Selection(), TODAY)


def made(office: Office, shape: str, asked: Question | None = None, language: str = "fi", most: int | None = None) -> Document:
    with office.database.read() as connection:
        return make(connection, Speech(language, CATALOGUE), asked or question(), shape, most)  # type: ignore[arg-type]


def xlsx(office: Office, asked: Question | None = None, language: str = "fi") -> bytes:
    return xlsx_file(Speech(language, CATALOGUE), made(office, "xlsx", asked, language), MAKER, NOW)


def pdf(office: Office, asked: Question | None = None, language: str = "fi") -> bytes:
    return pdf_file(Speech(language, CATALOGUE), made(office, "pdf", asked, language), MAKER, NOW)


def csv_table(office: Office, asked: Question | None = None) -> list[dict[str, str]]:
    text = "".join(csv_pieces(office.database.read, Speech("fi", CATALOGUE), asked or question()))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_in_every_file(office: Office, name: str) -> None:
    office.give(office.enrol(form(name=name, message=name)))
    (row,) = csv_table(office)
    assert row["Opiskelija"].removeprefix("'") == name
    assert row["Opiskelija"][0] not in "=+-@"
    sheet = load_workbook(io.BytesIO(xlsx(office))).worksheets[0]
    cells = [cell for line in sheet.iter_rows(min_row=2) for cell in line if cell.value == name]
    assert [cell.data_type for cell in cells] == ["s", "s"]
    assert [cell.hyperlink for cell in cells] == [None, None]
    assert squeezed(name) in squeezed(pdf_text(pdf(office)))


# Name → what of it cannot be printed.
SCRIPTS = {
    "Ánná Čáhci Đavvi Ŋuorgam Šuoššjávri Ŧuovla Žiŋŋá čđŋšŧž": "",
    "Áimmu Ǩeʹddǩ Sääʹm ǩiõll Ǧǧ Ǯǯ": "",
    "Ольга Иванова Ґалина Їжак": "",
    "Ελένη Παπαδοπούλου": "",
    "محمد علي": "",
    "山田太郎 Yamada": "山田太郎",
    "김민준 Kim": "김민준",
    "สมชาย Somchai": "สมชาย",
    "Aino 😀👩‍👩‍👧": "😀👩‍👩‍👧",
    "Aino\x07 \x00Virtanen": "\x07\x00",
    "Aino\u0378\ufdd0\ufeff Virtanen": "\u0378\ufdd0\ufeff",
    "Aino\ue000 Virtanen": "\ue000",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_pdf_prints_every_script_and_shows_where_a_character_is_lacking(name: str) -> None:
    columns: tuple[Column[str], ...] = tuple(Column(key, key, lambda _, line: str(line), width=3) for key in ("Student", "School"))
    document = Document(name, (("Haku", name),), columns, ((name, "x"),), (), ())
    text = pdf_text(pdf_file(Speech("fi", CATALOGUE), document, (("Tekijä", name),), NOW))
    lacking = SCRIPTS[name]
    assert (INSTEAD in text) == bool(lacking)
    assert not any(letter in text for letter in lacking if letter.isprintable())
    if "م" not in name:  # Arabic stands in a PDF in the order in which it is drawn
        assert squeezed("".join(letter for letter in name if letter not in lacking)) in squeezed(text.replace(INSTEAD, ""))


def test_every_character_that_is_not_tried_out_is_drawn() -> None:
    fonts = typst.Fonts(include_system_fonts=False)
    assert press._undrawn(fonts, sorted(PLAIN | {INSTEAD})) == []


def test_a_report_of_many_undrawn_characters_is_printed() -> None:
    fonts = typst.Fonts(include_system_fonts=False)
    text = "".join(map(chr, range(0x4E00, 0x4F00)))
    assert printable(fonts, [text]) == {text: INSTEAD * 256}


def squeezed(text: str) -> str:
    """The text without what a line end in a narrow cell may add or take."""
    return "".join(text.replace("\u00ad", "").replace("-", "").split())


def test_xlsx_has_real_dates_and_numbers(office: Office) -> None:
    office.give(office.enrol())
    (row,) = xlsx_rows(xlsx(office))
    assert (row["Alkaa"], row["Päättyy"]) == (datetime(2026, 11, 30), datetime(2027, 2, 5))  # noqa: DTZ001 - as Excel keeps days
    assert (row["Ilmoittautunut"], row["Hinta"], row["Maksettavaa"]) == (datetime(2026, 11, 23, 9, 52), 150, None)  # noqa: DTZ001
    assert row["Opiskelija"] == "Veeti Korhonen"


def test_xlsx_has_a_frozen_head_a_filter_widths_and_properties(office: Office) -> None:
    office.give(office.enrol())
    book = load_workbook(io.BytesIO(xlsx(office)))
    sheet = book.worksheets[0]
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == (
        "Osallistujaraportti",
        "A2",
        f"A1:{sheet.cell(2, sheet.max_column).coordinate}",
    )
    assert sheet.column_dimensions["B"].width > 20
    assert (book.properties.title, book.properties.creator) == ("Osallistujaraportti", "Pikkuverkosto")
    about = {str(row[0]): row[1] for row in book.worksheets[1].iter_rows(values_only=True)}
    assert (about["Järjestävä oppilaitos"], about["Tekijä"], about["Rivejä"]) == ("Kuusikon lukio", "Sari Kivi", 1)
    assert about["Hinta, EUR, yhteensä"] == 150


@pytest.mark.parametrize(("language", "title"), [("fi", "Osallistujaraportti"), ("sv", "Deltagarrapport"), ("en", "Participant report")])
def test_pdf_is_tagged_and_says_its_language_and_title(office: Office, language: str, title: str) -> None:
    office.give(office.enrol(form(name="Äijä Öhman-Åkerlund")))
    reader = PdfReader(io.BytesIO(pdf(office, language=language)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == title
    assert b"pdfuaid" in root["/Metadata"].get_data()
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)
    assert "Äijä Öhman-Åkerlund" in pdf_text(pdf(office, language=language))


def test_pdf_says_who_when_and_what_and_repeats_the_head_on_each_page(office: Office) -> None:
    many(office, 60)
    reader = PdfReader(io.BytesIO(pdf(office, question(selection=Selection(subject="MAA", school="strand")))))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(pages) > 1
    for words in ("Kotioppilaitos: Strandgymnasiet", "Oppiaine: Matematiikka", "Tekijä: Sari Kivi", "Rivejä: 60"):
        assert words in pages[0].replace("\u00a0", " "), pages[0]
    for number, page in enumerate(pages, start=1):
        assert "Opiskelija" in page
        assert f"Sivu {number}/{len(pages)}" in page or f"Sivu {number} / {len(pages)}" in page or f"{number}" in page[-12:]
        assert "ma 23.11.2026" in page


def many(office: Office, count: int) -> None:
    from tests.enrol_service.cast import prices

    for number in range(count):
        course = "kuusikko/maa6-derivaatta"
        one = form(course_id=course, offering_id="oma-tahti", email=f"s{number}@a.example", prices_shown=prices(course))
        office.give(office.enrol(one))


def test_totals_are_the_same_in_every_shape(office: Office) -> None:
    play(office)
    sums = [sum(float(row["Hinta"].replace(",", ".") or 0) for row in csv_table(office))]
    sums.append(sum(float(str(row["Hinta"] or 0)) for row in xlsx_rows(xlsx(office))))
    page = made(office, "page")
    price = [column.key for column in page.columns].index("price")
    (total,) = page.totals
    sums.append(total[price].cents / 100)  # type: ignore[union-attr]
    assert sums == [350, 350, 350]
    assert "Yhteensä 350,00 €" in pdf_text(pdf(office))


def test_what_nobody_pays_any_more_has_no_price(office: Office) -> None:
    numbers = play(office)
    office.withdraw(numbers["Veeti Korhonen"])
    assert office.states(numbers["Veeti Korhonen"]) == ("withdrawn", "released")
    rows = {row["Opiskelija"]: (row["Hinta"], row["Maksettavaa"]) for row in csv_table(office)}
    assert rows["Veeti Korhonen"] == ("", "0,00")
    assert rows["Otso Virtanen"] == ("200,00", "")
    (total,) = made(office, "page").totals
    assert total[[column.key for column in made(office, "page").columns].index("price")] == Money(20000, "EUR")


def test_a_protected_student_has_no_bar_among_the_schools_but_is_counted_beside_them(office: Office) -> None:
    play(office)
    chart = next(one for one in made(office, "page").charts if one.name == "school")
    assert [bar.label for bar in chart.bars] == ["Rantakylän lukio", "Strandgymnasiet"]
    assert chart.note == "2 opiskelijaa, joiden oppilaitosta ei näytetä"


def test_credits_are_summed_and_failed_ones_are_none(office: Office) -> None:
    numbers = play(office)
    publish(office, numbers["Veeti Korhonen"], {"FY": ("9", 2)})
    publish(office, numbers["Otso Virtanen"], {"FY": ("4", 2)})
    rows = csv_table(office, question("completions"))
    assert sum(int(row["Opintopisteet"] or 0) for row in rows) == 2
    assert {row["Opiskelija"]: row["Opintopisteet"] for row in rows}["Otso Virtanen"] == "0"
    (total,) = made(office, "page", question("completions")).totals
    assert [cell for cell in total if cell is not None] == ["Yhteensä", 2]
    assert {row["Opiskelija"]: row["Arvosana tai merkintä"] for row in xlsx_rows(xlsx(office, question("completions")))}[
        "Veeti Korhonen"
    ] == 9


def test_a_long_csv_comes_in_pieces_and_whole(office: Office) -> None:
    many(office, 205)
    pieces = list(csv_pieces(office.database.read, Speech("fi", CATALOGUE), question("completions")))
    assert len(pieces) == 3
    assert len(csv_table(office, question("completions"))) == 205


@pytest.mark.parametrize("report", ["participants", "completions"])
def test_a_file_made_in_one_piece_has_a_bound(office: Office, report: str) -> None:
    play(office)
    assert len(made(office, "xlsx", question(report), most=4).rows) == 4
    with pytest.raises(TooManyRows) as refused:
        made(office, "xlsx", question(report), most=3)
    assert "3" in Speech("fi", CATALOGUE).say(refused.value)


def test_an_empty_report_is_a_file_all_the_same(office: Office) -> None:
    assert csv_table(office) == []
    assert xlsx_rows(xlsx(office)) == []
    assert "Valinnalla ei löytynyt mitään." in pdf_text(pdf(office))


def test_every_shape_has_the_same_headings_as_far_as_it_goes(office: Office) -> None:
    titles: list[Sequence[str]] = [[one.title for one in made(office, shape).columns] for shape in ("csv", "xlsx", "pdf", "page")]
    assert titles[0] == titles[1]
    assert set(titles[3]) < set(titles[2]) < set(titles[1])
