"""The parts of notes, ready for the templates (SPEC 4)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from locales.parts import part_label
from locales.reader import Reader
from models import NotePart
from models.enums import PartKind
from services.queries.notes import NoteView

PLAYABLE = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/wav"})
"""Types of sound that browsers can play; AMR, which some phones record, is not one."""


@dataclass(frozen=True)
class ShownNote:
    """One part of the notes, ready for the template."""

    view: NoteView
    name: str
    """The name of its file, or its kind with a number."""
    is_picture: bool
    is_sound: bool
    """Whether browsers can play it; other sound is a download."""

    @property
    def part(self) -> NotePart:
        return self.view.part

    @property
    def is_waiting(self) -> bool:
        """Whether its file is not stored yet."""
        return self.part.kind is not PartKind.TEXT and self.part.media_key is None


def shown_notes(reader: Reader, views: Sequence[NoteView]) -> list[ShownNote]:
    """The parts of notes in the reader's words; photos and memos are numbered."""
    numbers: Counter[PartKind] = Counter()
    shown = []
    for view in views:
        kind, media_type = view.part.kind, view.part.media_type or ""
        numbers[kind] += 1
        shown.append(
            ShownNote(
                view,
                _name(reader, view.part, numbers[kind]),
                is_picture=media_type.startswith("image/"),
                is_sound=media_type in PLAYABLE,
            )
        )
    return shown


def _name(reader: Reader, part: NotePart, number: int) -> str:
    match part.kind:
        case PartKind.PHOTO:
            return reader.label("Photo {number}", number=number)
        case PartKind.VOICE:
            return reader.label("Voice memo {number}", number=number)
    return part.file_name or part_label(reader, part.kind)
