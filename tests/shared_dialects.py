"""What SQLAlchemy compiles for one test is there for the tests after it.

A program opens its database once and compiles each statement once. The tests open thousands, and
would spend a third of their time on compiling the same statements again.
"""

from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from services.postgres_dialect import UnitsDialect
from services.sqlite_database import _UnitsDialect

STATEMENTS = 10_000
"""How many are kept for a dialect."""


class _OneForAll(type):
    """Makes one dialect for all engines that want it with the same settings."""

    def __init__(cls, *parts: Any) -> None:
        super().__init__(*parts)
        cls.made: dict[frozenset[tuple[str, Any]], Any] = {}

    def __call__(cls, *none: Any, **settings: Any) -> Any:
        key = frozenset(settings.items())
        if key not in cls.made:
            cls.made[key] = super().__call__(*none, **settings)
        return cls.made[key]


class _Shared(DefaultDialect, metaclass=_OneForAll):
    """Dialect with the statements that it has compiled."""

    supports_statement_cache = True

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.statements: LRUCache[Any, Any] = LRUCache(STATEMENTS)
        self._knows_server = False

    def initialize(self, connection: Connection) -> None:
        """Ask for the server's version and the like, unless that is known: they have one server."""
        if not self._knows_server:
            super().initialize(connection)
            self._knows_server = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Called by SQLAlchemy for each engine; those for `async` have dialects of their own."""
        if isinstance(engine.dialect, cls):
            engine._compiled_cache = engine.dialect.statements


class Sqlite(_Shared, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class Units(_Shared, _UnitsDialect):
    supports_statement_cache = True


class Postgresql(_Shared, PGDialect_psycopg):
    supports_statement_cache = True


class PostgresqlUnits(_Shared, UnitsDialect):
    supports_statement_cache = True


def share() -> None:
    """From now on, engines have these dialects."""
    for name, dialect in (
        ("sqlite", Sqlite),
        ("sqlite.units", Units),
        ("postgresql.psycopg", Postgresql),
        ("postgresql.units", PostgresqlUnits),
    ):
        registry.register(name, __name__, dialect.__name__)
