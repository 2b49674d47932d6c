"""The schools' people and what they may do: deputies, identities, guest schools, standing authorisations, keys to the API."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

ADDED = (
    ("enrolment", Column("offer_until_at", INSTANT)),
    ("enrolment", Column("first_contact_on", sa.Date())),
    ("enrolment", Column("enrolled_by_id", sa.Integer(), sa.ForeignKey("account.id"))),
    ("commitment", Column("authorisation_id", sa.Integer(), sa.ForeignKey("authorisation.id"))),
    ("commitment", Column("reminded_at", INSTANT)),
    ("commitment", Column("escalated_at", INSTANT)),
    ("event", Column("token_id", sa.Integer(), sa.ForeignKey("api_token.id"))),
    ("link", Column("identity_id", sa.Integer(), sa.ForeignKey("identity.id"))),
    ("outbox", Column("facts", sa.JSON(), server_default="{}", nullable=False)),
    ("staff_session", Column("used_at", INSTANT)),
)

REFUSE_SQLITE = """
CREATE TRIGGER act_{verb} BEFORE {verb} ON act
BEGIN SELECT RAISE(ABORT, 'an act is never changed or deleted'); END
"""
REFUSE_POSTGRESQL = """
CREATE FUNCTION act_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an act is never changed or deleted'; END $$;
CREATE TRIGGER act_stays BEFORE UPDATE OR DELETE ON act FOR EACH ROW EXECUTE FUNCTION act_stays();
CREATE TRIGGER act_stays_whole BEFORE TRUNCATE ON act FOR EACH STATEMENT EXECUTE FUNCTION act_stays();
"""


def upgrade() -> None:
    """Make every table in an order in which each finds those it refers to."""
    _course_teacher()
    _identity()
    _api_token()
    _authorisation()
    _deputy()
    _guest_school()
    _act()
    _api_answer()
    for table, column in ADDED:
        op.add_column(table, column, inline_references=True)
    op.create_index("ix_staff_session_email", "staff_session", ["email"], unique=False)
    _act_stays()


def _course_teacher() -> None:
    op.create_table(
        "course_teacher",
        Column("course_id", sa.String(length=200), nullable=False),
        Column("email", sa.String(length=254), nullable=False),
        Column("school_id", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("course_id", "email", name=op.f("pk_course_teacher")),
    )


def _identity() -> None:
    op.create_table(
        "identity",
        Column("id", sa.Integer(), nullable=False),
        Column("issuer", sa.String(length=300), nullable=False),
        Column("subject", sa.String(length=300), nullable=False),
        Column("email", sa.String(length=254), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        Column("proved_at", INSTANT),
        Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identity_issuer_subject")),
    )


def _api_token() -> None:
    op.create_table(
        "api_token",
        Column("id", sa.Integer(), nullable=False),
        Column("school_id", sa.String(length=100), nullable=False),
        Column("name", sa.String(length=100), nullable=False),
        Column("digest", sa.String(length=64), nullable=False),
        Column("scopes", sa.JSON(), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        Column("created_by_id", sa.Integer(), nullable=False),
        Column("expires_at", INSTANT, nullable=False),
        Column("used_at", INSTANT),
        Column("ended_at", INSTANT),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_api_token_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )


def _authorisation() -> None:
    op.create_table(
        "authorisation",
        Column("id", sa.Integer(), nullable=False),
        Column("school_id", sa.String(length=100), nullable=False),
        Column("budget_cents", sa.Integer(), nullable=False),
        Column("currency", sa.String(length=3), nullable=False),
        Column("per_student", sa.Integer(), nullable=False),
        Column("from_on", sa.Date(), nullable=False),
        Column("until_on", sa.Date(), nullable=False),
        Column("given_at", INSTANT, nullable=False),
        Column("given_by_id", sa.Integer(), nullable=False),
        Column("ended_at", INSTANT),
        sa.CheckConstraint("budget_cents >= 0", name=op.f("ck_authorisation_budget_cents")),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_authorisation_days")),
        sa.CheckConstraint("per_student >= 1", name=op.f("ck_authorisation_per_student")),
        sa.ForeignKeyConstraint(["given_by_id"], ["account.id"], name=op.f("fk_authorisation_given_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation")),
    )
    op.create_index("ix_authorisation_school", "authorisation", ["school_id"], unique=False)


def _deputy() -> None:
    op.create_table(
        "deputy",
        Column("id", sa.Integer(), nullable=False),
        Column("school_id", sa.String(length=100), nullable=False),
        Column("email", sa.String(length=254), nullable=False),
        Column("deputy_email", sa.String(length=254), nullable=False),
        Column("deputy_name", sa.String(length=200), nullable=False),
        Column("language", sa.String(length=8), nullable=False),
        Column("from_on", sa.Date(), nullable=False),
        Column("until_on", sa.Date(), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        Column("created_by_id", sa.Integer(), nullable=False),
        Column("ended_at", INSTANT),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_deputy_days")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_deputy_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    op.create_index("ix_deputy_deputy_email", "deputy", ["deputy_email"], unique=False)


def _guest_school() -> None:
    op.create_table(
        "guest_school",
        Column("id", sa.Integer(), nullable=False),
        Column("school_id", sa.String(length=100), nullable=False),
        Column("state", sa.String(length=16), nullable=False),
        Column("name", sa.String(length=120), nullable=False),
        Column("place", sa.String(length=80), server_default="", nullable=False),
        Column("business_id", sa.String(length=20), server_default="", nullable=False),
        Column("contact_name", sa.String(length=120), server_default="", nullable=False),
        Column("contact_email", sa.String(length=254), nullable=False),
        Column("language", sa.String(length=8), nullable=False),
        Column("applied_at", INSTANT, nullable=False),
        Column("decided_at", INSTANT),
        Column("decided_by_id", sa.Integer()),
        Column("reason", sa.String(length=500), server_default="", nullable=False),
        Column("changed_at", INSTANT, nullable=False),
        sa.CheckConstraint("state IN ('admitted', 'applied', 'refused')", name=op.f("ck_guest_school_state")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_guest_school_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_school")),
        sa.UniqueConstraint("school_id", name=op.f("uq_guest_school_school_id")),
    )


def _act() -> None:
    op.create_table(
        "act",
        Column("id", sa.Integer(), nullable=False),
        Column("at", INSTANT, nullable=False),
        Column("name", sa.String(length=32), nullable=False),
        Column("school_id", sa.String(length=100), nullable=False),
        Column("account_id", sa.Integer()),
        Column("token_id", sa.Integer()),
        Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_act_account_id")),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_act_token_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.create_index("ix_act_school", "act", ["school_id", "id"], unique=False)


def _api_answer() -> None:
    op.create_table(
        "api_answer",
        Column("token_id", sa.Integer(), nullable=False),
        Column("key", sa.String(length=100), nullable=False),
        Column("request_digest", sa.String(length=64), nullable=False),
        Column("status", sa.Integer(), nullable=False),
        Column("body", sa.Text(), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_api_answer_token_id")),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_api_answer")),
    )


def _act_stays() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(REFUSE_SQLITE.format(verb=verb))
    else:
        op.execute(REFUSE_POSTGRESQL)
