"""Indexes for what every tick and every mail asks: lines and offers, mails to one address, commitments under an authorisation."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes. PostgreSQL lets readers go on meanwhile."""
    op.create_index("ix_enrolment_state", "enrolment", ["state", "course_id", "offering_id"], unique=False)
    op.create_index("ix_commitment_authorisation", "commitment", ["authorisation_id"], unique=False)
    op.create_index("ix_outbox_receiver", "outbox", ["to_email", "kind", "created_at"], unique=False)
