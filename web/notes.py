"""The notes of sessions: the list, one session's with its summary, and their files (SPEC 4)."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.reader import Reader
from locales.summaries import worded_summary
from locales.wording import attendance_line, part_label, status_label
from models import NotePart
from models.enums import PartKind, Role
from services.db import Session
from services.ports import LocalFile, SignedLink
from services.queries.files import NoteFile, file_for
from services.queries.noted import Noted, SessionNotes, session_notes, with_notes
from services.queries.notes import NoteView
from services.rules.refusals.sessions import NotFound
from web.site import current_user, id_in, page, site_of

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
PLAYABLE = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/wav"})
"""Types of sound that browsers can play; AMR, which some phones record, is not one."""
LINK_LASTS = timedelta(minutes=5)
"""How long a signed link works; the right to the file is checked when the link is made."""


async def listed(request: Request) -> Response:
    """The page of sessions with notes that the user may read, newest first."""
    number = _page_number(request.query_params.get("page"))

    def query(session: Session) -> tuple[CurrentUser, Noted]:
        user = current_user(session, request)
        noted = with_notes(session, user.person, number)
        return user, noted

    user, noted = await site_of(request).database.read(query)
    if not noted.sessions and number > 1:
        return RedirectResponse("/notes")
    return page(
        request,
        "notes.html",
        user.reader,
        user.person,
        sessions=noted.sessions,
        older=number + 1 if noted.has_more else None,
        newer=number - 1 if number > 1 else None,
    )


async def shown(request: Request) -> Response:
    """The page of one session's notes in their order, below its summary."""

    def query(session: Session) -> tuple[CurrentUser, SessionNotes | None]:
        user = current_user(session, request)
        return user, session_notes(session, id_in(request), user.person)

    user, found = await site_of(request).database.read(query)
    if found is None:
        raise NotFound
    return page(
        request,
        "session_notes.html",
        user.reader,
        user.person,
        view=found.view,
        status=status_label(user.reader, found.view.status, found.role),
        attendance=attendance_line(user.reader, found.view.appointment),
        notes=shown_notes(user.reader, found.notes),
        is_own=found.role is Role.TUTOR,
        summary=worded_summary(user.reader, found.summary) if found.summary else None,
        is_withdrawn=found.is_withdrawn,
    )


async def give_file(request: Request) -> Response:
    """A file of the notes: a redirect to a signed link of the store, or the content itself.

    Either way, the right to read it is checked each time.
    """
    site = site_of(request)

    def query(session: Session) -> NoteFile:
        user = current_user(session, request)
        return file_for(session, user.person, id_in(request))

    file = await site.database.read(query)
    match await site.media.give(file.key, file.presentation, LINK_LASTS):
        case SignedLink(url):
            return RedirectResponse(url, 302)
        case LocalFile(path):
            return FileResponse(
                path,
                media_type=file.presentation.media_type,
                headers={
                    "Content-Disposition": file.presentation.disposition,
                    "Content-Security-Policy": "default-src 'none'; sandbox",
                },
            )


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


def _page_number(given: str | None) -> int:
    """The page number in the address; the first page if it is not a number."""
    return int(given) if given is not None and PAGE_NUMBER.fullmatch(given) else 1


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route("/", lambda _: RedirectResponse("/notes")),
        Route("/notes", listed),
        Route("/notes/{id}", shown),
        Route("/files/{id}", give_file),
    ]
