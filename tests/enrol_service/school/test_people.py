"""Giving and ending rights: who may, what follows, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from course_catalogue.model import Catalogue
from enrol_service.events import Actor
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import EmailIncomplete, FormRefused, IdentityCodeFound, TextTooLong, TextUnprintable
from enrol_service.refusals.people import (
    DeciderByDecider,
    DeputyAlready,
    DeputyDaysBackwards,
    DeputyDaysOver,
    DeputyTooLong,
    LanguageMissing,
    LastKeeper,
    LastPayer,
    OwnDeputy,
    PayerByPayer,
    PersonGone,
    PersonNameMissing,
    RolesMissing,
)
from enrol_service.refusals.web import NotFound, NotYours
from enrol_service.school import people
from enrol_service.school.accounts import NETWORK, Staff, choose_language, people_with, staff_of
from enrol_service.school.acting import actor_for
from enrol_service.school.role import DECIDERS
from enrol_service.tables import act, outbox, staff_session
from enrol_service.tables import link as link_table
from tests.enrol_service.cast import ANNA, CAMILLA, KARI, PIA, SARI, Office

FYSIIKKA = "fysiikka@kuusikko.example"
NEW = "uusi.opo@kuusikko.example"
COORDINATOR = "verkosto@pikku.example"


class House:
    """The commands on people, each in a write transaction of its own."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def actor(self, email: str, act: str = "manage_people", school: str = "kuusikko") -> Actor:
        if email == COORDINATOR:
            act, school = "manage_network", NETWORK
        with self.office.database.write() as connection:
            found = staff_of(connection, self.office.catalogue, email, self.office.now)
            assert found is not None
            return actor_for(connection, found, act, school, self.office.now)

    def invite(self, email: str = NEW, *roles: str, by: str = ANNA, name: str = "Uusi Opo", language: str = "fi") -> bool:
        actor = self.actor(by)
        with self.office.database.write() as connection:
            return people.invite(
                connection, self.office.catalogue, "kuusikko", email, name, language, roles or ("teacher",), actor, self.office.now
            )

    def set_roles(self, email: str, *roles: str, by: str = ANNA) -> bool:
        actor = self.actor(by)
        with self.office.database.write() as connection:
            return people.set_roles(connection, self.office.catalogue, "kuusikko", email, roles, actor, self.office.now)

    def remove(self, email: str, by: str = ANNA, school: str = "kuusikko") -> bool:
        actor = self.actor(by, school=school)
        with self.office.database.write() as connection:
            return people.remove(connection, self.office.catalogue, school, email, actor, self.office.now)

    def name_deputy(
        self,
        deputy: str = NEW,
        *,
        of: str = ANNA,
        by: str = ANNA,
        act: str = "see_school",
        from_on: str = "2026-11-23",
        until_on: str = "2026-12-23",
        name: str = "Sija Inen",
        language: str = "fi",
    ) -> bool:
        actor = self.actor(by, act)
        days = (date.fromisoformat(from_on), date.fromisoformat(until_on))
        with self.office.database.write() as connection:
            return people.name_deputy(
                connection, self.office.catalogue, "kuusikko", of, deputy, name, language, *days, actor, self.office.now
            )

    def end_deputy(self, number: int = 1, by: str = ANNA, school: str = "kuusikko") -> bool:
        actor = self.actor(by, "see_school", school)
        with self.office.database.write() as connection:
            return people.end_deputy(connection, number, actor, self.office.now)

    def who(self, email: str, catalogue: Catalogue | None = None) -> Staff | None:
        with self.office.database.read() as connection:
            return staff_of(connection, catalogue or self.office.catalogue, email, self.office.now)

    def roles(self, email: str) -> set[str]:
        found = self.who(email)
        return set(found.roles_in("kuusikko")) if found else set()

    def mails(self, kind: str) -> list[str]:
        with self.office.database.read() as connection:
            return list(connection.execute(select(outbox.c.to_email).where(outbox.c.kind == kind).order_by(outbox.c.id)).scalars())

    def acts(self) -> list[str]:
        with self.office.database.read() as connection:
            return [facts["did"] for facts in connection.execute(select(act.c.facts).order_by(act.c.id)).scalars()]


