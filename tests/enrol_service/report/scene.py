"""A small autumn in which every school has students elsewhere, one of each with a protected identity; and grades as they are stored."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openpyxl import load_workbook
from pypdf import PdfReader

from enrol_service import tables
from tests.enrol_service.cast import ANNA, CAMILLA, FY4, P3, PIA, Office, form, prices

FY1 = "strand/fy1-fysik"
FY1_RUN = "2026-p3"


@dataclass(frozen=True, slots=True)
class Person:
    """A student of the scene. `hidden`: what the offering side must not see of them."""

    name: str
    home: str
    protected: bool
    course_id: str
    offering_id: str
    payer: str

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@koulu.example"


PEOPLE = (
    Person("Veeti Korhonen", "strand", False, FY4, P3, CAMILLA),
    Person("Salla Piilo", "strand", True, FY4, P3, CAMILLA),
    Person("Otso Virtanen", "rantakyla", False, FY4, P3, PIA),
    Person("Raili Kätkö", "rantakyla", True, FY4, P3, PIA),
    Person("Aino Hakala", "kuusikko", False, FY1, FY1_RUN, ANNA),
    Person("Kerttu Suoja", "kuusikko", True, FY1, FY1_RUN, ANNA),
)
NAMES = {one.name for one in PEOPLE}


def play(office: Office) -> dict[str, int]:
    """Everybody enrols and is approved; by name the number of the enrolment. Ilpo's request is not approved, so nobody sees him."""
    numbers = {}
    for one in PEOPLE:
        made = form(
            course_id=one.course_id,
            offering_id=one.offering_id,
            name=one.name,
            email=one.email,
            school_id=one.home,
            protected=one.protected,
            prices_shown=prices(one.course_id),
        )
        numbers[one.name] = office.enrol(made)
        office.give(numbers[one.name], one.payer)
    office.enrol(form(name="Ilpo Odottaja", email="ilpo.odottaja@koulu.example"))
    return numbers


def publish(
    office: Office,
    enrolment_id: int,
    grades: Mapping[str, tuple[str, int]] | None = None,
    *,
    version: int = 1,
    mark: str = "",
    missing: str = "",
    state: str = "published",
    answer: str = "",
) -> int:
    """Store a version of a completion. `grades`: subject → grade and credits."""
    with office.database.write() as connection:
        actor = {"email": "opettaja@koulu.example", "school_id": "kuusikko", "name": "Opettaja", "language": "fi", "roles": ""}
        known = connection.execute(tables.account.select().where(tables.account.c.email == actor["email"])).first()
        account_id = (
            known.id
            if known
            else connection.execute(
                tables.account.insert().values(**actor, created_at=office.now).returning(tables.account.c.id)
            ).scalar_one()
        )
        row = tables.completion.insert().values(
            enrolment_id=enrolment_id,
            version=version,
            state=state,
            mark=mark,
            missing=missing,
            reason="laskuvirhe" if version > 1 else "",
            assessed_on=date(2026, 11, 20),
            written_at=office.now,
            written_by_id=account_id,
            published_at=office.now if state == "published" else None,
            published_by_id=account_id if state == "published" else None,
        )
        number = int(connection.execute(row.returning(tables.completion.c.id)).scalar_one())
        for subject, (grade, credits) in (grades or {}).items():
            connection.execute(
                tables.grade.insert().values(completion_id=number, subject_id=subject, grade=grade, credits=credits, modules=["FY4"])
            )
        if answer:
            connection.execute(
                tables.completion_answer.insert().values(completion_id=number, kind=answer, text="", at=office.now, by_id=account_id)
            )
    return number


def csv_rows(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


def xlsx_rows(content: bytes) -> list[dict[str, object]]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip([str(one) for one in head], row, strict=True)) for row in rows]


def pdf_text(content: bytes) -> str:
    """The text of a PDF as it would be copied, without the hyphens and line ends of its cells."""
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.replace("\u00ad\n", "").replace("\u00a0", " ").split())


def everything(content: bytes, shape: str) -> str:
    """All words of a file."""
    if shape == "xlsx":
        book = load_workbook(io.BytesIO(content))
        return " ".join(str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    return pdf_text(content) if shape == "pdf" else content.decode("utf-8")
