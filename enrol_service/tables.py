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
GUEST_STATES = ("applied", "admitted", "refused")
RUN_STATES = ("confirmed", "lapsed", "cancelled")
CHANGE_KINDS = ("leave_free", "move")
CHANGE_STATES = ("asked", "accepted", "refused", "withdrawn")
COMPLETION_STATES = ("draft", "published")
COMPLETION_ANSWERS = ("acknowledged", "queried", "replied")
GRADES = ("4", "5", "6", "7", "8", "9", "10", "S", "H", "O")  # arviointiasteikkoyleissivistava

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
    Column("queue_number", Integer),  # the order in the waiting list of the offering; null = never queued
    Column("offer_until_at", Instant),  # until when the seat is kept for the student's answer; null = never offered
    Column("first_contact_on", Date),  # when the studies began; null = not yet
    Column("enrolled_by_id", ForeignKey("account.id")),  # the person of the home school who enrolled the student; null = the student
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
Index("ix_enrolment_state", enrolment.c.state, enrolment.c.course_id, enrolment.c.offering_id)  # the lines and offers of every tick

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

deputy = Table(
    "deputy",  # a person who has another's roles in a school for a time
    metadata,
    Column("id", Integer, primary_key=True),
    Column("school_id", String(100), nullable=False),
    Column("email", String(254), nullable=False),  # lower case; whose roles
    Column("deputy_email", String(254), nullable=False),  # lower case; who has them for the time
    Column("deputy_name", String(200), nullable=False),
    Column("language", String(8), nullable=False),  # the deputy's
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),  # the last day
    Column("created_at", Instant, nullable=False),
    Column("created_by_id", ForeignKey("account.id"), nullable=False),
    Column("ended_at", Instant),  # ended sooner
    CheckConstraint("from_on <= until_on", name="days"),
)
Index("ix_deputy_deputy_email", deputy.c.deputy_email)

identity = Table(
    "identity",  # a person as an OpenID provider knows it; signs in as `email` once a mailed link has proved that both are one
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issuer", String(300), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("email", String(254), nullable=False),  # lower case; the account's
    Column("created_at", Instant, nullable=False),
    Column("proved_at", Instant),  # null = waits for the mailed link
    Column("used_at", Instant),  # last sign-in
    UniqueConstraint("issuer", "subject"),
)

guest_school = Table(
    "guest_school",  # a school outside the content, typed by somebody who enrolled; the network admits it once
    metadata,
    Column("id", Integer, primary_key=True),
    Column("school_id", String(100), nullable=False),  # guest-<id>
    Column("state", String(16), nullable=False),
    Column("name", String(120), nullable=False),
    Column("place", String(80), nullable=False, server_default=""),
    Column("business_id", String(20), nullable=False, server_default=""),  # the education provider's, once the network knows it
    Column("contact_name", String(120), nullable=False, server_default=""),
    Column("contact_email", String(254), nullable=False),  # lower case
    Column("language", String(8), nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by_id", ForeignKey("account.id")),
    Column("reason", String(500), nullable=False, server_default=""),  # why it was not admitted; told to the student
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("school_id"),
    CheckConstraint(one_of("state", GUEST_STATES), name="state"),
)

authorisation = Table(
    "authorisation",  # a payer lets requests commit by themselves, within a budget and a quota
    metadata,
    Column("id", Integer, primary_key=True),
    Column("school_id", String(100), nullable=False),
    Column("budget_cents", Integer, nullable=False),
    Column("currency", String(3), nullable=False),  # ISO 4217
    Column("per_student", Integer, nullable=False),  # courses of one student at most
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),  # the last day
    Column("given_at", Instant, nullable=False),
    Column("given_by_id", ForeignKey("account.id"), nullable=False),
    Column("ended_at", Instant),  # taken back; what was committed stays
    CheckConstraint("budget_cents >= 0", name="budget_cents"),
    CheckConstraint("per_student >= 1", name="per_student"),
    CheckConstraint("from_on <= until_on", name="days"),
)
Index("ix_authorisation_school", authorisation.c.school_id)

