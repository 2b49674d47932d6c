"""What tests do as people do it: fill in the form, sign in by the link in a mail."""

from __future__ import annotations

from tests.enrol_service.cast import FY4, P3, P4
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader

PRICES = f"2026-p2:15000/20000 {P3}:15000/20000 {P4}:15000/20000"
STUDENT = "veeti.korhonen@strand.example"
ORIGIN = {"Origin": "https://tarjotin.pikku.example"}


def typed(**changed: str) -> dict[str, str]:
    """What Veeti sends from the page of the course FY4."""
    values = {
        "course": FY4,
        "offering": P3,
        "name": "Veeti Korhonen",
        "email": STUDENT,
        "school": "strand",
        "group": "24B",
        "syllabus": "nuoret",
        "prices_shown": PRICES,
        "website": "",
    }
    return {**values, **changed}


def enrol(reader: Reader, language: str = "", **changed: str) -> None:
    """Send the form as the network's own site would."""
    reader.page = reader.client.post(f"{language}/enrol", data=typed(**changed), headers=ORIGIN)
    reader._followed()


def sign_in(reader: Reader, post: Post, email: str) -> None:
    reader.open("/staff/sign-in")
    reader.press("Lähetä linkki", email=email)
    reader.open(post.link(email))
    reader.press("Kirjaudu sisään" if "/sv/" not in reader.address else "Logga in")
