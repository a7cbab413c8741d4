"""How many notes a session has, on its cards (UX 8)."""

from collections import Counter

from markupsafe import Markup

from locales.parts import parts
from locales.reader import Reader
from services.queries.sessions import SessionDetail


def notes_line(reader: Reader, detail: SessionDetail) -> Markup | None:
    """Counts of its notes by kind, and the last edit of what had been read; None without notes."""
    if not detail.notes:
        return None
    counts = Counter(note.part.kind for note in detail.notes)
    line = reader.text("📝 Notes: {parts}", parts=parts(reader, counts))
    edited = max((one.part.edited_at for one in detail.notes if one.part.edited_at), default=None)
    if edited is None:
        return line
    return line + " · " + reader.text("edited {when}", when=reader.dated().when(edited))
