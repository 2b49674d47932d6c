"""Enrolling: one transaction from the form to a seat or a place in line, with the commitment that is asked of the home school."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from course_catalogue.leaving import leaving_table
from course_catalogue.model import Agreement, Catalogue, Course, Offering
from course_catalogue.offering import offering_state
from course_catalogue.price import Quote, agreement_for, price_for
from course_catalogue.promise import canonical, digest
from enrol_service import tables
from enrol_service.enrolment.authorisation import commit_by_authorisation
from enrol_service.enrolment.deadline import LEAST_TIME_TO_ANSWER, answer_by, seats_close_at, student_link_until
from enrol_service.enrolment.enrolments import leaving_as_stored, read_enrolment
from enrol_service.enrolment.form import EnrolmentForm
from enrol_service.enrolment.run import run_of
from enrol_service.enrolment.seats import has_room, seats_of
from enrol_service.enrolment.waiting_list import can_be_answered, is_line, next_number, promote
from enrol_service.enrolment.words import price_words
from enrol_service.events import THE_STUDENT, Actor, advance_commitment, advance_enrolment, record
from enrol_service.links import make_link, student_link_id
from enrol_service.mail.notices import ask_home_school, send_link_again, tell_student
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
from enrol_service.speech import Money, Speech
from enrol_service.states import COMMITMENT, ENROLMENT, LIVE, NEW

ALIAS_LETTERS = "ABCDEFGHJKLMNPQRTUVWXY346789"  # none that looks like another


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The answer to a form. `repeated`: the same form had come before, and nothing was done again."""

    enrolment_id: int
    link_id: str
    repeated: bool = False


def enrol(
    connection: Connection, catalogue: Catalogue, form: EnrolmentForm, language: str, now: datetime, actor: Actor = THE_STUDENT
) -> Enrolled:
    """Enrol a student: the student's own request, or, with an actor of the home school, enrolled and paid for in the same act.

    Call inside a write transaction.

    1. The same form with the same key gives the same answer.
    2. Refuses when the offering is not open or its run is off, the student is already on it or of the school that offers it, or
       the price is not the one that was shown.
    3. Those in line come first: free seats are given to them before this form is judged.
    4. A seat (`requested`) or a place in line (`queued`). Refuses with OfferingFull when the line gives no seats any more.
    5. The commitment is asked, with everything it promises; the events.
    6. The home school that enrols commits at once. A request is committed under a standing authorisation of the home school, or
       the home school is asked; refuses with NoTimeToAnswer when it could not answer any more. The mails.
    """
    if (before := _repeated(connection, form)) is not None:
        return before
    course = catalogue.courses[form.course_id]
    offering = _open_offering(course, form, now)
    _refuse_run_that_is_off(connection, form)
    _refuse_second(connection, form)
    if form.school_id == course.school_id:
        raise OwnSchool
    quote = price_for(agreement_for(catalogue, offering), course, form.school_id)
    _refuse_other_price(form, quote)
    if offering.seats is None or seats_of(connection, course.id, offering.id).taken < offering.seats:
        promote(connection, catalogue, course.id, offering.id, now)
    case = _Case(connection, catalogue, course, offering, quote, form, language, now, actor)
    step = "enrol" if case.gets_seat() else "queue"
    if step == "queue" and now >= seats_close_at(offering, catalogue.network.time_zone):
        raise OfferingFull
    enrolment_id = case.insert_enrolment(step)
    deadline = case.deadline(step)
    case.insert_commitment(enrolment_id, deadline)
    link_id = make_link(connection, "student", form.email, now, student_link_until(offering, catalogue.network.time_zone), enrolment_id)
    if actor.kind == "home_school":
        case.commit(enrolment_id)
    elif not commit_by_authorisation(connection, catalogue, enrolment_id, now):
        if deadline - now < LEAST_TIME_TO_ANSWER:
            raise NoTimeToAnswer
        enrolment = read_enrolment(connection, enrolment_id)
        tell_student(connection, "receipt", enrolment, now)
        ask_home_school(connection, catalogue, enrolment, deadline, now)
    return Enrolled(enrolment_id, link_id)


def remind_of_enrolment(connection: Connection, form: EnrolmentForm, now: datetime) -> None:
    """After AlreadyEnrolled: the link goes to the address itself, never to whoever typed it."""
    found = _live_id(connection, form)
    if found is not None:
        send_link_again(connection, read_enrolment(connection, found), now)


def _repeated(connection: Connection, form: EnrolmentForm) -> Enrolled | None:
    if form.key is None:
        return None
    columns = (tables.enrolment.c.id, tables.enrolment.c.form_digest)
    row = connection.execute(select(*columns).where(tables.enrolment.c.form_key == form.key)).first()
    if row is None:
        return None
    if row.form_digest != form.digest():
        raise KeyReused
    return Enrolled(row.id, student_link_id(connection, row.id), repeated=True)


def _open_offering(course: Course, form: EnrolmentForm, now: datetime) -> Offering:
    offering = course.offering(form.offering_id)
    if offering is None:
        raise OfferingUnknown
    state = offering_state(course, offering, now)
    if state == "cancelled":
        raise OfferingCancelled
    if state == "not_open":
        raise OfferingNotOpen(opens_at=offering.enrolment_opens_at)
    if state != "open":
        raise OfferingClosed(closed_at=offering.enrolment_closes_at)
    return offering


def _refuse_run_that_is_off(connection: Connection, form: EnrolmentForm) -> None:
    run = run_of(connection, form.course_id, form.offering_id)
    if run is not None and run.state == "cancelled":
        raise OfferingCancelled
    if run is not None and run.state == "lapsed":
        raise RunLapsed