api_token = Table(
    "api_token",  # a school's key to the JSON API
    metadata,
    Column("id", Integer, primary_key=True),
    Column("school_id", String(100), nullable=False),
    Column("name", String(100), nullable=False),  # what it is for
    Column("digest", String(64), nullable=False),  # SHA-256 of the token, hexadecimal
    Column("scopes", JSON, nullable=False),  # names of permissions.ACTS
    Column("created_at", Instant, nullable=False),
    Column("created_by_id", ForeignKey("account.id"), nullable=False),  # acts in this person's name and never may more
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),  # last use, to the hour
    Column("ended_at", Instant),
    UniqueConstraint("digest"),
)

api_answer = Table(
    "api_answer",  # the answer to a request with an Idempotency-Key, given again when the request comes again
    metadata,
    Column("token_id", ForeignKey("api_token.id"), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("request_digest", String(64), nullable=False),  # SHA-256 of method, path and body, hexadecimal
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

course_teacher = Table(
    "course_teacher",  # who teaches a course: teachers see the courses given to them, and those given to nobody
    metadata,
    Column("course_id", String(200), primary_key=True),
    Column("email", String(254), primary_key=True),  # lower case
    Column("school_id", String(100), nullable=False),
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
    Column("authorisation_id", ForeignKey("authorisation.id")),  # the standing authorisation under which it was given
    Column("reminded_at", Instant),  # the home school has been reminded
    Column("escalated_at", Instant),  # the home school's second address has been asked
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
Index("ix_commitment_authorisation", commitment.c.authorisation_id)

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
    Column("token_id", ForeignKey("api_token.id")),  # it came by the API with this token
    Column("facts", JSON, nullable=False),  # nothing personal
    CheckConstraint(one_of("noun", ("enrolment", "commitment")), name="noun"),
    CheckConstraint(one_of("actor_kind", ACTOR_KINDS), name="actor_kind"),
)
Index("ix_event_enrolment", event.c.enrolment_id, event.c.id)

act = Table(
    "act",  # what people did beside the steps of enrolments; append-only: a trigger refuses to change or delete a row
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("name", String(32), nullable=False),  # of permissions.ACTS
    Column("school_id", String(100), nullable=False),  # accounts.NETWORK for the network itself
    Column("account_id", ForeignKey("account.id")),  # null = the service
    Column("token_id", ForeignKey("api_token.id")),  # it came by the API with this token
    Column("facts", JSON, nullable=False),  # nothing personal
)
Index("ix_act_school", act.c.school_id, act.c.id)

run = Table(
    "run",  # what has been decided about an offering beside the content; no row = nothing yet
    metadata,
    Column("course_id", String(200), primary_key=True),
    Column("offering_id", String(100), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by_id", ForeignKey("account.id")),  # null = the service, on the day of decision
    Column("reason", String(500), nullable=False, server_default=""),  # of a cancellation, as told to everybody
    CheckConstraint(one_of("state", RUN_STATES), name="state"),
)

change = Table(
    "change",  # a late change that one side asks of the other
    metadata,
    Column("id", Integer, primary_key=True),
    Column("enrolment_id", ForeignKey("enrolment.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("to_offering_id", String(100)),  # of a move
    Column("text", String(1000), nullable=False),  # why. Personal
    Column("asked_at", Instant, nullable=False),
    Column("asked_by_kind", String(16), nullable=False),
    Column("asked_by_id", ForeignKey("account.id")),  # null = the student
    Column("answered_at", Instant),
    Column("answered_by_id", ForeignKey("account.id")),
    Column("answer", String(1000), nullable=False, server_default=""),  # what the answer said. Personal
    CheckConstraint(one_of("kind", CHANGE_KINDS), name="kind"),
    CheckConstraint(one_of("state", CHANGE_STATES), name="state"),
)
Index(
    "uq_change_asked",  # one open request for each enrolment
    change.c.enrolment_id,
    unique=True,
    sqlite_where=change.c.state == "asked",
    postgresql_where=change.c.state == "asked",
)

completion = Table(
    "completion",  # what the teacher says of one student's studies; each correction is a new version
    metadata,
    Column("id", Integer, primary_key=True),
    Column("enrolment_id", ForeignKey("enrolment.id"), nullable=False),
    Column("version", Integer, nullable=False),  # from 1
    Column("state", String(16), nullable=False),
    Column("mark", String(1), nullable=False, server_default=""),  # T in progress, K interrupted; empty = grades
    Column("missing", String(500), nullable=False, server_default=""),  # what is missing, of a T. Personal
    Column("reason", String(500), nullable=False, server_default=""),  # why it was corrected. Personal
    Column("assessed_on", Date),
    Column("written_at", Instant, nullable=False),
    Column("written_by_id", ForeignKey("account.id"), nullable=False),
    Column("published_at", Instant),
    Column("published_by_id", ForeignKey("account.id")),
    UniqueConstraint("enrolment_id", "version"),
    CheckConstraint(one_of("state", COMPLETION_STATES), name="state"),
    CheckConstraint("mark IN ('', 'T', 'K')", name="mark"),
    CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_has_moment"),
)

grade = Table(
    "grade",  # one per subject of the course
    metadata,
    Column("completion_id", ForeignKey("completion.id"), primary_key=True),
    Column("subject_id", String(20), primary_key=True),
    Column("grade", String(2), nullable=False),  # 4 to 10, S, H, O
    Column("credits", Integer, nullable=False),  # whole
    Column("modules", JSON, nullable=False),  # national codes
    CheckConstraint(one_of("grade", GRADES), name="grade"),
)

completion_answer = Table(
    "completion_answer",  # the home school acknowledges or queries a published completion; the offering school replies
    metadata,
    Column("id", Integer, primary_key=True),
    Column("completion_id", ForeignKey("completion.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", String(1000), nullable=False, server_default=""),  # Personal
    Column("at", Instant, nullable=False),
    Column("by_id", ForeignKey("account.id"), nullable=False),
    CheckConstraint(one_of("kind", COMPLETION_ANSWERS), name="kind"),
)
Index("ix_completion_answer_completion", completion_answer.c.completion_id)

message = Table(
    "message",  # written by the offering school to the participants of a run; each gets a mail of their own
    metadata,
    Column("id", Integer, primary_key=True),
    Column("course_id", String(200), nullable=False),
    Column("offering_id", String(100), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("body", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("sent_by_id", ForeignKey("account.id"), nullable=False),
    Column("receivers", Integer, nullable=False),
)
Index("ix_message_run", message.c.course_id, message.c.offering_id)

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
    Column("identity_id", ForeignKey("identity.id")),  # sign-in only: the identity that opening the link proves to be the reader's
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
    Column("used_at", Instant),  # last use, to some minutes; null = not since it began
)
Index("ix_staff_session_email", staff_session.c.email)

outbox = Table(
    "outbox",  # mails decided in the transaction that caused them, sent later by a worker
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),  # of mails.KINDS
    Column("to_email", String(254), nullable=False),
    Column("language", String(8), nullable=False),
    Column("enrolment_id", ForeignKey("enrolment.id")),
    Column("link_id", ForeignKey("link.id")),  # the link in the mail is made when it is sent
    Column("facts", JSON, nullable=False, server_default="{}"),  # what further the mail tells of; nothing personal
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
Index("ix_outbox_receiver", outbox.c.to_email, outbox.c.kind, outbox.c.created_at)
Index(
    "ix_outbox_waiting",
    outbox.c.next_attempt_at,
    sqlite_where=outbox.c.sent_at.is_(None) & outbox.c.parked_at.is_(None),
    postgresql_where=outbox.c.sent_at.is_(None) & outbox.c.parked_at.is_(None),
)
