"""What somebody puts together in a dialogue, as it is kept between its steps."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from models.enums import ChangeReason


@dataclass(frozen=True)
class Draft:
    """The choices so far; nothing is done yet."""

    question_id: int | None = field(default=None, kw_only=True)
    """The message that asks, so that it loses its buttons when another one asks."""
    long_at: datetime | None = field(default=None, kw_only=True)
    """When a text came of which there may be more (`conversations.split_texts`)."""
    buttons: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    """The question's buttons, each its label and what it does: they may be typed instead
    (`conversations.typed_taps`).
    """
    asked_at: datetime | None = field(default=None, kw_only=True)
    """When the question was asked."""
    confirms: str | None = field(default=None, kw_only=True)
    """What a "yes" to the question does; None where that could mean several things."""

    def unasked(self) -> Self:
        """The same choices, without a question."""
        return replace(
            self, question_id=None, long_at=None, buttons=(), asked_at=None, confirms=None
        )


@dataclass(frozen=True)
class SessionDraft(Draft):
    """A draft about one session."""

    appointment_id: int

    @property
    def words(self) -> str | None:
        """What was written: it is given back where somebody else was first (UX 19)."""
        return None

    @property
    def chosen_reason(self) -> ChangeReason | None:
        """The reason for a change that was chosen from the list."""
        return None

    @property
    def chosen_start(self) -> datetime | None:
        """The new time that was chosen for the session."""
        return None
