"""Buttons of the dialogue in which a coordinator schedules a session (SPEC 2).

The session is not there yet: they carry `NO_SESSION`, as the times and tutors do that the other
dialogues have, too (`ChooseSlot`, `ChooseDay`, `ShowDays`, `GiveTo`, `TutorPage`).
"""

from dataclasses import dataclass
from enum import StrEnum

from chat.callbacks.codec import Button
from chat.callbacks.sessions import OfSession
from models.enums import Kind

NO_SESSION = 0
"""An id that no session has."""


class SchedulingStep(StrEnum):
    """A question of the dialogue."""

    STUDENT = "student"
    TUTOR = "tutor"
    SUBJECT = "subject"
    TIME = "time"
    LENGTH = "length"
    CONFIRM = "confirm"


class StartSchedule(Button):
    code = "hs"


@dataclass(frozen=True)
class ScheduleFor(OfSession):
    code = "hf"
    student_id: int


@dataclass(frozen=True)
class ScheduleLength(OfSession):
    code = "hm"
    minutes: int


@dataclass(frozen=True)
class ScheduleKind(OfSession):
    code = "hk"
    kind: Kind


@dataclass(frozen=True)
class ScheduleStep(OfSession):
    """To another question: *Back*, or what is to be changed."""

    code = "hb"
    step: SchedulingStep


@dataclass(frozen=True)
class ConfirmSchedule(OfSession):
    """It names what is scheduled, so that a second tap gets the answer of the first."""

    code = "hc"
    tutor_id: int
    student_id: int
    minute: int
    """The start, in minutes since 1970 UTC."""


class LeaveSchedule(OfSession):
    code = "hl"