def _live_id(connection: Connection, form: EnrolmentForm) -> int | None:
    one = tables.enrolment.c
    mine = (one.course_id == form.course_id) & (one.offering_id == form.offering_id) & (one.email == form.email)
    return connection.execute(select(one.id).where(mine, one.state.in_(sorted(LIVE)))).scalar()


def _refuse_second(connection: Connection, form: EnrolmentForm) -> None:
    if _live_id(connection, form) is not None:
        raise AlreadyEnrolled


def _refuse_other_price(form: EnrolmentForm, quote: Quote) -> None:
    shown = form.prices_shown.get(form.offering_id)
    new = Money(quote.cents, quote.currency)
    if shown is None:
        raise PriceNotShown(new=new)
    old = shown[0] if quote.buyer == "member" else shown[1]
    if old != quote.cents:
        raise PriceChanged(old=Money(old, quote.currency), new=new)


@dataclass(frozen=True, slots=True)
class _Case:
    """One form that has passed every rule: what its rows are made of."""

    connection: Connection
    catalogue: Catalogue
    course: Course
    offering: Offering
    quote: Quote
    form: EnrolmentForm
    language: str
    now: datetime
    actor: Actor

    @property
    def today(self) -> date:
        return self.catalogue.network.day_of(self.now)

    def gets_seat(self) -> bool:
        """Whether there is room, and nobody in line has been passed over because the time to answer is too short."""
        connection, course, offering = self.connection, self.course, self.offering
        if not can_be_answered(self.catalogue, offering, self.now) and is_line(connection, course.id, offering.id):
            return False
        return has_room(connection, course.id, offering, self.form.school_id, self.today)

    def insert_enrolment(self, step: str) -> int:
        """Store the enrolment after its first step, `enrol` or `queue`; its number."""
        course, offering, form = self.course, self.offering, self.form
        number = next_number(self.connection, course.id, offering.id) if step == "queue" else None
        row = tables.enrolment.insert().values(
            state=ENROLMENT.after(NEW, step, self.actor.kind, self.actor.roles),
            course_id=course.id,
            offering_id=offering.id,
            offering_school_id=course.school_id,
            home_school_id=form.school_id,
            title=course.title.to(self.language),
            starts_on=offering.starts_on,
            ends_on=offering.ends_on,
            queue_number=number,
            enrolled_by_id=self.actor.account_id,
            created_at=self.now,
            state_at=self.now,
            language=self.language,
            name=form.name,
            email=form.email,
            group_name=form.group,
            syllabus=form.syllabus,
            learner_id=form.learner_id,
            phone=form.phone,
            message=form.message,
            protected=form.protected,
            alias="".join(secrets.choice(ALIAS_LETTERS) for _ in range(4)),
            form_key=form.key,
            form_digest=form.digest(),
        )
        enrolment_id = int(self.connection.execute(row.returning(tables.enrolment.c.id)).scalar_one())
        record(self.connection, ENROLMENT, enrolment_id, NEW, step, self.actor, self.now)
        return enrolment_id

    def insert_commitment(self, enrolment_id: int, answer_by_at: datetime) -> None:
        """Store the commitment as asked, with all that it promises."""
        quote = self.quote
        state = record(self.connection, COMMITMENT, enrolment_id, NEW, "ask", self.actor, self.now, price_cents=quote.cents)
        row = tables.commitment.insert().values(
            enrolment_id=enrolment_id,
            state=state,
            price_cents=quote.cents,
            currency=quote.currency,
            buyer=quote.buyer,
            price_rule_id=quote.rule.id,
            agreement_id=quote.agreement.id,
            agreement_digest=self.keep_promise(quote.agreement),
            offering_digest=self.keep_promise((self.course, self.offering)),
            git_commit=self.catalogue.commit,
            text_shown=price_sentence(Speech(self.language, self.catalogue), self.form.school_id, Money(quote.cents, quote.currency)),
            leaving=leaving_as_stored(leaving_table(quote.agreement, self.offering, quote.cents, self.today)),
            asked_at=self.now,
            answer_by_at=answer_by_at,
        )
        self.connection.execute(row)

    def commit(self, enrolment_id: int) -> None:
        """Give the commitment in the name of the home school that enrols; who holds a seat is placed. The student is written to."""
        actor, now = self.actor, self.now
        by = {"decided_at": now, "decided_by_id": actor.account_id}
        advance_commitment(self.connection, enrolment_id, "asked", "give", actor, now, **by)
        enrolment = read_enrolment(self.connection, enrolment_id)
        if enrolment.state == "requested":
            advance_enrolment(self.connection, enrolment_id, "requested", "place", actor, now)
        tell_student(self.connection, "enrolled_by_school", enrolment, now)

    def keep_promise(self, thing: Agreement | tuple[Course, Offering]) -> str:
        """Store the canonical form once and return its digest."""
        name = digest(thing)
        known = select(tables.promise.c.digest).where(tables.promise.c.digest == name)
        if self.connection.execute(known).first() is None:
            row = tables.promise.insert().values(digest=name, canonical=canonical(thing).decode(), first_at=self.now)
            self.connection.execute(row)
        return name

    def deadline(self, step: str) -> datetime:
        """Who has a seat must be answered in the agreement's time; who waits in line, as long as seats are given."""
        zone = self.catalogue.network.time_zone
        if step == "enrol":
            return answer_by(self.now, self.quote.agreement, self.offering, zone)
        return seats_close_at(self.offering, zone)


def price_sentence(speech: Speech, school_id: str, price: Money) -> str:
    """`Sinulle 0 €. Kuusikon lukio maksaa 150,00 €.`"""
    return price_words(speech, speech.catalogue.schools[school_id].name.to(speech.language), price)
