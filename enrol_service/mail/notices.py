"""Who is written to about what: one function per occasion. Each puts rows into the outbox of the caller's transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from course_catalogue.model import Catalogue, CourseId, OfferingId, SchoolId
from enrol_service.enrolment.enrolments import Enrolment, pairs
from enrol_service.links import make_link, student_link_id
from enrol_service.mail import gathering, outbox
from enrol_service.school.accounts import NETWORK, Staff, people_with
from enrol_service.school.role import CARERS, CONTACTS, COORDINATORS, DECIDERS, FOLLOWERS, PAYERS, TEACHERS
from enrol_service.school.role import NETWORK as NETWORK_ROLES
from enrol_service.tables import account, change, course_teacher, enrolment, link
from enrol_service.tables import outbox as outbox_table

DECISION_LINK_LIVES = timedelta(days=30)  # after the deadline: a late reader is told what happened
SIGN_IN_LINK_LIVES = timedelta(minutes=30)
INVITATION_LIVES = timedelta(days=14)
INVITATION_AGAIN_AFTER = timedelta(minutes=10)
AGAIN_AFTER = timedelta(hours=1)
LIVE_LINKS = 4  # that sign in, to one address at a time
STILL_LIVES = timedelta(minutes=10)  # a link that ends sooner is as good as none


def tell_student(connection: Connection, kind: str, enrolment: Enrolment, now: datetime) -> None:
    """Write to the student, with the link to the student's own page."""
    link_id = student_link_id(connection, enrolment.id)
    outbox.post(connection, kind, enrolment.email, enrolment.language, now, enrolment_id=enrolment.id, link_id=link_id)


def ask_home_school(connection: Connection, catalogue: Catalogue, enrolment: Enrolment, answer_by_at: datetime, now: datetime) -> None:
    """Ask the home school's contact persons, each with a link of their own; its payers where it has none."""
    _ask(connection, "decide", _asked_first(connection, catalogue, enrolment, now), enrolment, answer_by_at, now)


def remind_home_school(connection: Connection, catalogue: Catalogue, enrolment: Enrolment, answer_by_at: datetime, now: datetime) -> None:
    """Ask whoever was asked first once more, each with a new link."""
    _ask(connection, "remind", _asked_first(connection, catalogue, enrolment, now), enrolment, answer_by_at, now)


def ask_payers(connection: Connection, catalogue: Catalogue, enrolment: Enrolment, answer_by_at: datetime, now: datetime) -> None:
    """Ask the home school's payers when nobody else has answered; whoever was asked before is not asked by this."""
    asked = {one.email for one in _asked_first(connection, catalogue, enrolment, now)}
    payers = people_with(connection, catalogue, PAYERS, enrolment.home_school_id, now)
    _ask(connection, "escalate", (one for one in payers if one.email not in asked), enrolment, answer_by_at, now)


def _asked_first(connection: Connection, catalogue: Catalogue, enrolment: Enrolment, now: datetime) -> tuple[Staff, ...]:
    contacts = people_with(connection, catalogue, CONTACTS, enrolment.home_school_id, now)
    return contacts or people_with(connection, catalogue, PAYERS, enrolment.home_school_id, now)


def _ask(connection: Connection, kind: str, people: Iterable[Staff], enrolment: Enrolment, answer_by_at: datetime, now: datetime) -> None:
    for person in people:
        link_id = make_link(connection, "decide", person.email, now, answer_by_at + DECISION_LINK_LIVES, enrolment.id)
        email, language = person.email, person.language
        if kind == "decide":
            gathering.tell(connection, kind, email, language, now, due_at=answer_by_at, enrolment_id=enrolment.id, link_id=link_id)
        else:
            gathering.tell_on_time(connection, kind, email, language, now, enrolment_id=enrolment.id, link_id=link_id)


def tell_home_school(connection: Connection, catalogue: Catalogue, kind: str, enrolment: Enrolment, now: datetime) -> None:
    """Write to everybody who may answer for the home school; no link is needed, nothing is asked of them."""
    for person in people_with(connection, catalogue, DECIDERS, enrolment.home_school_id, now):
        gathering.tell(connection, kind, person.email, person.language, now, enrolment_id=enrolment.id)


def tell_home_schools_of_run(connection: Connection, catalogue: Catalogue, kind: str, students: Iterable[Enrolment], now: datetime) -> None:
    """Write to those who answer for the home schools what became of runs: one mail for each run, school and person."""
    told: dict[tuple[CourseId, OfferingId, SchoolId], Enrolment] = {}
    for one in students:
        told.setdefault((one.course_id, one.offering_id, one.home_school_id), one)
    for one in told.values():
        tell_home_school(connection, catalogue, kind, one, now)