@pytest.fixture
def house(office: Office) -> House:
    return House(office)


def test_an_invitation_gives_roles_and_mails_a_link_of_14_days(house: House) -> None:
    assert house.invite(NEW.upper(), "teacher", "office")
    assert house.roles(NEW) == {"teacher", "office"}
    assert house.mails("invite") == [NEW]
    with house.office.database.read() as connection:
        link = connection.execute(link_table.select()).one()
    assert (link.purpose, link.email, (link.expires_at - house.office.now).days) == ("sign_in", NEW, 14)
    assert house.acts() == ["invited"]


def test_a_second_click_on_invite_sends_no_second_mail_and_a_later_one_does(house: House) -> None:
    assert house.invite()
    assert not house.invite()
    house.office.later(minutes=11)
    assert house.invite()
    assert house.mails("invite") == [NEW, NEW]
    assert house.acts() == ["invited"]


def test_an_invitation_adds_to_the_roles_a_person_has(house: House) -> None:
    house.invite(NEW, "teacher")
    house.invite(NEW, "office")
    assert house.roles(NEW) == {"teacher", "office"}
    house.invite(SARI, "office", name="Joku Muu")
    assert house.roles(SARI) == {"coordinator", "office"}
    found = house.who(SARI)
    assert found is not None
    assert found.name == "Koordinaattori Sari Kivi"


@pytest.mark.parametrize(
    ("typed", "field", "refusal"),
    [
        ({"email": "uusi"}, "email", EmailIncomplete),
        ({"email": "=?utf-8?q?a?=@b.example"}, "email", EmailIncomplete),
        ({"name": " "}, "name", PersonNameMissing),
        ({"name": "x" * 101}, "name", TextTooLong),
        ({"name": "Uusi \u202eopo"}, "name", TextUnprintable),
        ({"name": "Uusi 131052-308T"}, "name", IdentityCodeFound),
        ({"language": "de"}, "language", LanguageMissing),
    ],
)
def test_a_bad_invitation_says_what_to_mend(house: House, typed: dict[str, str], field: str, refusal: type[Refusal]) -> None:
    with pytest.raises(FormRefused) as refused:
        house.invite(**typed)
    assert [(name, type(why)) for name, why in refused.value.fields] == [(field, refusal)]
    assert (house.mails("invite"), house.acts()) == ([], [])


@pytest.mark.parametrize("roles", [("principal",), ("network_coordinator",), ("teacher", "")])
def test_a_role_that_a_school_has_not_is_refused(house: House, roles: tuple[str, ...]) -> None:
    with pytest.raises(FormRefused):
        house.invite(NEW, *roles)


@pytest.mark.parametrize(
    ("attempt", "by"),
    [
        (lambda house, by: house.invite(NEW, "payer", by=by), ANNA),
        (lambda house, by: house.invite(NEW, "payer", "teacher", by=by), SARI),
        (lambda house, by: house.set_roles(FYSIIKKA, "payer", by=by), ANNA),
        (lambda house, by: house.set_roles(by, "payer", by=by), SARI),
        (lambda house, by: house.name_deputy(of=KARI, by=by, act="manage_people"), SARI),
    ],
)
def test_only_a_payer_makes_a_payer(house: House, attempt: Callable[[House, str], bool], by: str) -> None:
    with pytest.raises(PayerByPayer):
        attempt(house, by)
    assert (house.mails("invite"), house.mails("deputy_named"), house.roles(NEW)) == ([], [], set())


