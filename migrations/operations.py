"""Operations that several revisions use. What is here must keep its meaning for good."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def is_sqlite() -> bool:
    """Whether the revision runs on SQLite; else it is PostgreSQL."""
    return op.get_bind().dialect.name == "sqlite"


def partial_index(
    name: str, table: str, columns: Sequence[str], where: str, *, unique: bool = False
) -> None:
    """An index of the rows for which `where` holds, on both engines."""
    condition = sa.text(where)
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )
