"""Meaning of database errors."""

import errno
import sqlite3

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

POSTGRES_DISK_FULL = "53100"


def is_away(error: Exception) -> bool:
    """Whether the database is out of reach, which can pass by itself."""
    if isinstance(error, IntegrityError | DataError | ProgrammingError):
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
