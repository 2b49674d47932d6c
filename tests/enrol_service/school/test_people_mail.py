"""The mails to people of a school: what each says in each language, and when it is no longer true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest

from enrol_service.mail.mails import render
from enrol_service.mail.outbox import lease
from enrol_service.school import people
from enrol_service.school.accounts import staff_of
from enrol_service.school.acting import actor_for
from enrol_service.school.identity import ask_link, find_identity, prove
from enrol_service.service import Service
from tests.enrol_service.cast import ANNA, SARI, Office

NEW = "uusi.opo@kuusikko.example"


@pytest.fixture
def send(office: Office, service: Service) -> Callable[[str, str], None]:
    """Causes a mail of a kind to somebody who reads a language."""

    def cause(kind: str, language: str) -> None:
        with office.database.write() as connection:
            anna = staff_of(connection, office.catalogue, ANNA, office.now)
            assert anna is not None
            actor = actor_for(connection, anna, "manage_people", "kuusikko", office.now)
            if kind == "invite":
                people.invite(connection, office.catalogue, "kuusikko", NEW, "Uusi Opo", language, ["teacher", "office"], actor, office.now)
            elif kind == "deputy_named":
                first, last = office.now.date(), office.now.date() + timedelta(days=30)
                people.name_deputy(
                    connection, office.catalogue, "kuusikko", ANNA, NEW, "Uusi Opo", language, first, last, actor, office.now
                )
            else:
                ask_link(connection, office.catalogue, "https://issuer.example", "subject", SARI, office.now)

    return cause


def rendered(service: Service, office: Office) -> EmailMessage | None:
    """The mail that waits, or None when it is no longer true."""
    with office.database.write() as connection:
        message = lease(connection, office.now)
        assert message is not None
        return render(connection, service, message, office.now)


@pytest.mark.parametrize(
    ("kind", "language", "subject", "says"),
    [
        ("invite", "fi", "Voit nyt toimia", ("Anna Laine on kutsunut sinut", "opettaja ja toimisto", "Kuusikon lukio", "/staff/sign-in/")),
        ("invite", "sv", "Du kan nu agera", ("Anna Laine har bjudit in dig", "lärare och kansli", "Kuusikon lukio", "/sv/staff/sign-in/")),
        ("invite", "en", "You may now act", ("Anna Laine has invited you", "teacher and office", "Kuusikon lukio", "/en/staff/sign-in/")),
        ("deputy_named", "fi", "23.12.2026 asti", ("Anna Laine", "yhteyshenkilö", "23.11.–23.12.2026", "/staff/")),
        ("deputy_named", "sv", "till och med 23.12.2026", ("Anna Laine", "kontaktperson", "23.11–23.12.2026", "/sv/staff/")),
        ("deputy_named", "en", "until 23 December 2026", ("Anna Laine", "contact person", "/en/staff/")),
        ("link_identity", "fi", "puolen tunnin", ("samassa selaimessa", "/staff/sign-in/")),
    ],
)
def test_a_mail_says_what_it_is_about(
    send: Callable[[str, str], None], service: Service, office: Office, kind: str, language: str, subject: str, says: tuple[str, ...]
) -> None:
    send(kind, language)
    mail = rendered(service, office)
    assert mail is not None
    assert subject in mail["Subject"].replace("\u00a0", " ")
    body = mail.get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().replace("\u00a0", " ").split())
    for words in says:
        assert words in text, text
    for name in ("Anna", "Uusi", "Sari"):
        assert name not in mail["Subject"]


def test_an_invitation_of_somebody_who_has_been_removed_is_not_sent(
    send: Callable[[str, str], None], service: Service, office: Office
) -> None:
    send("invite", "fi")
    with office.database.write() as connection:
        anna = staff_of(connection, office.catalogue, ANNA, office.now)
        assert anna is not None
        actor = actor_for(connection, anna, "manage_people", "kuusikko", office.now)
        people.remove(connection, office.catalogue, "kuusikko", NEW, actor, office.now)
    assert rendered(service, office) is None


def test_a_mail_to_a_deputy_whose_days_have_been_ended_is_not_sent(
    send: Callable[[str, str], None], service: Service, office: Office
) -> None:
    send("deputy_named", "fi")
    with office.database.write() as connection:
        anna = staff_of(connection, office.catalogue, ANNA, office.now)
        assert anna is not None
        people.end_deputy(connection, 1, actor_for(connection, anna, "manage_people", "kuusikko", office.now), office.now)
    assert rendered(service, office) is None


def test_a_link_for_a_sign_in_that_is_joined_already_is_not_sent(
    send: Callable[[str, str], None], service: Service, office: Office
) -> None:
    send("link_identity", "fi")
    with office.database.write() as connection:
        known = find_identity(connection, "https://issuer.example", "subject")
        assert known is not None
        prove(connection, known.id, SARI, office.now)
    assert rendered(service, office) is None
