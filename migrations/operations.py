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


def seal(table: str) -> None:
    """Create triggers that refuse to change or delete rows of a table.

    A later revision that recreates the table on SQLite drops the triggers, and has to create them
    again. PostgreSQL's function, which every sealed table shares, stays when a table is dropped.
    """
    if is_sqlite():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change_of_sealed_row() RETURNS trigger "
        "LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_sealed_row()"
    )