@pytest.mark.parametrize(
    "attempt",
    [
        lambda house: house.invite(NEW, "contact_person", by=SARI),
        lambda house: house.set_roles(FYSIIKKA, "contact_person", by=SARI),
        lambda house: house.set_roles(SARI, "contact_person", by=SARI),
        lambda house: house.name_deputy(of=ANNA, by=SARI, act="manage_people"),
    ],
)
def test_a_coordinator_makes_nobody_a_contact_person(house: House, attempt: Callable[[House], bool]) -> None:
    with pytest.raises(DeciderByDecider):
        attempt(house)
    assert (house.mails("invite"), house.roles(NEW), house.roles(SARI)) == ([], set(), {"coordinator"})


@pytest.mark.parametrize("by", [ANNA, KARI, COORDINATOR])
def test_a_contact_person_a_payer_and_the_network_make_contact_persons(house: House, by: str) -> None:
    house.invite(NEW, "contact_person", by=by)
    assert house.roles(NEW) == {"contact_person"}


@pytest.mark.parametrize("by", [ANNA, SARI, KARI])
def test_the_last_payer_stays_until_there_is_another(house: House, by: str) -> None:
    with pytest.raises(LastPayer):
        house.remove(KARI, by=by)
    assert house.roles(KARI) == {"payer"}
    house.invite(NEW, "payer", by=KARI)
    assert house.remove(KARI, by=by)
    with pytest.raises(LastPayer):
        house.set_roles(NEW, "teacher", by=NEW)
    assert house.set_roles(NEW, "teacher", by=COORDINATOR), "the network may"


def test_the_network_changes_people_of_a_school_and_the_journal_says_so(house: House) -> None:
    house.invite(NEW, "payer", by=COORDINATOR)
    house.set_roles(NEW, "teacher", by=COORDINATOR)
    house.remove(NEW, by=COORDINATOR)
    assert house.acts() == ["invited", "roles", "removed"]


@pytest.mark.parametrize("by", [KARI, COORDINATOR])
def test_a_payer_and_the_network_make_payers(house: House, by: str) -> None:
    house.invite(NEW, "payer", by=by)
    assert house.roles(NEW) == {"payer"}


def test_a_removed_payer_does_not_come_back_by_an_invitation_of_somebody_else(house: House) -> None:
    house.remove(KARI, by=COORDINATOR)
    with pytest.raises(PayerByPayer):
        house.invite(KARI, "office")
    assert house.roles(KARI) == set()


def test_roles_that_are_given_here_are_changed_and_those_of_the_content_stay(house: House) -> None:
    house.invite(NEW, "teacher")
    assert house.set_roles(NEW, "office", "contact_person")
    assert house.roles(NEW) == {"office", "contact_person"}
    assert not house.set_roles(NEW, "office", "contact_person")
    assert house.set_roles(ANNA, "contact_person", "teacher")
    assert house.roles(ANNA) == {"contact_person", "teacher"}
    assert house.set_roles(ANNA)
    assert house.roles(ANNA) == {"contact_person"}
    assert house.acts() == ["invited", "roles", "roles", "roles"]


@pytest.mark.parametrize(("email", "roles"), [(NEW, ()), (NEW, ("nobody",)), (NEW, ("network_coordinator",))])
def test_a_person_keeps_at_least_one_role(house: House, email: str, roles: tuple[str, ...]) -> None:
    house.invite(NEW, "teacher")
    with pytest.raises(RolesMissing):
        house.set_roles(email, *roles)


@pytest.mark.parametrize("email", [PIA, "nobody@kuusikko.example"])
def test_roles_of_somebody_who_is_not_of_the_school_cannot_be_set(house: House, email: str) -> None:
    with pytest.raises(PersonGone):
        house.set_roles(email, "teacher")


def test_a_removed_person_is_out_with_sessions_and_links_though_the_content_names_them(house: House) -> None:
    house.invite(SARI, "office")
    with house.office.database.write() as connection:
        values = {"email": SARI, "created_at": house.office.now, "expires_at": house.office.now}
        connection.execute(staff_session.insert().values(token_digest="x", **values))
    assert house.remove(SARI)
    assert house.who(SARI) is None
    with house.office.database.read() as connection:
        assert connection.execute(staff_session.select()).all() == []
        assert connection.execute(link_table.select()).one().expires_at == house.office.now
    assert not house.remove(SARI)
    assert house.acts() == ["invited", "removed"]


