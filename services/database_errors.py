"""Meaning of database errors."""

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

OF_STATEMENTS = (
    *(sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError),
    *(sqlite3.NotSupportedError, psycopg.NotSupportedError),
    *(psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError),
)
"""Errors of a statement or its values, which come again whenever it is executed."""
TOO_LARGE = "54"
"""Class of PostgreSQL's errors of a statement or value beyond its limits."""


def is_away(error: BaseException) -> bool:
    """Whether the database cannot do its work now: out of reach, locked, full, shutting down.

    The same unit of work may succeed later. The error is SQLAlchemy's, or the driver's own.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OF_STATEMENTS):
        return False
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    if isinstance(cause, psycopg.Error):
        return not (cause.sqlstate or "").startswith(TOO_LARGE)
    return isinstance(error, PoolTimeoutError | OSError)
