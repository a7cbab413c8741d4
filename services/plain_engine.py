"""Engine for one thread, which waits for the database itself: for migrations and backups."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

BUSY_TIMEOUT_MS = 30_000


def plain_engine(url: str, *, begin: str = "BEGIN") -> Engine:
    """Engine of either kind of database, without a pool.

    On SQLite `begin` begins its transactions, and foreign keys are off: rows and tables come in an
    order of their own.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, poolclass=NullPool, use_native_hstore=False)
    plain = parsed.set(drivername="sqlite")
    engine = create_engine(plain, poolclass=NullPool, connect_args={"isolation_level": None})

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA foreign_keys = OFF")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
