"""How many notes a session has, on its cards (UX 8)."""

from collections import Counter

from markupsafe import Markup

from locales.parts import parts
from locales.reader import Reader
from services.queries.sessions import SessionDetail


def notes_line(reader: Reader, detail: SessionDetail) -> Markup | None:
    """Counts of its notes by kind; None without notes."""
    if not detail.notes:
        return None
    counts = Counter(note.part.kind for note in detail.notes)
    return reader.text("📝 Notes: {parts}", parts=parts(reader, counts))
