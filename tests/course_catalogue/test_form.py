"""The canonical form: fields in the schema's order, quotes where needed, comments kept, and nothing on a second run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from course_catalogue.catalogue import load
from course_catalogue.field import Field, definition
from course_catalogue.form import canonical_text, kind_of, scalar_text
from tests.course_catalogue.conftest import COURSE, SMALL, Network

UNTIDY = """\
\ufeff---\r
# Kurssi siirtyi tänne vuonna 2025.\r
credits: 2   # laajuus\r
title: "Fysiikka: voima"\r
summary: >-\r
  Opit ennustamaan,\r
  miten kappaleet liikkuvat.\r
\r
modules: [ FY4, # pakollinen\r
  "FY5" ]\r
# Tila muuttuu syksyllä.\r
status: 'published'\r
offerings:\r
  # Ensimmäinen kerta.\r
- seats: 30\r
  label: {en: Period 3, fi: "3. jakso"}\r
  # Ei muutu.\r
  id: 2026-p3\r
# Loppu.\r
---\r
\r
\r
Teksti.  \r
Toinen rivi.\r
\r
"""
TIDY = """\
---
title: 'Fysiikka: voima'
summary: Opit ennustamaan, miten kappaleet liikkuvat.
# Tila muuttuu syksyllä.
status: published
modules:
  - FY4  # pakollinen
  - FY5
# Kurssi siirtyi tänne vuonna 2025.
credits: 2  # laajuus
offerings:
  # Ensimmäinen kerta.
  # Ei muutu.
  - id: 2026-p3
    label:
      fi: 3. jakso
      en: Period 3
    seats: 30
# Loppu.
---

Teksti.  \n\
Toinen rivi.
"""


def test_an_untidy_file_becomes_tidy_and_stays_so() -> None:
    assert canonical_text(COURSE, UNTIDY) == TIDY
    assert canonical_text(COURSE, TIDY) == TIDY


def test_blank_lines_between_the_parts_of_a_yaml_file_are_kept() -> None:
    text = "# Säännöt.\n\ntitle: Säännöt\n\n\n# Vuosi.\nstarts_on: 2026-08-01\nends_on: 2027-07-31\n"
    assert canonical_text("agreements/x.yaml", text) == text.replace("\n\n\n", "\n\n")


def test_a_comment_before_the_first_key_of_a_bracketed_file_is_kept() -> None:
    text = "---\n{ # alku\n  title: Voima, # nimi\n  # laajuus\n  credits: 2 } # loppu\n---\n\nTeksti\n"
    assert canonical_text(COURSE, text) == "---\n# alku\ntitle: Voima  # nimi\n# laajuus\ncredits: 2  # loppu\n---\n\nTeksti\n"


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Fysiikka: voima\n---\n\nTeksti\n",
        "---\ntitle: a\ntitle: b\n---\n\nTeksti\n",
        "---\ntitle: &a x\nteacher: *a\n---\n\nTeksti\n",
        "---\ntitle: !!str x\n---\n\nTeksti\n",
        "title: ei alkua\n",
        "---\ntitle: ei loppua\n",
        "---\n- lista\n---\n\nTeksti\n",
        "---\ntitle: \x00\n---\n\nTeksti\n",
    ],
)
def test_what_cannot_be_read_without_a_problem_is_left_alone(text: str) -> None:
    assert canonical_text(COURSE, text) == text


@pytest.mark.parametrize("path", ["vocabulary/modules.csv", "README.md", "../build.py", "courses/x.md"])
def test_files_without_a_canonical_form_are_left_alone(path: str) -> None:
    assert kind_of(path) is None
    assert canonical_text(path, "b: 1\na:   2\n") == "b: 1\na:   2\n"


COURSE_FIELDS = definition("course").fields
DATE = definition("offering").fields["starts_on"]


@pytest.mark.parametrize(
    ("value", "field", "written"),
    [
        ("Voima ja liike", COURSE_FIELDS["title"], "Voima ja liike"),
        ("Fysiikka: voima", COURSE_FIELDS["title"], "'Fysiikka: voima'"),
        ("Newton's law", COURSE_FIELDS["title"], "Newton's law"),
        ("'tis", COURSE_FIELDS["title"], "'''tis'"),
        ("C# ja F#", COURSE_FIELDS["title"], "C# ja F#"),
        ("luokka #1", COURSE_FIELDS["title"], "'luokka #1'"),
        ("– ajatusviiva", COURSE_FIELDS["title"], "– ajatusviiva"),
        ("- viiva", COURSE_FIELDS["title"], "'- viiva'"),
        ("@opettaja", COURSE_FIELDS["teacher"], "'@opettaja'"),
        ("1984", COURSE_FIELDS["title"], "'1984'"),
        ("no", COURSE_FIELDS["title"], "'no'"),
        ("null", COURSE_FIELDS["title"], "'null'"),
        ("11:00", COURSE_FIELDS["title"], "'11:00'"),
        ("2026-12-07", COURSE_FIELDS["title"], "'2026-12-07'"),
        ("2026-12-07", DATE, "2026-12-07"),
        ("2026-p3", definition("offering").fields["id"], "2026-p3"),
        ("2", COURSE_FIELDS["credits"], "2"),
        ("~", COURSE_FIELDS["credits"], "'~'"),
        ("12.50", COURSE_FIELDS["materials_cost"], "12.50"),
        ("16:00", definition("agreement").fields["answer_by_hour"], "'16:00'"),
        ("https://www.x.example", definition("school").fields["website"], "https://www.x.example"),
        ("1234567-1", definition("school").fields["business_id"], "1234567-1"),
        ("", None, "''"),
        ("a\nb", None, '"a\\nb"'),
    ],
)
def test_a_value_is_quoted_only_where_yaml_would_misread_it(value: str, field: Field | None, written: str) -> None:
    assert scalar_text(value, field) == written


def test_the_whole_network_says_the_same_in_canonical_form(network: Network) -> None:
    content = network({})
    for path in sorted(content.rglob("*")):
        if path.is_file():
            name = path.relative_to(content).as_posix()
            text = path.read_text(encoding="utf-8")
            once = canonical_text(name, text)
            assert canonical_text(name, once) == once
            path.write_text(once, encoding="utf-8")
    assert load(content) == replace(load(SMALL), commit=None)
