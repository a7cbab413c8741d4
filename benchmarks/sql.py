"""SQL with the same meaning on SQLite and PostgreSQL, to fill tables without the product."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine


class Filling:
    """Statements for one database; times are minutes from an instant `base`."""

    def __init__(self, url: str, base: datetime) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._base = int(base.timestamp())

    def at(self, minutes: object) -> str:
        """Instant this number of minutes (an SQL expression) after the base."""
        seconds = f"{self._base} + 60 * ({minutes})"
        if self.is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')"
        return f"to_timestamp({seconds})"

    def insert(self, table: str, values: Mapping[str, object], count: int, where: str = "") -> str:
        """INSERT of rows numbered i = 0 ... count - 1.

        Each value is an SQL expression that may use i.
        """
        columns, expressions = ", ".join(values), ", ".join(map(str, values.values()))
        return (
            f"INSERT INTO {table} ({columns}) "
            f"WITH RECURSIVE a(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM a WHERE k < 999), "
            f"n(i) AS (SELECT hi.k * 1000 + lo.k FROM a AS hi CROSS JOIN a AS lo "
            f"WHERE hi.k <= {max(count - 1, 0) // 1000}) "
            f"SELECT {expressions} FROM n WHERE i < {count}" + (f" AND {where}" if where else "")
        )

    async def run(self, statements: Iterable[str]) -> None:
        """Run the statements and commit each one."""
        engine = create_async_engine(self.url)
        try:
            for statement in statements:
                async with engine.begin() as connection:
                    await connection.execute(text(statement.replace(":", "\\:")))
        finally:
            await engine.dispose()

    async def administer(self, *statements: str) -> None:
        """Run statements that must not be part of a transaction."""
        engine = create_async_engine(self.url, isolation_level="AUTOCOMMIT")
        try:
            async with engine.connect() as connection:
                for statement in statements:
                    await connection.execute(text(statement))
        finally:
            await engine.dispose()

    async def one(self, statement: str) -> object:
        """First value of the first row."""
        engine = create_async_engine(self.url)
        try:
            async with engine.connect() as connection:
                return (await connection.execute(text(statement))).scalar()
        finally:
            await engine.dispose()

    async def count_up_from_here(self, *tables: str) -> None:
        """Set PostgreSQL's sequences of these tables after their highest ids."""
        if not self.is_sqlite:
            await self.run(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                for table in tables
            )
