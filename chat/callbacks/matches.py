"""Buttons of matches: the parents' answer, and a tutor's students (SPEC 7)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button


@dataclass(frozen=True)
class OfMatch(Button):
    """A button about one match."""

    match_id: int


class AcceptMatch(OfMatch):
    code = "ma"


class DeclineMatch(OfMatch):
    """Asks for the reason, which may be left out."""

    code = "md"


class ConfirmDecline(OfMatch):
    """Declines without a reason."""

    code = "mc"


class ShowMatch(OfMatch):
    """Leaves the question why: the match's card again."""

    code = "ms"
