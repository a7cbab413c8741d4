"""Buttons of the dialogue in which a tutor logs extra sessions (SPEC 7).

There is no session yet: they carry `NO_SESSION`, as the days, times and lengths do that other
dialogues have, too (`ShowDays`, `ChooseDay`, `ChooseSlot`, `ScheduleLength`).
"""

from dataclasses import dataclass
from enum import StrEnum

from chat.callbacks.codec import Button
from chat.callbacks.sessions import OfSession


class AdhocStep(StrEnum):
    """A question of the dialogue."""

    STUDENT = "student"
    LINES = "lines"
    DAY = "day"
    HOUR = "hour"
    LENGTH = "length"
    TOPIC = "topic"
    REVIEW = "review"
    LINE = "line"


class StartAdhoc(Button):
    code = "ah"


@dataclass(frozen=True)
class AdhocFor(OfSession):
    code = "af"
    student_id: int


@dataclass(frozen=True)
class AdhocTo(OfSession):
    """To another question: *Back*, or *Step by step*."""

    code = "at"
    step: AdhocStep


@dataclass(frozen=True)
class EditAdhoc(OfSession):
    code = "ae"
    number: int
    """Of the line, from 1."""


@dataclass(frozen=True)
class RemoveAdhoc(OfSession):
    code = "ar"
    number: int


class UsualTopic(OfSession):
    code = "au"


@dataclass(frozen=True)
class ConfirmAdhoc(OfSession):
    """It names the first session, so that a second tap gets the answer of the first."""

    code = "ac"
    student_id: int
    minute: int
    """Start of the first one, in minutes since 1970 UTC."""


class LeaveAdhoc(OfSession):
    code = "al"