def test_whoever_is_of_another_school_too_keeps_the_session(house: House) -> None:
    house.invite(CAMILLA, "teacher")
    with house.office.database.write() as connection:
        values = {"email": CAMILLA, "created_at": house.office.now, "expires_at": house.office.now}
        connection.execute(staff_session.insert().values(token_digest="x", **values))
    assert house.remove(CAMILLA)
    with house.office.database.read() as connection:
        assert len(connection.execute(staff_session.select()).all()) == 1
    found = house.who(CAMILLA)
    assert found is not None
    assert [one.school_id for one in found.memberships] == ["strand"]


def test_an_invitation_gives_a_removed_person_the_rights_back(house: House) -> None:
    house.remove(SARI)
    house.invite(SARI, "coordinator", by=ANNA)
    assert house.roles(SARI) == {"coordinator"}


def test_the_last_one_who_may_manage_people_stays(house: House) -> None:
    house.remove(SARI)
    house.remove(KARI, by=COORDINATOR)
    with pytest.raises(LastKeeper):
        house.remove(ANNA)
    assert house.roles(ANNA) == {"contact_person"}
    house.invite(NEW, "coordinator")
    assert house.remove(ANNA)
    with pytest.raises(LastKeeper):
        house.set_roles(NEW, "teacher", by=NEW)
    assert house.remove(NEW, by=COORDINATOR), "the network may"


def test_the_network_keeps_its_last_coordinator(house: House) -> None:
    with pytest.raises(LastKeeper):
        house.remove(COORDINATOR, by=COORDINATOR, school=NETWORK)


@pytest.mark.parametrize("by", [FYSIIKKA])
def test_whoever_keeps_no_people_changes_nothing(house: House, by: str) -> None:
    actor = house.actor(by, "see_school")
    with house.office.database.write() as connection:
        for command in (
            lambda: people.invite(connection, house.office.catalogue, "kuusikko", NEW, "Uusi", "fi", ["teacher"], actor, house.office.now),
            lambda: people.set_roles(connection, house.office.catalogue, "kuusikko", ANNA, ["teacher"], actor, house.office.now),
            lambda: people.remove(connection, house.office.catalogue, "kuusikko", ANNA, actor, house.office.now),
        ):
            with pytest.raises(NotYours):
                command()
    with pytest.raises(NotYours):
        house.name_deputy(of=ANNA, by=by)


def test_a_keeper_of_a_school_is_nobody_in_the_network(house: House) -> None:
    actor = house.actor(KARI)
    with house.office.database.write() as connection, pytest.raises(NotFound):
        people.invite(
            connection, house.office.catalogue, NETWORK, KARI, "Kari Metso", "fi", ["network_coordinator"], actor, house.office.now
        )


def test_a_deputy_has_the_roles_for_the_days_and_gets_the_mails_too(house: House) -> None:
    assert house.name_deputy(from_on="2026-11-25", until_on="2026-11-26")
    assert house.mails("deputy_named") == [NEW]
    assert house.roles(NEW) == set()
    house.office.later(days=2)
    assert house.roles(NEW) == {"contact_person"}
    with house.office.database.read() as connection:
        found = people_with(connection, house.office.catalogue, DECIDERS, "kuusikko", house.office.now)
    assert [one.email for one in found] == [ANNA, KARI, NEW]
    house.office.later(days=2)
    assert house.roles(NEW) == set()


def test_a_teacher_names_a_deputy_of_their_own(house: House) -> None:
    assert house.name_deputy(of=FYSIIKKA, by=FYSIIKKA)
    assert house.roles(NEW) == {"teacher"}


def test_a_payer_names_a_deputy_who_pays(house: House) -> None:
    assert house.name_deputy(of=KARI, by=KARI)
    assert house.roles(NEW) == {"payer"}


