"""The first tables: enrolments, commitments, promises, events, links, sessions and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

REFUSE_SQLITE = """
CREATE TRIGGER event_{verb} BEFORE {verb} ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed or deleted'); END
"""
REFUSE_POSTGRESQL = """
CREATE FUNCTION event_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an event is never changed or deleted'; END $$;
CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_stays();
CREATE TRIGGER event_stays_whole BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION event_stays();
"""


def upgrade() -> None:
    """Make every table in an order in which each finds those it refers to."""
    _account()
    _enrolment()
    _promise()
    _staff_session()
    _commitment()
    _event()
    _link()
    _outbox()
    _event_triggers()


def _event_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(REFUSE_SQLITE.format(verb=verb))
    else:
        op.execute(REFUSE_POSTGRESQL)


def _account() -> None:
    op.create_table(
        "account",
        Column("id", sa.Integer(), nullable=False),
        Column("email", sa.String(length=254), nullable=False),
        Column("school_id", sa.String(length=100), nullable=False),
        Column("name", sa.String(length=200), nullable=False),
        Column("language", sa.String(length=8), nullable=False),
        Column("roles", sa.String(length=200), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", "school_id", name="uq_account_email_school_id"),
    )


def _enrolment() -> None:
    op.create_table(
        "enrolment",
        Column("id", sa.Integer(), nullable=False),
        Column("state", sa.String(length=16), nullable=False),
        Column("course_id", sa.String(length=200), nullable=False),
        Column("offering_id", sa.String(length=100), nullable=False),
        Column("offering_school_id", sa.String(length=100), nullable=False),
        Column("home_school_id", sa.String(length=100), nullable=False),
        Column("title", sa.String(length=300), nullable=False),
        Column("starts_on", sa.Date()),
        Column("ends_on", sa.Date()),
        Column("queue_number", sa.Integer()),
        Column("created_at", INSTANT, nullable=False),
        Column("state_at", INSTANT, nullable=False),
        Column("language", sa.String(length=8), nullable=False),
        Column("name", sa.String(length=200), nullable=False),
        Column("email", sa.String(length=254), nullable=False),
        Column("group_name", sa.String(length=60), nullable=False),
        Column("syllabus", sa.String(length=20), nullable=False),
        Column("learner_id", sa.String(length=60), server_default="", nullable=False),
        Column("phone", sa.String(length=40), server_default="", nullable=False),
        Column("message", sa.Text(), server_default="", nullable=False),
        Column("protected", sa.Boolean(), nullable=False),
        Column("alias", sa.String(length=40), nullable=False),
        Column("form_key", sa.String(length=64)),
        Column("form_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("state <> 'queued' OR queue_number IS NOT NULL", name=op.f("ck_enrolment_queued_has_number")),
        sa.CheckConstraint(
            "state IN ('active', 'cancelled', 'completed', 'expired', 'failed', 'interrupted', "
            "'no_show', 'offered', 'placed', 'queued', 'refused', 'requested', 'withdrawn')",
            name=op.f("ck_enrolment_state"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
        sa.UniqueConstraint("course_id", "offering_id", "queue_number", name="uq_enrolment_course_id_offering_id_queue_number"),
        sa.UniqueConstraint("form_key", name="uq_enrolment_form_key"),
    )
    op.create_index("ix_enrolment_email", "enrolment", ["email"], unique=False)
    op.create_index("ix_enrolment_home", "enrolment", ["home_school_id", "state"], unique=False)
    op.create_index("ix_enrolment_offering", "enrolment", ["offering_school_id", "course_id", "offering_id"], unique=False)
    op.create_index(
        "uq_enrolment_live",
        "enrolment",
        ["course_id", "offering_id", "email"],
        unique=True,
        sqlite_where=sa.text("state IN ('active', 'offered', 'placed', 'queued', 'requested')"),
        postgresql_where=sa.text("state IN ('active', 'offered', 'placed', 'queued', 'requested')"),
    )


def _promise() -> None:
    op.create_table(
        "promise",
        Column("digest", sa.String(length=100), nullable=False),
        Column("canonical", sa.Text(), nullable=False),
        Column("first_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_promise"),
    )


def _staff_session() -> None:
    op.create_table(
        "staff_session",
        Column("token_digest", sa.String(length=64), nullable=False),
        Column("email", sa.String(length=254), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("token_digest", name="pk_staff_session"),
    )


def _commitment() -> None:
    op.create_table(
        "commitment",
        Column("id", sa.Integer(), nullable=False),
        Column("enrolment_id", sa.Integer(), nullable=False),
        Column("state", sa.String(length=16), nullable=False),
        Column("price_cents", sa.Integer(), nullable=False),
        Column("currency", sa.String(length=3), nullable=False),
        Column("buyer", sa.String(length=16), nullable=False),
        Column("price_rule_id", sa.String(length=100), nullable=False),
        Column("agreement_id", sa.String(length=100), nullable=False),
        Column("agreement_digest", sa.String(length=100), nullable=False),
        Column("offering_digest", sa.String(length=100), nullable=False),
        Column("git_commit", sa.String(length=64)),
        Column("text_shown", sa.Text(), nullable=False),
        Column("leaving", sa.JSON(), nullable=False),
        Column("asked_at", INSTANT, nullable=False),
        Column("answer_by_at", INSTANT, nullable=False),
        Column("decided_at", INSTANT),
        Column("decided_by_id", sa.Integer()),
        Column("refusal_reason_id", sa.String(length=100)),
        Column("charged_cents", sa.Integer()),
        Column("charged_step_id", sa.String(length=100)),
        sa.CheckConstraint("state <> 'refused' OR refusal_reason_id IS NOT NULL", name=op.f("ck_commitment_refused_has_reason")),
        sa.CheckConstraint(
            "state IN ('asked', 'charged', 'credited', 'expired', 'given', 'refused', 'released', 'settled')",
            name=op.f("ck_commitment_state"),
        ),
        sa.CheckConstraint(
            "charged_cents IS NULL OR (charged_cents >= 0 AND charged_cents <= price_cents)", name=op.f("ck_commitment_charged_cents")
        ),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_commitment_price_cents")),
        sa.ForeignKeyConstraint(["agreement_digest"], ["promise.digest"], name="fk_commitment_agreement_digest"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name="fk_commitment_decided_by_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_commitment_enrolment_id"),
        sa.ForeignKeyConstraint(["offering_digest"], ["promise.digest"], name="fk_commitment_offering_digest"),
        sa.PrimaryKeyConstraint("id", name="pk_commitment"),
        sa.UniqueConstraint("enrolment_id", name="uq_commitment_enrolment_id"),
    )
    op.create_index("ix_commitment_due", "commitment", ["state", "answer_by_at"], unique=False)


def _event() -> None:
    op.create_table(
        "event",
        Column("id", sa.Integer(), nullable=False),
        Column("at", INSTANT, nullable=False),
        Column("enrolment_id", sa.Integer(), nullable=False),
        Column("noun", sa.String(length=16), nullable=False),
        Column("step", sa.String(length=16), nullable=False),
        Column("from_state", sa.String(length=16), nullable=False),
        Column("to_state", sa.String(length=16), nullable=False),
        Column("actor_kind", sa.String(length=16), nullable=False),
        Column("actor_id", sa.Integer()),
        Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint("actor_kind IN ('home_school', 'offering_school', 'service', 'student')", name=op.f("ck_event_actor_kind")),
        sa.CheckConstraint("noun IN ('commitment', 'enrolment')", name=op.f("ck_event_noun")),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name="fk_event_actor_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_event_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_enrolment", "event", ["enrolment_id", "id"], unique=False)


def _link() -> None:
    op.create_table(
        "link",
        Column("id", sa.String(length=32), nullable=False),
        Column("purpose", sa.String(length=16), nullable=False),
        Column("enrolment_id", sa.Integer()),
        Column("email", sa.String(length=254), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        Column("expires_at", INSTANT, nullable=False),
        Column("used_at", INSTANT),
        sa.CheckConstraint("purpose IN ('decide', 'sign_in', 'student')", name=op.f("ck_link_purpose")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_link_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
    )
    op.create_index("ix_link_enrolment", "link", ["enrolment_id"], unique=False)


def _outbox() -> None:
    op.create_table(
        "outbox",
        Column("id", sa.Integer(), nullable=False),
        Column("kind", sa.String(length=32), nullable=False),
        Column("to_email", sa.String(length=254), nullable=False),
        Column("language", sa.String(length=8), nullable=False),
        Column("enrolment_id", sa.Integer()),
        Column("link_id", sa.String(length=32)),
        Column("message_id", sa.String(length=200), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        Column("next_attempt_at", INSTANT, nullable=False),
        Column("attempts", sa.Integer(), server_default="0", nullable=False),
        Column("leased_until_at", INSTANT),
        Column("sent_at", INSTANT),
        Column("parked_at", INSTANT),
        Column("last_error", sa.String(length=300)),
        sa.CheckConstraint("sent_at IS NULL OR parked_at IS NULL", name=op.f("ck_outbox_sent_or_parked")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_outbox_enrolment_id"),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name="fk_outbox_link_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL AND parked_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND parked_at IS NULL"),
    )
