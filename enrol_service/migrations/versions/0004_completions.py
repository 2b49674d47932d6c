"""Completions, their grades and what the home school answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table in an order in which each finds those it refers to."""
    _completion()
    _grade()
    _completion_answer()


def _completion() -> None:
    op.create_table(
        "completion",
        Column("id", sa.Integer(), nullable=False),
        Column("enrolment_id", sa.Integer(), nullable=False),
        Column("version", sa.Integer(), nullable=False),
        Column("state", sa.String(length=16), nullable=False),
        Column("mark", sa.String(length=1), server_default="", nullable=False),
        Column("missing", sa.String(length=500), server_default="", nullable=False),
        Column("reason", sa.String(length=500), server_default="", nullable=False),
        Column("assessed_on", sa.Date()),
        Column("written_at", INSTANT, nullable=False),
        Column("written_by_id", sa.Integer(), nullable=False),
        Column("published_at", INSTANT),
        Column("published_by_id", sa.Integer()),
        sa.CheckConstraint("mark IN ('', 'T', 'K')", name=op.f("ck_completion_mark")),
        sa.CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name=op.f("ck_completion_published_has_moment")),
        sa.CheckConstraint("state IN ('draft', 'published')", name=op.f("ck_completion_state")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_completion_enrolment_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["account.id"], name=op.f("fk_completion_published_by_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["account.id"], name=op.f("fk_completion_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion")),
        sa.UniqueConstraint("enrolment_id", "version", name=op.f("uq_completion_enrolment_id_version")),
    )


def _grade() -> None:
    op.create_table(
        "grade",
        Column("completion_id", sa.Integer(), nullable=False),
        Column("subject_id", sa.String(length=20), nullable=False),
        Column("grade", sa.String(length=2), nullable=False),
        Column("credits", sa.Integer(), nullable=False),
        Column("modules", sa.JSON(), nullable=False),
        sa.CheckConstraint("grade IN ('10', '4', '5', '6', '7', '8', '9', 'H', 'O', 'S')", name=op.f("ck_grade_grade")),
        sa.ForeignKeyConstraint(["completion_id"], ["completion.id"], name=op.f("fk_grade_completion_id")),
        sa.PrimaryKeyConstraint("completion_id", "subject_id", name=op.f("pk_grade")),
    )


def _completion_answer() -> None:
    op.create_table(
        "completion_answer",
        Column("id", sa.Integer(), nullable=False),
        Column("completion_id", sa.Integer(), nullable=False),
        Column("kind", sa.String(length=16), nullable=False),
        Column("text", sa.String(length=1000), server_default="", nullable=False),
        Column("at", INSTANT, nullable=False),
        Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('acknowledged', 'queried', 'replied')", name=op.f("ck_completion_answer_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_completion_answer_by_id")),
        sa.ForeignKeyConstraint(["completion_id"], ["completion.id"], name=op.f("fk_completion_answer_completion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_answer")),
    )
    op.create_index("ix_completion_answer_completion", "completion_answer", ["completion_id"], unique=False)
