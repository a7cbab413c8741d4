"""Notes as a model receives them: the texts, and as many files as it can read."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from services.adapters.summary_prompt import as_data, instructions
from services.ports import NoteItem, SummaryRequest

MOST_FILES = 10
MOST_BYTES = 20 * 1024 * 1024
"""Most bytes of files in one question; the others are left out."""
PDF = "application/pdf"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
"""Types of pictures that models accept."""


@dataclass(frozen=True)
class ShownFile:
    """Photo or PDF for the model to read."""

    part_id: int
    media_type: str
    content: bytes

    @property
    def label(self) -> str:
        """Line before the file."""
        return f"Part {self.part_id}:"

    @property
    def name(self) -> str:
        """File name that identifies nobody; the file's own name could."""
        return f"part-{self.part_id}.pdf"

    @property
    def is_pdf(self) -> bool:
        return self.media_type == PDF

    def data_url(self) -> str:
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True)
class Question:
    """Instructions and notes for the model."""

    instructions: str
    notes: str
    files: tuple[ShownFile, ...]

    @property
    def file_bytes(self) -> int:
        return sum(len(file.content) for file in self.files)


def question_for(request: SummaryRequest) -> Question:
    """Notes without what a model cannot read; files of this session come first."""
    files = tuple(_shown(request))
    shown = {file.part_id for file in files}
    notes = {
        "subject": request.subject,
        "items": [
            {
                "part_id": item.part_id,
                "session": session,
                "kind": item.kind.value,
                "text": item.text,
            }
            for item, session in _with_sessions(request)
            if item.text or item.part_id in shown
        ],
    }
    return Question(instructions(request.language), as_data(notes), files)


def _with_sessions(request: SummaryRequest) -> Iterator[tuple[NoteItem, str]]:
    """Each item with the name of its session: "this", "earlier-1", "earlier-2" and so on."""
    names = {request.appointment_id: "this"}
    for item in request.items:
        yield item, names.setdefault(item.appointment_id, f"earlier-{len(names)}")


def _shown(request: SummaryRequest) -> Iterator[ShownFile]:
    """As many files as fit; one that is too large is skipped."""
    number = size = 0
    for item in sorted(request.items, key=lambda one: one.appointment_id != request.appointment_id):
        media_type, content = item.media_type or "", item.content
        if not content or media_type not in {PDF, *PICTURES}:
            continue
        if number < MOST_FILES and size + len(content) <= MOST_BYTES:
            number, size = number + 1, size + len(content)
            yield ShownFile(item.part_id, media_type, content)
