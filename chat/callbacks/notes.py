"""Buttons of session notes and of the live tally (SPEC 4)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button
from chat.callbacks.sessions import OfSession


class WriteNotes(OfSession):
    code = "wn"


class ResumeNotes(OfSession):
    """*Go on* with notes that were put aside."""

    code = "ng"


class ViewNotes(OfSession):
    code = "vn"


class OfTally(Button):
    """A button of the live tally."""


@dataclass(frozen=True)
class RemovePart(OfTally):
    code = "nr"
    part_id: int


@dataclass(frozen=True)
class EndNoteBatch(OfTally):
    """A button of the live tally that ends the note batch."""

    batch_id: int


class NotesDone(EndNoteBatch):
    code = "nd"


class NotesSkip(EndNoteBatch):
    code = "ns"


class NoNotes(EndNoteBatch):
    code = "nn"
