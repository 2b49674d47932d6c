"""Enrolling, as the rules see it."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import select

from course_catalogue.price import agreement_for
from course_catalogue.promise import canonical, digest
from enrol_service.enrolment.enrol import enrol
from enrol_service.enrolment.seats import Seats, rank_of, seats_of
from enrol_service.events import Actor, history
from enrol_service.refusals.base import IllegalStep, Refusal
from enrol_service.refusals.enrolling import (
    AlreadyEnrolled,
    KeyReused,
    NoTimeToAnswer,
    OfferingCancelled,
    OfferingClosed,
    OfferingFull,
    OfferingNotOpen,
    OfferingUnknown,
    OwnSchool,
    PriceChanged,
    PriceNotShown,
)
from enrol_service.refusals.staff_enrolling import RunLapsed
from enrol_service.refusals.web import NotYours
from enrol_service.tables import outbox, promise, run
from tests.enrol_service.cast import ANNA, CAMILLA, CATALOGUE, FY4, P3, P4, Office, day, form, offering_of, prices, with_offering


def test_a_student_gets_a_seat_and_the_home_school_is_asked(office: Office) -> None:
    enrolled = office.enrol()
    assert office.states(enrolled) == ("requested", "asked")
    commitment = office.commitment(enrolled)
    assert commitment.price_cents == 15000
    assert commitment.text_shown == "You pay €0. Strandgymnasiet pays €150.00." or "150,00" in commitment.text_shown
    assert commitment.answer_by_at == day("2026-11-26", "16:00")


def test_everything_promised_is_kept_with_the_commitment(office: Office) -> None:
    commitment = office.commitment(office.enrol())
    course, offering = CATALOGUE.courses[FY4], offering_of(FY4, P3)
    agreement = agreement_for(CATALOGUE, offering)
    assert (commitment.agreement_digest, commitment.offering_digest) == (digest(agreement), digest((course, offering)))
    assert (commitment.agreement_id, commitment.price_rule_id, commitment.git_commit) == ("2026-2027", "ohjattu", CATALOGUE.commit)
    with office.database.read() as connection:
        kept = dict(connection.execute(select(promise.c.digest, promise.c.canonical)).all())  # type: ignore[arg-type]
    assert kept[commitment.agreement_digest].encode() == canonical(agreement)
    assert [row.cents for row in commitment.leaving_rows()] == [0, 7500, 15000]


def test_a_later_change_of_the_agreement_changes_no_promise(office: Office) -> None:
    enrolled = office.enrol()
    before = office.commitment(enrolled)
    agreement = CATALOGUE.agreements["2026-2027"]
    dearer = dataclasses.replace(agreement, leaving=(dataclasses.replace(agreement.leaving[0], share=90),))
    office.catalogue = dataclasses.replace(CATALOGUE, agreements={"2026-2027": dearer})
    assert office.commitment(enrolled) == before
    assert before.leaving_on(day("2026-12-01").date()).cents == 7500


def test_mails_go_to_the_student_and_to_the_home_school_s_contact_person(office: Office) -> None:
    office.enrol(form(school_id="kuusikko", course_id="strand/fy1-fysik", prices_shown=prices("strand/fy1-fysik")))
    with office.database.read() as connection:
        mails = connection.execute(select(outbox.c.kind, outbox.c.to_email).order_by(outbox.c.id)).all()
    assert mails == [("receipt", "veeti.korhonen@kuusikko.example"), ("decide", ANNA)]


def test_a_school_that_enrols_commits_in_the_same_act_and_is_not_asked(office: Office) -> None:
    office.fill(1, offering_id=P4)
    seated, waiting = [office.enrol_by_school(form(offering_id=P4, email=one)) for one in ("a@strand.example", "b@strand.example")]
    assert (office.states(seated), office.states(waiting)) == (("placed", "given"), ("queued", "given"))
    by = office.actor(CAMILLA).account_id
    assert office.enrolment(seated).enrolled_by_id == office.commitment(waiting).decided_by_id == by
    with office.database.read() as connection:
        mails = connection.execute(select(outbox.c.kind, outbox.c.to_email).order_by(outbox.c.id)).all()[-2:]
        actors = {(one.actor_kind, one.actor_id) for one in history(connection, waiting)}
    assert mails == [("enrolled_by_school", "a@strand.example"), ("enrolled_by_school", "b@strand.example")]
    assert actors == {("home_school", by)}


def test_only_those_who_decide_enrol_for_a_school(office: Office) -> None:
    teacher = Actor("home_school", roles=frozenset({"teacher"}), school_id="strand")
    with pytest.raises(IllegalStep), office.database.write() as connection:
        enrol(connection, CATALOGUE, form(), "fi", office.now, teacher)


def test_nobody_enrols_the_students_of_another_school(office: Office) -> None:
    anna = office.actor(ANNA)  # of Kuusikko; the form says Strand
    with pytest.raises(NotYours), office.database.write() as connection:
        enrol(connection, CATALOGUE, form(), "fi", office.now, anna)


@pytest.mark.parametrize(("state", "refusal"), [("cancelled", OfferingCancelled), ("lapsed", RunLapsed)])
def test_a_run_that_is_off_takes_nobody(office: Office, state: str, refusal: type[Refusal]) -> None:
    with office.database.write() as connection:
        connection.execute(run.insert().values(course_id=FY4, offering_id=P3, state=state, at=office.now, reason="Sairaus"))
    with pytest.raises(refusal):
        office.enrol()


def test_when_the_seats_are_taken_the_next_ones_stand_in_line_in_order(office: Office) -> None:
    office.fill(2, offering_id=P4)
    third, fourth = office.enrol(form(offering_id=P4)), office.enrol(form(offering_id=P4, email="siiri@strand.example"))
    assert (office.enrolment(third).state, office.enrolment(fourth).state) == ("queued", "queued")
    with office.database.read() as connection:
        assert seats_of(connection, FY4, P4) == Seats(2, 2)
        ranks = [rank_of(connection, FY4, P4, office.enrolment(one).queue_number or 0) for one in (third, fourth)]
    assert ranks == [1, 2]
    assert office.commitment(third).answer_by_at == day("2027-02-08", "00:00")


@pytest.mark.parametrize(
    ("offering_id", "now", "changes", "refusal"),
    [
        (P3, "2026-11-27T16:00", {}, OfferingClosed),
        (P3, "2026-08-15T07:59", {}, OfferingNotOpen),
        (P3, "2026-11-23T09:52", {"cancelled": True}, OfferingCancelled),
        ("2026-p2", "2026-12-23T09:52", {}, OfferingClosed),
    ],
)
def test_an_offering_takes_students_only_while_it_is_open(
    office: Office, offering_id: str, now: str, changes: dict[str, object], refusal: type[Refusal]
) -> None:
    office.catalogue = with_offering(CATALOGUE, FY4, offering_id, **changes)
    office.now = day(*now.split("T"))
    with pytest.raises(refusal):
        office.enrol(form(offering_id=offering_id))


def test_an_unknown_offering_is_refused(office: Office) -> None:
    with pytest.raises(OfferingUnknown):
        office.enrol(form(offering_id="2040-p9"))


def test_a_cancelled_course_takes_nobody(office: Office) -> None:
    with pytest.raises(OfferingCancelled):
        office.enrol(form(course_id="kuusikko/yritysretki", offering_id=P3))


def test_a_full_run_has_no_line_once_it_has_begun(office: Office) -> None:
    """Enrolment may stay open on the first day, when a freed seat goes to nobody any more."""
    open_late = {"enrolment_closes_at": day("2027-02-08", "16:00")}
    office.catalogue = with_offering(CATALOGUE, FY4, P4, **open_late)
    office.fill(2, offering_id=P4)
    office.now = day("2027-02-08", "09:00")
    with pytest.raises(OfferingFull):
        office.fill_one("siiri@strand.example", P4)
    office.catalogue = with_offering(CATALOGUE, FY4, P4, seats=3, **open_late)
    late = office.fill_one("siiri@strand.example", P4)
    assert office.enrolment(late).state == "requested"
    assert office.commitment(late).answer_by_at == day("2027-02-08", "16:00")


def test_a_request_that_nobody_could_answer_is_refused(office: Office) -> None:
    closes = day("2027-02-07", "23:59")
    office.catalogue = with_offering(CATALOGUE, FY4, P4, enrolment_closes_at=closes)
    office.now = day("2027-02-07", "22:00")
    with pytest.raises(NoTimeToAnswer):
        office.fill_one("late@strand.example", P4)
    with office.database.read() as connection:
        assert seats_of(connection, FY4, P4) == Seats(0, 0)
    assert office.states(office.enrol_by_school(form(offering_id=P4))) == ("placed", "given")
    office.authorise()
    assert office.states(office.fill_one("covered@strand.example", P4)) == ("placed", "given")


def test_seats_kept_for_more_schools_than_there_are_seats_left_go_to_the_first_of_those(office: Office) -> None:
    office.catalogue = with_offering(CATALOGUE, FY4, P4, decided_on=None)
    office.fill_one("a@strand.example", P4)
    office.catalogue = with_offering(office.catalogue, FY4, P4, reserved={"strand": 2, "rantakyla": 1})
    assert office.enrolment(office.fill_one("b@strand.example", P4)).state == "requested"
    assert office.enrolment(office.fill_one("c@strand.example", P4)).state == "queued"


def test_a_student_of_the_offering_school_enrols_there(office: Office) -> None:
    with pytest.raises(OwnSchool):
        office.enrol(form(school_id="kuusikko"))


def test_a_second_enrolment_of_the_same_student_is_refused_and_one_after_leaving_is_not(office: Office) -> None:
    first = office.enrol()
    with pytest.raises(AlreadyEnrolled):
        office.enrol()
    office.withdraw(first)
    assert office.enrolment(office.enrol()).state == "requested"


def test_a_price_that_is_not_the_one_shown_is_refused_with_both(office: Office) -> None:
    with pytest.raises(PriceChanged) as refused:
        office.enrol(form(prices_shown={P3: (14000, 20000)}))
    assert [refused.value.facts[name].cents for name in ("old", "new")] == [14000, 15000]  # type: ignore[attr-defined]


def test_an_outside_school_is_judged_by_the_outside_price(office: Office) -> None:
    enrolled = office.enrol(form(school_id="rantakyla", prices_shown={P3: (1, 20000)}))
    assert (office.commitment(enrolled).price_cents, office.commitment(enrolled).buyer) == (20000, "outside")


def test_a_form_that_has_shown_no_price_is_refused(office: Office) -> None:
    with pytest.raises(PriceNotShown):
        office.enrol(form(prices_shown={P4: (15000, 20000)}))


def test_the_same_key_gives_the_same_answer(office: Office) -> None:
    first, second = office.enrolled(form(key="k" * 20)), office.enrolled(form(key="k" * 20))
    assert (second.enrolment_id, second.link_id, second.repeated) == (first.enrolment_id, first.link_id, True)
    with office.database.read() as connection:
        assert len(history(connection, first.enrolment_id)) == 2


def test_the_same_key_with_other_details_is_refused(office: Office) -> None:
    office.enrol(form(key="k" * 20))
    with pytest.raises(KeyReused):
        office.enrol(form(key="k" * 20, name="Veera Korhonen"))


def test_seats_kept_for_a_school_are_not_given_to_others_before_the_day(office: Office) -> None:
    course, kept = "strand/fy1-fysik", prices("strand/fy1-fysik")
    office.catalogue = with_offering(CATALOGUE, course, P3, seats=6)  # five of them kept for Kuusikko until 26 November
    first = office.enrol(form(course_id=course, school_id="rantakyla", email="a@rantakyla.example", prices_shown=kept))
    second = office.enrol(form(course_id=course, school_id="rantakyla", email="b@rantakyla.example", prices_shown=kept))
    own = office.enrol(form(course_id=course, school_id="kuusikko", email="c@kuusikko.example", prices_shown=kept))
    assert [office.enrolment(one).state for one in (first, second, own)] == ["requested", "queued", "requested"]


def test_an_outside_school_has_a_higher_price_than_a_member() -> None:
    assert prices(FY4)[P3] == (15000, 20000)
    assert CAMILLA
