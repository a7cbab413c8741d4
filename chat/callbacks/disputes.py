"""Buttons of disputes: a parent's way to make one, a coordinator's to settle it (SPEC 5)."""

from dataclasses import dataclass
from enum import StrEnum

from chat.callbacks.codec import Button
from chat.callbacks.sessions import OfSession
from models.enums import DisputeReason


class StartDispute(OfSession):
    code = "di"


@dataclass(frozen=True)
class DisputeFor(OfSession):
    code = "dr"
    reason: DisputeReason


@dataclass(frozen=True)
class DisputeBack(OfSession):
    code = "db"
    to_text: int
    """1: to the text; 0: to the reasons."""


class ConfirmDispute(OfSession):
    code = "dc"


class LeaveDispute(OfSession):
    code = "ld"


@dataclass(frozen=True)
class OfDispute(Button):
    """A button about one dispute."""

    dispute_id: int

    @property
    def subject(self) -> str:
        """The dispute: buttons differ in the decision alone."""
        return f"dispute:{self.dispute_id}"


class Claim(OfDispute):
    code = "cl"


class Settlement(StrEnum):
    """The three ways in which a coordinator settles a dispute."""

    VERIFY = "verify"
    UPHOLD = "uphold"
    RETURN = "return"


@dataclass(frozen=True)
class Settle(OfDispute):
    code = "st"
    how: Settlement


class LeaveSettlement(OfSession):
    code = "sx"