def tell_network(connection: Connection, catalogue: Catalogue, kind: str, now: datetime, facts: Mapping[str, int]) -> None:
    """Write to the network's coordinators; they sign in to act."""
    for person in people_with(connection, catalogue, NETWORK_ROLES, NETWORK, now):
        outbox.post(connection, kind, person.email, person.language, now, facts=facts)


def tell_guest_school(connection: Connection, email: str, language: str, now: datetime, guest_id: int) -> None:
    """Write to the contact person of a school that has been admitted, with a link that signs in once."""
    link_id = make_link(connection, "sign_in", email, now, now + INVITATION_LIVES)
    outbox.post(connection, "guest_admitted", email, language, now, link_id=link_id, facts={"guest_school": guest_id})


def send_link_again(connection: Connection, enrolment: Enrolment, now: datetime) -> None:
    """Send the student's link once more, at most once an hour, so that nobody can flood another's mailbox."""
    mine = (outbox_table.c.enrolment_id == enrolment.id) & (outbox_table.c.to_email == enrolment.email)
    recent = mine & (outbox_table.c.kind == "link_again") & (outbox_table.c.created_at > now - AGAIN_AFTER)
    if not connection.execute(select(func.count()).select_from(outbox_table).where(recent)).scalar_one():
        tell_student(connection, "link_again", enrolment, now)


def send_links_again(connection: Connection, email: str, now: datetime) -> None:
    """Send a student every link that still opens, to what goes on and to what has ended."""
    opens = (link.c.purpose == "student") & (link.c.expires_at > now)
    mine = select(link.c.enrolment_id).where(opens, link.c.enrolment_id.is_not(None))
    for one, _ in pairs(connection, enrolment.c.email == email, enrolment.c.id.in_(mine)):
        send_link_again(connection, one, now)


def send_sign_in(connection: Connection, staff: Staff, now: datetime) -> None:
    """Send a link that signs in once, unless the mailbox has enough that still open: it is never flooded, and never without one."""
    if _live_links(connection, "sign_in", link.c.email == staff.email, now) >= LIVE_LINKS:
        return
    link_id = make_link(connection, "sign_in", staff.email, now, now + SIGN_IN_LINK_LIVES)
    outbox.post(connection, "sign_in", staff.email, staff.language, now, link_id=link_id)


def tell_of_mark(connection: Connection, catalogue: Catalogue, kind: str, enrolment: Enrolment, now: datetime) -> None:
    """Tell student and home school what the teacher has marked; the student gets the link to the own page, the school none."""
    tell_student(connection, kind, enrolment, now)
    tell_home_school(connection, catalogue, kind, enrolment, now)


def tell_about_change(connection: Connection, catalogue: Catalogue, change_id: int, enrolment: Enrolment, now: datetime) -> None:
    """Ask everybody who coordinates for the offering school to answer a late change; they sign in to see whose it is."""
    for person in people_with(connection, catalogue, COORDINATORS, enrolment.offering_school_id, now):
        gathering.tell(connection, "change_asked", person.email, person.language, now, facts={"change": change_id})


def tell_of_answer(connection: Connection, catalogue: Catalogue, change_id: int, enrolment: Enrolment, now: datetime) -> None:
    """Write the answer to a late change to whoever asked; to all who answer for the home school when that person has left it."""
    facts, about = {"change": change_id}, enrolment.id
    asker = select(change.c.asked_by_kind, account.c.email).outerjoin_from(change, account, change.c.asked_by_id == account.c.id)
    asked_by_kind, email = connection.execute(asker.where(change.c.id == change_id)).one()
    if asked_by_kind == "student":
        link_id, kind = student_link_id(connection, about), "own_change_answered"
        outbox.post(connection, kind, enrolment.email, enrolment.language, now, enrolment_id=about, link_id=link_id, facts=facts)
        return
    people = people_with(connection, catalogue, DECIDERS, enrolment.home_school_id, now)
    for person in [one for one in people if one.email == email] or people:
        gathering.tell(connection, "change_answered", person.email, person.language, now, enrolment_id=about, facts=facts)


def send_invitation(connection: Connection, email: str, language: str, account_id: int, by_id: int | None, now: datetime) -> bool:
    """Mail a new person of a school a link that signs in once; False when one left a moment ago, so that a second click sends nothing."""
    mine = (outbox_table.c.to_email == email) & (outbox_table.c.kind == "invite")
    if connection.execute(select(outbox_table.c.id).where(mine, outbox_table.c.created_at > now - INVITATION_AGAIN_AFTER)).first():
        return False
    link_id = make_link(connection, "sign_in", email, now, now + INVITATION_LIVES)
    facts = {"account": account_id} if by_id is None else {"account": account_id, "by": by_id}
    outbox.post(connection, "invite", email, language, now, link_id=link_id, facts=facts)
    return True


