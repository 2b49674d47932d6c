"""Runs that are decided beside the content, late changes and messages to participants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table in an order in which each finds those it refers to."""
    _run()
    _change()
    _message()


def _run() -> None:
    op.create_table(
        "run",
        Column("course_id", sa.String(length=200), nullable=False),
        Column("offering_id", sa.String(length=100), nullable=False),
        Column("state", sa.String(length=16), nullable=False),
        Column("at", INSTANT, nullable=False),
        Column("by_id", sa.Integer()),
        Column("reason", sa.String(length=500), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('cancelled', 'confirmed', 'lapsed')", name=op.f("ck_run_state")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_run_by_id")),
        sa.PrimaryKeyConstraint("course_id", "offering_id", name=op.f("pk_run")),
    )


def _change() -> None:
    op.create_table(
        "change",
        Column("id", sa.Integer(), nullable=False),
        Column("enrolment_id", sa.Integer(), nullable=False),
        Column("kind", sa.String(length=16), nullable=False),
        Column("state", sa.String(length=16), nullable=False),
        Column("to_offering_id", sa.String(length=100)),
        Column("text", sa.String(length=1000), nullable=False),
        Column("asked_at", INSTANT, nullable=False),
        Column("asked_by_kind", sa.String(length=16), nullable=False),
        Column("asked_by_id", sa.Integer()),
        Column("answered_at", INSTANT),
        Column("answered_by_id", sa.Integer()),
        Column("answer", sa.String(length=1000), server_default="", nullable=False),
        sa.CheckConstraint("kind IN ('leave_free', 'move')", name=op.f("ck_change_kind")),
        sa.CheckConstraint("state IN ('accepted', 'asked', 'refused', 'withdrawn')", name=op.f("ck_change_state")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name=op.f("fk_change_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_change_asked_by_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_change_enrolment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(
        "uq_change_asked",
        "change",
        ["enrolment_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def _message() -> None:
    op.create_table(
        "message",
        Column("id", sa.Integer(), nullable=False),
        Column("course_id", sa.String(length=200), nullable=False),
        Column("offering_id", sa.String(length=100), nullable=False),
        Column("subject", sa.String(length=120), nullable=False),
        Column("body", sa.Text(), nullable=False),
        Column("sent_at", INSTANT, nullable=False),
        Column("sent_by_id", sa.Integer(), nullable=False),
        Column("receivers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sent_by_id"], ["account.id"], name=op.f("fk_message_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_run", "message", ["course_id", "offering_id"], unique=False)
