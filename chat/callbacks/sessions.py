"""Buttons about one session: its card, and the coordinators' lists that lead to it."""

from dataclasses import dataclass
from enum import StrEnum

from chat.callbacks.codec import Button
from models.enums import ListKind


@dataclass(frozen=True)
class OfSession(Button):
    """A button about one session."""

    appointment_id: int


class ShowSession(OfSession):
    code = "se"


class ListName(StrEnum):
    """The coordinators' lists, to which buttons lead."""

    DASHBOARD = "dashboard"
    DISPUTES = "disputes"
    PROBLEMS = "problems"
    MISSED = "missed"
    IN_PROGRESS = "in_progress"
    AWAITING = "awaiting"
    PENDING = "pending"
    FLAGS = "flags"
    LATE_START = "late_start"
    EARLY_LEAVE = "early_leave"
    SHORT = "short"
    NO_NOTES = "no_notes"


@dataclass(frozen=True)
class ShowList(Button):
    code = "ls"
    name: ListName


@dataclass(frozen=True)
class OtherPage(Button):
    """Another page of a question that asks for a session."""

    offset: int
    """How many come before it."""


class ChangePage(OtherPage):
    """Of the sessions that can be changed."""

    code = "lm"


class NotesPage(OtherPage):
    """Of the sessions to which notes can be added."""

    code = "lw"


@dataclass(frozen=True)
class ListPage(Button):
    """Another page of a list."""

    code = "lo"
    kind: ListKind
    name: str
    """Which of the coordinators' lists; empty for others."""
    offset: int
    """How many come before it."""


class LeaveList(Button):
    """*Leave* under a question that asks for a session."""

    code = "lx"
