"""PostgreSQL with a cursor for prepared statements on each connection (`services.postgres_cursor`).

Transactions end by that cursor. Before any other statement it sends what it has kept waiting.
"""

from typing import Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from services.postgres_cursor import PostgresCursor


class UnitsDialect(PGDialect_psycopg):
    """Dialect for units of work."""

    supports_statement_cache = True

    def on_connect(self) -> Any:
        set_up = super().on_connect()  # type: ignore[no-untyped-call]

        def connected(connection: Any) -> None:
            set_up(connection)
            connection.kept_cursor = PostgresCursor(connection)

        return connected

    @staticmethod
    def kept_cursor(connection: Any) -> PostgresCursor:
        """The cursor that a connection of the driver's keeps."""
        kept: PostgresCursor = connection.kept_cursor
        return kept

    def do_commit(self, dbapi_connection: Any) -> None:
        self.kept_cursor(dbapi_connection).commit()

    def do_rollback(self, dbapi_connection: Any) -> None:
        self.kept_cursor(dbapi_connection).rollback()

    def do_execute(self, cursor: Any, *given: Any, **more: Any) -> None:
        self.kept_cursor(cursor.connection).settle()
        super().do_execute(cursor, *given, **more)  # type: ignore[no-untyped-call]

    def do_executemany(self, cursor: Any, *given: Any, **more: Any) -> None:
        self.kept_cursor(cursor.connection).settle()
        super().do_executemany(cursor, *given, **more)  # type: ignore[no-untyped-call]
