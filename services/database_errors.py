"""Meaning of database errors."""

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


def is_away(error: Exception) -> bool:
    """Whether the database is out of reach, which can pass by itself."""
    if isinstance(error, IntegrityError | DataError | ProgrammingError):
        return False
    return isinstance(error, DBAPIError | PoolTimeoutError | OSError)
