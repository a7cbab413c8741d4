"""Meaning of database errors."""

import errno
import sqlite3

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

OF_STATEMENTS = (
    *(IntegrityError, DataError, ProgrammingError, NotSupportedError),
    *(sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError),
)
"""Errors of a statement or its values, which come again whenever it is executed."""
POSTGRES_DISK_FULL = "53100"
POSTGRES_TOO_LARGE = "54"
"""Class of PostgreSQL's errors of a statement or value beyond its limits."""


def is_away(error: BaseException) -> bool:
    """Whether the database cannot do its work now: out of reach, locked, full, shutting down.

    The same unit of work may succeed later. The error is SQLAlchemy's, or the driver's own.
    """
    if isinstance(error, OF_STATEMENTS):
        return False
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    if (getattr(cause, "sqlstate", None) or "").startswith(POSTGRES_TOO_LARGE):
        return False
    return isinstance(error, DBAPIError | PoolTimeoutError | OSError)


def is_of_database(error: Exception) -> bool:
    """Whether a statement failed, after which a transaction may be of no more use."""
    return isinstance(error, SQLAlchemyError)


def is_disk_full(error: Exception) -> bool:
    """Whether the disk is full, or cannot be written for another reason."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    match cause:
        case sqlite3.Error():
            # The lowest byte is the kind of error, the others say more about it.
            kind = getattr(cause, "sqlite_errorcode", 0) & 0xFF
            return kind in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
        case OSError():
            return cause.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return getattr(cause, "sqlstate", None) == POSTGRES_DISK_FULL
