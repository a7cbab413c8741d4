"""Buttons under a text that may answer a question in the group (SPEC 5)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button


@dataclass(frozen=True)
class OfGroupAnswer(Button):
    """A button about one text, by its message id."""

    message_id: int


class UseInGroup(OfGroupAnswer):
    code = "ga"


class LeaveGroupAnswer(OfGroupAnswer):
    code = "gl"
