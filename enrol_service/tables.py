"""Every table of the database, each column with its unit or meaning.

`_at` is an aware UTC instant, `_on` a date in the network's time zone, `_cents` whole cents. The database has no clock:
every moment is passed in. The migrations make these tables; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from enrol_service.states import COMMITMENT, ENROLMENT, LIVE, ActorKind

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite keeps no time zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(column: str, values: Iterable[str]) -> str:
    """The SQL condition that a column holds one of a closed list."""
    return f"{column} IN ({', '.join(repr(value) for value in sorted(values))})"


ACTOR_KINDS: tuple[ActorKind, ...] = ("student", "home_school", "offering_school", "service")
LINK_PURPOSES = ("student", "decide", "sign_in")

enrolment = Table(
    "enrolment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(16), nullable=False),  # of states.ENROLMENT
    Column("course_id", String(200), nullable=False),  # school/course, as in the catalogue
    Column("offering_id", String(100), nullable=False),
    Column("offering_school_id", String(100), nullable=False),
    Column("home_school_id", String(100), nullable=False),
    # What the student enrolled on, kept for the day when the catalogue no longer has it.
    Column("title", String(300), nullable=False),  # the course's title in the student's language
    Column("starts_on", Date),  # null = non-stop
    Column("ends_on", Date),  # null = non-stop
    Column("queue_number", Integer),  # the order of coming to the waiting list of the offering; null = never queued
    Column("created_at", Instant, nullable=False),
    Column("state_at", Instant, nullable=False),  # when the present state began
    Column("language", String(8), nullable=False),  # of the student's pages and mails
    # The student. Personal.
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False),  # lower case
    Column("group_name", String(60), nullable=False),  # "24B"; empty for courses of teachers
    Column("syllabus", String(20), nullable=False),  # nuoret, aikuiset, ammatillinen, muu; empty for courses of teachers
    Column("learner_id", String(60), nullable=False, server_default=""),  # national learner id, if given
    Column("phone", String(40), nullable=False, server_default=""),
    Column("message", Text, nullable=False, server_default=""),
    Column("protected", Boolean, nullable=False),  # the offering side sees the alias and no home school
    Column("alias", String(40), nullable=False),  # "7K2Q": means nothing
    # The form, so that a double click is one enrolment.
    Column("form_key", String(64)),  # made by the page; null without script
    Column("form_digest", String(64), nullable=False),  # SHA-256 of what was typed, hexadecimal
    CheckConstraint(one_of("state", ENROLMENT.states), name="state"),
    CheckConstraint("state <> 'queued' OR queue_number IS NOT NULL", name="queued_has_number"),
    UniqueConstraint("form_key"),
    UniqueConstraint("course_id", "offering_id", "queue_number"),
)
Index(
    "uq_enrolment_live",  # once: one live enrolment per student and offering
    enrolment.c.course_id,
    enrolment.c.offering_id,
    enrolment.c.email,
    unique=True,
    sqlite_where=enrolment.c.state.in_(sorted(LIVE)),
    postgresql_where=enrolment.c.state.in_(sorted(LIVE)),
)
Index("ix_enrolment_home", enrolment.c.home_school_id, enrolment.c.state)
Index("ix_enrolment_offering", enrolment.c.offering_school_id, enrolment.c.course_id, enrolment.c.offering_id)
Index("ix_enrolment_email", enrolment.c.email)

account = Table(
    "account",  # a person of a school, known to events by number; rights come from the catalogue or from here
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False),  # lower case
    Column("school_id", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("language", String(8), nullable=False),
    Column("roles", String(200), nullable=False),  # joined by commas; empty when the rights come from the catalogue alone
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),  # rights from here ended then
    UniqueConstraint("email", "school_id"),
)

commitment = Table(
    "commitment",  # the home school's promise to pay; stored as shown, never priced again
    metadata,
    Column("id", Integer, primary_key=True),
    Column("enrolment_id", ForeignKey("enrolment.id"), nullable=False),
    Column("state", String(16), nullable=False),  # of states.COMMITMENT
    Column("price_cents", Integer, nullable=False),
    Column("currency", String(3), nullable=False),  # ISO 4217
    Column("buyer", String(16), nullable=False),  # member, outside
    Column("price_rule_id", String(100), nullable=False),
    Column("agreement_id", String(100), nullable=False),
    Column("agreement_digest", String(100), ForeignKey("promise.digest"), nullable=False),
    Column("offering_digest", String(100), ForeignKey("promise.digest"), nullable=False),
    Column("git_commit", String(64)),  # the content's commit; null outside a repository
    Column("text_shown", Text, nullable=False),  # the sentence of price and deadline, in the student's language
    Column("leaving", JSON, nullable=False),  # the price of leaving as promised: rows of leaving.py
    Column("asked_at", Instant, nullable=False),
    Column("answer_by_at", Instant, nullable=False),  # renewed when a queued one gets a seat
    Column("decided_at", Instant),
    Column("decided_by_id", ForeignKey("account.id")),
    Column("refusal_reason_id", String(100)),  # of the agreement's closed list
    Column("charged_cents", Integer),  # owed; null until the price of leaving or of the course is charged
    Column("charged_step_id", String(100)),  # the agreement's step that charged it
    UniqueConstraint("enrolment_id"),
    CheckConstraint(one_of("state", COMMITMENT.states), name="state"),
    CheckConstraint("price_cents >= 0", name="price_cents"),
    CheckConstraint("charged_cents IS NULL OR (charged_cents >= 0 AND charged_cents <= price_cents)", name="charged_cents"),
    CheckConstraint("state <> 'refused' OR refusal_reason_id IS NOT NULL", name="refused_has_reason"),
)
Index("ix_commitment_due", commitment.c.state, commitment.c.answer_by_at)

promise = Table(
    "promise",  # the canonical form of an agreement or an offering, once each; what a digest stands for
    metadata,
    Column("digest", String(100), primary_key=True),  # sha256-jcs:<hexadecimal>
    Column("canonical", Text, nullable=False),  # RFC 8785
    Column("first_at", Instant, nullable=False),
)

event = Table(
    "event",  # append-only: a trigger refuses to change or delete a row
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("enrolment_id", ForeignKey("enrolment.id"), nullable=False),
    Column("noun", String(16), nullable=False),  # enrolment, commitment
    Column("step", String(16), nullable=False),
    Column("from_state", String(16), nullable=False),
    Column("to_state", String(16), nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("actor_id", ForeignKey("account.id")),  # null for students and the service
    Column("facts", JSON, nullable=False),  # nothing personal
    CheckConstraint(one_of("noun", ("enrolment", "commitment")), name="noun"),
    CheckConstraint(one_of("actor_kind", ACTOR_KINDS), name="actor_kind"),
)
Index("ix_event_enrolment", event.c.enrolment_id, event.c.id)

link = Table(
    "link",  # a right to open one page; the address holds the id and a signature that the database does not know
    metadata,
    Column("id", String(32), primary_key=True),  # 96 random bits, base64url
    Column("purpose", String(16), nullable=False),
    Column("enrolment_id", ForeignKey("enrolment.id")),  # null for sign-in
    Column("email", String(254), nullable=False),  # whom it was sent to
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),  # sign-in only: a link signs in once
    CheckConstraint(one_of("purpose", LINK_PURPOSES), name="purpose"),
)
Index("ix_link_enrolment", link.c.enrolment_id)

staff_session = Table(
    "staff_session",
    metadata,
    Column("token_digest", String(64), primary_key=True),  # SHA-256 of the cookie, hexadecimal
    Column("email", String(254), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

outbox = Table(
    "outbox",  # mails decided in the transaction that caused them, sent later by a worker
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),  # of mails.KINDS
    Column("to_email", String(254), nullable=False),
    Column("language", String(8), nullable=False),
    Column("enrolment_id", ForeignKey("enrolment.id")),
    Column("link_id", ForeignKey("link.id")),  # the link in the mail is made when it is sent
    Column("message_id", String(200), nullable=False),  # the same in every attempt, so that a receiver can see a repeat
    Column("created_at", Instant, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("leased_until_at", Instant),  # a worker that died gives the row back then
    Column("sent_at", Instant),
    Column("parked_at", Instant),  # given up, or no longer true; `last_error` says why
    Column("last_error", String(300)),  # no address, no token
    UniqueConstraint("message_id"),
    CheckConstraint("sent_at IS NULL OR parked_at IS NULL", name="sent_or_parked"),
)
Index(
    "ix_outbox_waiting",
    outbox.c.next_attempt_at,
    sqlite_where=outbox.c.sent_at.is_(None) & outbox.c.parked_at.is_(None),
    postgresql_where=outbox.c.sent_at.is_(None) & outbox.c.parked_at.is_(None),
)
