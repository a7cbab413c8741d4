"""PostgreSQL whose transactions end by libpq's own call, as its prepared statements are run.

psycopg's `commit` and `rollback` compete with the other threads for the interpreter several times.
"""

from typing import Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from services.postgres_cursor import end_transaction


class UnitsDialect(PGDialect_psycopg):
    """Dialect for units of work."""

    supports_statement_cache = True

    def do_commit(self, dbapi_connection: Any) -> None:
        end_transaction(dbapi_connection, b"COMMIT")

    def do_rollback(self, dbapi_connection: Any) -> None:
        end_transaction(dbapi_connection, b"ROLLBACK")
