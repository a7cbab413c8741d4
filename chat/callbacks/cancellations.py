"""Buttons of a cancellation by a tutor or parent, and of what follows from it (SPEC 6)."""

from dataclasses import dataclass

from chat.callbacks.sessions import OfSession
from models.enums import ChangeReason


class StartCancel(OfSession):
    code = "xs"


@dataclass(frozen=True)
class CancelFor(OfSession):
    code = "xr"
    reason: ChangeReason


class CancelBack(OfSession):
    code = "xb"


class ConfirmCancel(OfSession):
    code = "xc"


class LeaveCancel(OfSession):
    code = "xl"


class WaivePenalty(OfSession):
    code = "kw"


class AskReplacement(OfSession):
    """A session in place of a lost one, at any time."""

    code = "ka"


class WishReplacement(OfSession):
    """The same, at a time that is chosen next."""

    code = "xw"


class WishBack(OfSession):
    """Back to the times that are offered."""

    code = "xk"


class LeaveWish(OfSession):
    code = "xv"


@dataclass(frozen=True)
class AskReplacementAt(OfSession):
    """A free time in place of a session that the tutor cancelled."""

    code = "kx"
    minute: int
    """The start, in minutes since 1970 UTC."""
