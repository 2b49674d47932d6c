"""The reports' pages and files: persons by reports by shapes, over a database with every school and protected students."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event as listened

from enrol_service import tables
from enrol_service.database import Database
from tests.enrol_service.cast import ANNA, CAMILLA, FY4, KARI, P3, PIA, SARI, Office, form, prices
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.report.scene import NAMES, csv_rows, everything, play, publish
from tests.enrol_service.walk import sign_in

TEACHER = "fysiikka@kuusikko.example"
HENRIK = "henrik.sandell@strand.example"
NETWORK = "verkosto@pikku.example"
MAA6 = "kuusikko/maa6-derivaatta"

HIS_OWN_COURSES = {"Veeti Korhonen", "Otso Virtanen"}  # of Kuusikko's course those who are not protected
# Person → what they may read, and who is named in it.
READS: dict[str, dict[str, set[str]]] = {
    SARI: {"courses-kuusikko": HIS_OWN_COURSES},
    TEACHER: {"courses-kuusikko": HIS_OWN_COURSES},
    ANNA: {"courses-kuusikko": HIS_OWN_COURSES, "students-kuusikko": {"Aino Hakala", "Kerttu Suoja"}},
    KARI: {"students-kuusikko": {"Aino Hakala", "Kerttu Suoja"}},
    CAMILLA: {"courses-strand": {"Aino Hakala"}, "students-strand": {"Veeti Korhonen", "Salla Piilo"}},
    HENRIK: {"students-strand": {"Veeti Korhonen", "Salla Piilo"}},
    PIA: {"courses-rantakyla": set(), "students-rantakyla": {"Otso Virtanen", "Raili Kätkö"}},
    NETWORK: {"network": set()},
}
EVERY_KEY = sorted({key for reads in READS.values() for key in reads})
SHAPES = ("", ".csv", ".xlsx", ".pdf")


def get(reader: Reader, address: str) -> tuple[int, bytes]:
    answer = reader.client.get(address)
    return answer.status_code, answer.get_data()


@pytest.mark.parametrize("email", READS)
def test_a_report_shows_nobody_another_schools_students(app: Flask, post: Post, office: Office, email: str) -> None:
    for number in play(office).values():
        publish(office, number, {"FY": ("9", 2)})
    reader = Reader(app)
    sign_in(reader, post, email)
    for report in ("participants", "completions"):
        for shape in SHAPES:
            for key in EVERY_KEY:
                status, content = get(reader, f"/staff/reports/{report}{shape}?as={key}")
                where = f"{email} {report}{shape} {key}"
                if key not in READS[email]:
                    assert status == 404, where
                    continue
                assert status == 200, where
                words = everything(content, shape[1:])
                assert {name for name in NAMES if name in words or name.split()[1] in words} == READS[email][key], where
                assert "Odottaja" not in words, where


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("report", ["participants", "completions"])
@pytest.mark.parametrize("email", [SARI, TEACHER])
def test_the_offering_side_reads_an_alias_and_nothing_else_of_a_protected_student(
    app: Flask, post: Post, office: Office, email: str, report: str, shape: str
) -> None:
    numbers = play(office)
    with office.database.write() as connection:  # but for the protected ones everybody is from elsewhere
        connection.execute(tables.enrolment.update().where(~tables.enrolment.c.protected).values(home_school_id="rantakyla"))
    reader = Reader(app)
    sign_in(reader, post, email)
    words = everything(get(reader, f"/staff/reports/{report}{shape}")[1], shape[1:])
    alias = office.enrolment(numbers["Salla Piilo"]).alias
    assert f"Opiskelija {alias}" in " ".join(words.split())
    hidden = ["Salla", "Piilo", "salla.piilo"] + (["Strandgymnasiet"] if shape else [])
    assert [word for word in hidden if word in words] == []


@pytest.mark.parametrize("shape", ["", ".csv"])
def test_asked_by_school_a_protected_student_is_not_found(app: Flask, post: Post, office: Office, shape: str) -> None:
    numbers = play(office)
    reader = Reader(app)
    sign_in(reader, post, SARI)
    for school in ("strand", "rantakyla"):
        words = get(reader, f"/staff/reports/participants{shape}?school={school}")[1].decode("utf-8")
        for name in ("Salla Piilo", "Raili Kätkö"):
            assert office.enrolment(numbers[name]).alias not in words


def test_the_schools_to_choose_from_are_all_there_are(app: Flask, post: Post, office: Office) -> None:
    reader = Reader(app)
    sign_in(reader, post, SARI)
    before = [str(one) for one in reader.open("/staff/reports").select("#report-school option")]
    play(office)
    assert [str(one) for one in reader.open("/staff/reports").select("#report-school option")] == before


def test_a_teacher_reads_the_courses_given_to_the_teacher_or_to_nobody(app: Flask, post: Post, office: Office) -> None:
    play(office)
    reader = Reader(app)
    sign_in(reader, post, TEACHER)
    names = [row["Opiskelija"] for row in csv_rows(get(reader, "/staff/reports/participants.csv")[1])]
    assert len(names) == 4
    give_to(office, "toinen@kuusikko.example")
    assert csv_rows(get(reader, "/staff/reports/participants.csv")[1]) == []
    assert csv_rows(get(reader, "/staff/reports/completions.csv")[1]) == []
    assert reader.open("/staff/reports").select(".empty")
    give_to(office, TEACHER)
    assert [row["Opiskelija"] for row in csv_rows(get(reader, "/staff/reports/participants.csv")[1])] == names
    coordinator = Reader(app)
    sign_in(coordinator, post, SARI)
    assert len(csv_rows(get(coordinator, "/staff/reports/participants.csv")[1])) == 4


def give_to(office: Office, email: str) -> None:
    with office.database.write() as connection:
        connection.execute(tables.course_teacher.insert().values(course_id=FY4, email=email, school_id="kuusikko"))


def test_a_teacher_reads_neither_sums_nor_learner_ids(app: Flask, post: Post, office: Office) -> None:
    play(office)
    full, less = Reader(app), Reader(app)
    sign_in(full, post, SARI)
    sign_in(less, post, TEACHER)
    wide, narrow = (csv_rows(get(reader, "/staff/reports/participants.csv")[1])[0] for reader in (full, less))
    assert set(wide) - set(narrow) == {"Oppijanumero", "Päätetty", "Hinta", "Maksettavaa", "Valuutta", "Hintasääntö"}
    for shape in SHAPES:
        assert "150,00" not in everything(get(less, f"/staff/reports/participants{shape}")[1], shape[1:])


def test_the_home_school_reads_its_own_students_whole(app: Flask, post: Post, office: Office) -> None:
    play(office)
    reader = Reader(app)
    sign_in(reader, post, HENRIK)
    rows = {
        row["Opiskelija"]: row
        for row in csv_rows(get(reader, "/sv/staff/reports/participants.csv")[1].replace(b"Studerande", b"Opiskelija"))
    }
    assert rows["Salla Piilo"]["Anordnande läroanstalt"] == "Kuusikon lukio"
    assert rows["Salla Piilo"]["Pris"] == "150,00"


OF_KUUSIKKO = {"Veeti Korhonen", "Otso Virtanen", "?"}
SELECTIONS: dict[str, set[str]] = {
    "": OF_KUUSIKKO,
    f"offering={FY4}/{P3}": OF_KUUSIKKO,
    f"offering={FY4}/2026-p2": set(),
    "offering=strand/fy1-fysik/2026-p3": set(),
    "school=strand": {"Veeti Korhonen"},
    "subject=FY": OF_KUUSIKKO,
    "subject=MAA": set(),
    "subject=no-such": set(),
    "period=2026-autumn": OF_KUUSIKKO,
    "period=2027-spring": set(),
    "from=2026-11-30&until=30.11.2026": OF_KUUSIKKO,
    "from=2026-12-01": set(),
    "until=2026-11-29": set(),
    "state=placed": OF_KUUSIKKO,
    "state=completed": set(),
    "school=strand&state=placed&period=2026-2027": {"Veeti Korhonen"},
}


@pytest.mark.parametrize("report", ["participants", "completions"])
def test_a_selection_narrows_page_and_file_alike(app: Flask, post: Post, office: Office, report: str) -> None:
    play(office)
    reader = Reader(app)
    sign_in(reader, post, SARI)
    for query, names in SELECTIONS.items():
        rows = csv_rows(get(reader, f"/staff/reports/{report}.csv?{query}")[1])
        assert {row["Opiskelija"] if row["Opiskelija"] in NAMES else "?" for row in rows} == names, query
        soup = reader.open(f"/staff/reports/{report}?{query}")
        assert len(soup.select("section tbody tr")) == len(rows), query
        assert reader.says("Valinnalla ei löytynyt mitään.") is not bool(names), query


def test_the_form_keeps_what_was_chosen_and_hands_it_to_the_files(app: Flask, post: Post, office: Office) -> None:
    play(office)
    reader = Reader(app)
    sign_in(reader, post, SARI)
    soup = reader.open("/staff/reports/completions?school=strand&state=placed&from=1.11.2026&period=2026-2027")
    chosen = {str(one["name"]): one.select_one("option[selected]") for one in soup.select(".report-form select")}
    assert {name: str(one["value"]) for name, one in chosen.items() if one} == {
        "school": "strand",
        "state": "placed",
        "period": "2026-2027",
    }
    assert soup.select_one("#report-from")["value"] == "2026-11-01"  # type: ignore[index]
    for link in soup.select(".report-files a"):
        assert "school=strand" in str(link["href"])
        assert get(reader, str(link["href"]))[0] == 200


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("from=huomenna", "from", "Kirjoita päivä näin: 30.11.2026"),
        ("until=31.2.2026", "until", "Kirjoita päivä näin: 30.11.2026"),
        ("from=2026-12-01&until=2026-11-01", "until", "Viimeinen päivä on ennen ensimmäistä. Muuta jompaakumpaa."),
    ],
)
def test_a_day_that_cannot_be_read_is_said_at_its_field(
    app: Flask, post: Post, office: Office, query: str, field: str, sentence: str
) -> None:
    play(office)
    reader = Reader(app)
    sign_in(reader, post, SARI)
    soup = reader.open(f"/staff/reports?{query}")
    assert sentence in text_of(soup.select_one(f"#report-{field}-error"))
    assert soup.select("table") == []
    assert reader.status == 422
    assert soup.select_one(f".error-summary a[href='#report-{field}']") is not None
    assert soup.title is not None
    assert soup.title.get_text().startswith("Virhe:")
    for shape in ("csv", "xlsx", "pdf"):
        soup = reader.open(f"/staff/reports/participants.{shape}?{query}")
        assert reader.status == 422
        assert sentence in text_of(soup.select_one(f"#report-{field}-error"))
        assert str(soup.select_one(".report-form")["action"]) == "/staff/reports/participants"  # type: ignore[index]


@pytest.mark.parametrize(
    "address", ["/staff/reports/money", "/staff/reports/participants.doc", "/staff/reports/.csv", "/staff/reports?as=students-kuusikko"]
)
def test_what_is_not_there_is_not_found(app: Flask, post: Post, address: str) -> None:
    reader = Reader(app)
    sign_in(reader, post, SARI)
    assert get(reader, address)[0] == 404


@pytest.mark.parametrize(
    "query", ["offering=%00", "school='--", "state=placed%00", "page=9999999999", "sort=student&order=down", "by=nothing&term=x"]
)
def test_an_odd_address_is_answered(app: Flask, post: Post, office: Office, query: str) -> None:
    play(office)
    reader = Reader(app)
    for email in (SARI, NETWORK):
        sign_in(reader, post, email)
        assert get(reader, f"/staff/reports?{query}")[0] == 200


@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
@pytest.mark.parametrize("report", ["participants", "completions"])
def test_a_chart_counts_what_the_table_lists(app: Flask, post: Post, office: Office, report: str, prefix: str) -> None:
    for number in play(office).values():
        publish(office, number, {"FY": ("9", 2)}, answer="acknowledged")
    reader = Reader(app)
    sign_in(reader, post, SARI)
    soup = reader.open(f"{prefix}/staff/reports/{report}")
    charts = soup.select(".chart")
    assert len(charts) == 2
    for chart in charts:
        picture = chart.select_one("svg[role=img]")
        assert picture is not None
        named = soup.select_one(f"#{picture['aria-labelledby']}")
        told = soup.select_one(f"#{picture['aria-describedby']}")
        assert text_of(named)
        assert told is not None
        assert told.name == "table"
        bars = [text_of(one) for one in picture.select("title")]
        assert [f"{text_of(row.th)}: {text_of(row.td)}" for row in told.select("tr")] == bars
        untold = text_of(chart.select_one("svg + .table__more")).partition(" ")[0]  # students whose school is not shown
        assert sum(int(bar.rsplit(": ", 1)[1]) for bar in bars) + int(untold or 0) == 4


def test_the_totals_are_of_what_is_shown(app: Flask, post: Post, office: Office) -> None:
    play(office)
    reader = Reader(app)
    sign_in(reader, post, SARI)
    soup = reader.open("/staff/reports")
    assert "350,00" in text_of(soup.tfoot), "150 of a member and 200 of an outside school; nothing of those protected"
    rows = csv_rows(get(reader, "/staff/reports/participants.csv")[1])
    assert sum(float(row["Hinta"].replace(",", ".") or 0) for row in rows) == 350
    assert "350,00" in everything(get(reader, "/staff/reports/participants.pdf")[1], "pdf")


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    database: Database = app.extensions["tarjotin"].database
    found: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    listened.listen(database.engine, "before_cursor_execute", note)
    yield found
    listened.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("report", ["participants", "completions"])
def test_a_report_asks_the_database_as_often_for_many_rows_as_for_few(
    app: Flask, post: Post, office: Office, statements: list[str], report: str, shape: str
) -> None:
    reader = Reader(app)
    sign_in(reader, post, ANNA)
    play(office)
    counts = []
    for more in (0, 30):
        for number in range(more):
            made = form(course_id=MAA6, offering_id="oma-tahti", email=f"s{number}@a.example", prices_shown=prices(MAA6))
            enrolled = office.enrol(made)
            office.give(enrolled)
            publish(office, enrolled, {"MAA": ("9", 3)})
        statements.clear()
        assert get(reader, f"/staff/reports/{report}{shape}?as=courses-kuusikko")[0] == 200
        counts.append(len(statements))
    assert counts[1] <= counts[0]
    assert counts[1] <= 16  # half of them are the reader's session, rights and schools
