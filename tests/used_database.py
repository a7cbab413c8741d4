"""A PostgreSQL database that a test has used, and how it becomes a fresh one again."""

from dataclasses import dataclass, field
from typing import Any

import psycopg

MOST_USES = 50
"""Tests that use a database: what they delete goes on taking space in it."""

_TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""
_FORM = """
SELECT
    (SELECT count(*) FROM pg_attribute WHERE attrelid >= 16384 AND NOT attisdropped),
    (SELECT sum(oid::bigint) FROM pg_class WHERE oid >= 16384),
    (SELECT sum(oid::bigint) FROM pg_constraint WHERE oid >= 16384),
    (SELECT sum(oid::bigint) FROM pg_trigger),
    (SELECT sum(oid::bigint) FROM pg_proc WHERE oid >= 16384),
    (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384),
    (SELECT count(*) FROM pg_db_role_setting),
    (SELECT version_num FROM alembic_version)
"""
"""What changes where somebody changes a table, a trigger, a function, a setting or the schema's
version, or lets tables be analyzed.
"""
_END_OTHERS = """
SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_START_AGAIN = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"


@dataclass
class UsedDatabase:
    """A database with a connection that stays, on which foreign keys are not looked at."""

    name: str
    connection: psycopg.Connection[Any]
    uses: int = 0
    form: Any = field(init=False)
    filled: str = field(init=False)
    """Statement that names the tables that have rows."""

    def __post_init__(self) -> None:
        self._all("SET session_replication_role = replica")
        tables = [row[0] for row in self._all(_TABLES)]
        asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
        self.filled = " UNION ALL ".join(asked)
        self.form = self._all(_FORM)

    def is_emptied(self) -> bool:
        """Delete every row and let every number begin again; return whether it is as it was."""
        self.uses += 1
        if self.uses == MOST_USES:
            return False
        try:
            self._all(_END_OTHERS)
            if self._all(_FORM) != self.form:
                return False
            for (table,) in self._all(self.filled):
                self.connection.execute(f"DELETE FROM {table}".encode())
            self._all(_START_AGAIN)
        except psycopg.Error:
            return False
        return True

    def _all(self, statement: str) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(statement.encode(), prepare=True)
        return cursor.fetchall() if cursor.description else []