def test_naming_the_same_deputy_twice_is_one_deputy_with_one_mail(house: House) -> None:
    assert house.name_deputy()
    assert not house.name_deputy()
    with pytest.raises(DeputyAlready):
        house.name_deputy(until_on="2026-12-30")
    assert (house.mails("deputy_named"), house.acts()) == ([NEW], ["deputy_named"])


@pytest.mark.parametrize(
    ("typed", "field", "refusal"),
    [
        ({"deputy": "uusi"}, "deputy_email", EmailIncomplete),
        ({"deputy": ANNA}, "deputy_email", OwnDeputy),
        ({"name": "-"}, "deputy_name", PersonNameMissing),
        ({"language": ""}, "language", LanguageMissing),
        ({"from_on": "2026-12-24"}, "until_on", DeputyDaysBackwards),
        ({"from_on": "2026-11-01", "until_on": "2026-11-22"}, "until_on", DeputyDaysOver),
        ({"until_on": "2027-11-25"}, "until_on", DeputyTooLong),
    ],
)
def test_a_bad_deputy_says_what_to_mend(house: House, typed: dict[str, str], field: str, refusal: type[Refusal]) -> None:
    with pytest.raises(FormRefused) as refused:
        house.name_deputy(**typed)  # type: ignore[arg-type]
    assert [(name, type(why)) for name, why in refused.value.fields] == [(field, refusal)]


def test_a_deputy_cannot_name_a_deputy(house: House) -> None:
    house.name_deputy(of=FYSIIKKA, by=FYSIIKKA)
    with pytest.raises(PersonGone):
        house.name_deputy("third@kuusikko.example", of=NEW, by=NEW)
    with pytest.raises(NotYours):
        house.name_deputy("third@kuusikko.example", of=FYSIIKKA, by=NEW)


@pytest.mark.parametrize("by", [ANNA, SARI, NEW])
def test_a_deputy_s_days_are_ended_at_will(house: House, by: str) -> None:
    house.name_deputy()
    assert house.end_deputy(by=by)
    assert house.roles(NEW) == set()
    assert not house.end_deputy(by=SARI)
    assert house.acts() == ["deputy_named", "deputy_ended"]


@pytest.mark.parametrize(("by", "number", "school", "refusal"), [(FYSIIKKA, 1, "kuusikko", NotYours), (ANNA, 2, "kuusikko", NotFound)])
def test_somebody_else_s_deputy_stays(house: House, by: str, number: int, school: str, refusal: type[Refusal]) -> None:
    house.name_deputy()
    with pytest.raises(refusal):
        house.end_deputy(number, by=by, school=school)
    assert house.roles(NEW) == {"contact_person"}


def test_another_school_s_keeper_cannot_end_a_deputy(house: House) -> None:
    house.name_deputy()
    with pytest.raises(NotFound):
        house.end_deputy(by=CAMILLA, school="strand")


def test_the_deputies_of_a_removed_person_end_with_the_rights(house: House) -> None:
    house.name_deputy(of=SARI, by=SARI)
    house.remove(SARI)
    assert house.roles(NEW) == set()
    house.invite(SARI, "office")
    assert house.roles(NEW) == set()


def test_a_person_chooses_the_language_of_the_mails(house: House) -> None:
    with house.office.database.write() as connection:
        person = staff_of(connection, house.office.catalogue, ANNA, house.office.now)
        assert person is not None
        assert person.language == "fi"
        choose_language(connection, person, "sv", house.office.now)
    changed = house.who(ANNA)
    assert changed is not None
    assert changed.language == "sv"


def test_somebody_whom_the_content_drops_keeps_what_was_given_here(house: House) -> None:
    house.invite(SARI, "office")
    school = house.office.catalogue.schools["kuusikko"]
    dropped = replace(school, contacts=tuple(one for one in school.contacts if one.email != SARI))
    without = replace(house.office.catalogue, schools={**house.office.catalogue.schools, "kuusikko": dropped})
    found = house.who(SARI, without)
    assert found is not None
    assert found.roles_in("kuusikko") == {"office"}
