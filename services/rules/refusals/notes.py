"""Refusals about notes and their files (SPEC 4)."""

from collections.abc import Mapping

from services.rules.refusals import Refusal


class NothingForNotes(Refusal):
    """The tutor has no session to write notes for."""


class NoNotesToRemove(Refusal):
    """Every part of the notes has been removed."""


class NotesClosed(Refusal):
    """The notes are finished."""


class NotANote(Refusal):
    """Notes cannot hold a message of this kind."""


class FileTooLarge(Refusal):
    """The file has more than `limit_mb` MiB."""

    limit_mb: int
    file_name: str | None


class FileNotKept(Refusal):
    """The file is of a kind that is not kept, or cannot be read."""

    why: str
    """The word of a `services.media.refusals.FileRefusal`, with its parameters."""
    params: Mapping[str, int | str]
    file_name: str | None


class FileOnItsWay(Refusal):
    """The file is not stored yet."""
