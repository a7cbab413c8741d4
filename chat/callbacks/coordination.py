"""Buttons of the dialogue in which a coordinator changes a session (SPEC 2, 6)."""

from dataclasses import dataclass
from enum import StrEnum

from chat.callbacks.sessions import OfSession
from models.enums import Role


class CoordinatorChange(StrEnum):
    """What a coordinator may do with a session, after some questions."""

    CANCEL = "cancel"
    MOVE = "move"
    GIVE = "give"
    REPLACE = "replace"


@dataclass(frozen=True)
class Coordinate(OfSession):
    code = "kd"
    change: CoordinatorChange


@dataclass(frozen=True)
class ForSide(OfSession):
    code = "ks"
    side: Role


@dataclass(frozen=True)
class GiveTo(OfSession):
    code = "kg"
    tutor_id: int


@dataclass(frozen=True)
class TutorPage(OfSession):
    code = "kp"
    offset: int


@dataclass(frozen=True)
class CoordinateBack(OfSession):
    code = "kb"
    to_reason: int
    """1: to the reason; 0: to the question before it."""


@dataclass(frozen=True)
class ConfirmCoordinate(OfSession):
    code = "kc"
    change: CoordinatorChange


@dataclass(frozen=True)
class CoordinateInstead(OfSession):
    code = "ki"
    change: CoordinatorChange


class LeaveCoordinate(OfSession):
    code = "kl"
