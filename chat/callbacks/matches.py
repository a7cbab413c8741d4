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
    """Asks whether the parent means it."""

    code = "md"


class ConfirmDecline(OfMatch):
    code = "mc"


class ShowMatch(OfMatch):
    """The match's card: from a list, and back from the question."""

    code = "ms"
