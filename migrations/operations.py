"""Operations that several revisions use. Their meaning must never change."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def is_sqlite() -> bool:
    """Whether the revision runs on SQLite rather than PostgreSQL."""
    return op.get_bind().dialect.name == "sqlite"


def partial_index(
    name: str, table: str, columns: Sequence[str], where: str, *, unique: bool = False
) -> None:
    """Create an index of the rows for which `where` holds, on both engines."""
    condition = sa.text(where)
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def allow_kinds(*kinds: str) -> None:
    """Let the outbox hold only these kinds of messages."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("outbox_message") as table:
        table.drop_constraint("kind_known", type_="check")
        table.create_check_constraint("kind_known", f"kind IN ({listed})")
