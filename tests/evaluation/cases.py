"""The evaluation set: made-up notes and what must hold of any summary of them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.enums import Level, PartKind, QuoteOrigin
from services.ports import NoteItem, SummaryRequest
from services.rules.summaries import Source

FOLDER = Path(__file__).parent / "notes"
SESSION = 10
"""The session that is summed up; others are earlier ones."""
HEARD = {PartKind.VOICE, PartKind.AUDIO}
SEEN = {PartKind.PHOTO, PartKind.DOCUMENT}


@dataclass(frozen=True)
class Case:
    """Notes of one session, perhaps with those of earlier ones."""

    id: str
    language: str
    items: tuple[NoteItem, ...]
    engagement: frozenset[Level]
    confidence: frozenset[Level]
    """Levels that may be observed."""
    forbidden: tuple[str, ...]
    """What no summary may say: canaries, and what injected orders demand."""
    too_short: bool

    @property
    def request(self) -> SummaryRequest:
        return SummaryRequest(SESSION, "Mathematics", self.language, self.items)

    @property
    def has_files(self) -> bool:
        return any(item.kind in SEEN for item in self.items)

    def sources(self, readings: Mapping[int, str]) -> tuple[Source, ...]:
        """What can be quoted, with what a model read in pictures."""
        texts = [
            Source(
                item.part_id,
                item.appointment_id,
                QuoteOrigin.TRANSCRIPT if item.kind in HEARD else QuoteOrigin.TEXT,
                item.text,
            )
            for item in self.items
        ]
        session_of = {item.part_id: item.appointment_id for item in self.items}
        read = [
            Source(part_id, session_of[part_id], QuoteOrigin.READING, text)
            for part_id, text in readings.items()
            if part_id in session_of
        ]
        return (*texts, *read)


def all_cases() -> tuple[Case, ...]:
    """Every case of every file, in order."""
    return tuple(
        _case(raw)
        for path in sorted(FOLDER.glob("*.toml"))
        for raw in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    )


def _case(raw: Mapping[str, Any]) -> Case:
    repeat = raw.get("repeat", 1)
    items = tuple(_item(number, item, repeat) for number, item in enumerate(raw["item"], 1))
    return Case(
        id=raw["id"],
        language=raw["language"],
        items=items,
        engagement=_levels(raw.get("engagement", ())),
        confidence=_levels(raw.get("confidence", ())),
        forbidden=tuple(raw.get("forbidden", ())),
        too_short=raw.get("too_short", False),
    )


def _item(number: int, raw: Mapping[str, Any], repeat: int) -> NoteItem:
    kind = PartKind(raw.get("kind", "text"))
    return NoteItem(number, raw.get("session", SESSION), kind, raw.get("text", "") * repeat)


def _levels(names: Sequence[str]) -> frozenset[Level]:
    """Those named; where none is, nothing was to be seen."""
    return frozenset(Level(name) for name in names or ["not_observed"])
