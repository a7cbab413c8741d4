"""Alembic's environment: running revisions, and comparing them with `models` for new ones.

`services.schema` runs revisions over its own connection, in one transaction. Without one, as when a
revision is written by hand, the settings' database is used.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import models
from models.columns import UtcDateTime, Word
from services.schema import exclusive_connection
from services.settings import load_settings

assert models.__all__, "importing the package registers its tables"  # noqa: S101


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain ones, so that a revision does not change with the program."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Word):
        return "sa.String(length=32)"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


def run(connection: Connection) -> None:
    """Run Alembic's command over `connection`, in its transaction."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with exclusive_connection(load_settings().database_url) as connection:
        run(connection)