def send_identity_link(connection: Connection, staff: Staff, identity_id: int, now: datetime) -> None:
    """Send the link that joins a sign-in elsewhere to an address, unless enough of this very sign-in's still open."""
    mine = (link.c.email == staff.email) & (link.c.identity_id == identity_id)
    if _live_links(connection, "link_identity", mine, now) >= LIVE_LINKS:
        return
    link_id = make_link(connection, "sign_in", staff.email, now, now + SIGN_IN_LINK_LIVES, identity_id=identity_id)
    outbox.post(connection, "link_identity", staff.email, staff.language, now, link_id=link_id, facts={"identity": identity_id})


def tell_deputy(connection: Connection, email: str, language: str, deputy_id: int, now: datetime) -> None:
    """Tell a deputy for whom, in which school and until when."""
    outbox.post(connection, "deputy_named", email, language, now, facts={"deputy": deputy_id})


def tell_of_completions(connection: Connection, catalogue: Catalogue, published: Iterable[Enrolment], now: datetime) -> None:
    """Tell those who follow the students of each home school that some have been assessed: each person once, with how many."""
    counts = Counter(one.home_school_id for one in published)
    told: dict[tuple[str, str], int] = {}
    for school_id, count in counts.items():
        for person in _followers(connection, catalogue, school_id, now):
            told[person.email, person.language] = told.get((person.email, person.language), 0) + count
    for (email, language), count in told.items():
        gathering.tell(connection, "completion_published", email, language, now, facts={"count": count})


def tell_of_correction(connection: Connection, catalogue: Catalogue, completion_id: int, enrolment: Enrolment, now: datetime) -> None:
    """Tell those who follow the home school's students that a completion has been corrected."""
    for person in _followers(connection, catalogue, enrolment.home_school_id, now):
        facts = {"completion": completion_id, "enrolment": enrolment.id}
        gathering.tell(connection, "completion_corrected", person.email, person.language, now, facts=facts)


def tell_of_query(connection: Connection, catalogue: Catalogue, completion_id: int, enrolment: Enrolment, now: datetime) -> None:
    """Ask the offering school's coordinators, and the teachers of the course, to answer; all its teachers where none is named."""
    here = course_teacher.c.course_id == enrolment.course_id
    named = set(connection.execute(select(course_teacher.c.email).where(here)).scalars())
    for person in people_with(connection, catalogue, TEACHERS, enrolment.offering_school_id, now):
        if not named or person.email in named or person.roles_in(enrolment.offering_school_id) & COORDINATORS:
            facts = {"completion": completion_id}
            gathering.tell(connection, "completion_queried", person.email, person.language, now, facts=facts)


def tell_of_reply(connection: Connection, catalogue: Catalogue, completion_id: int, enrolment: Enrolment, now: datetime) -> None:
    """Tell those who follow the home school's students that their query has been answered."""
    for person in _followers(connection, catalogue, enrolment.home_school_id, now):
        facts = {"completion": completion_id, "enrolment": enrolment.id}
        outbox.post(connection, "completion_replied", person.email, person.language, now, facts=facts)


def tell_of_run(
    connection: Connection, catalogue: Catalogue, course_id: CourseId, offering_id: OfferingId, state: str, students: int, now: datetime
) -> None:
    """Tell the offering school's coordinators what became of a run: confirmed, lapsed or cancelled; `students`: how many it concerns."""
    facts: dict[str, int | str] = {"course": course_id, "offering": offering_id, "state": state, "students": students}
    for person in people_with(connection, catalogue, COORDINATORS, course_id.split("/")[0], now):
        outbox.post(connection, "run_decided", person.email, person.language, now, facts=facts)


def _live_links(connection: Connection, kind: str, whose: ColumnElement[bool], now: datetime) -> int:
    """How many unused links that sign in have been mailed, and will go on opening for a while."""
    mailed = outbox_table.join(link, outbox_table.c.link_id == link.c.id)
    live = (outbox_table.c.kind == kind) & link.c.used_at.is_(None) & (link.c.expires_at > now + STILL_LIVES)
    return connection.execute(select(func.count()).select_from(mailed).where(live, whose)).scalar_one()


def _followers(connection: Connection, catalogue: Catalogue, school_id: SchoolId, now: datetime) -> tuple[Staff, ...]:
    """The contact persons and the office of a home school; everybody who may see its students where it has neither."""
    found = people_with(connection, catalogue, FOLLOWERS, school_id, now)
    return found or people_with(connection, catalogue, CARERS, school_id, now)
