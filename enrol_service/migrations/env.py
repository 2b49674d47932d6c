"""Run by Alembic, always on a connection that `database.migrate` has opened: there is no alembic.ini."""

from __future__ import annotations

from alembic import context

from enrol_service.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    transactional_ddl=False,  # the transaction is the caller's
)
context.run_migrations()
