"""The notes of sessions: the list, one session's with its summary, and their files (SPEC 4)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.summaries import worded_summary
from locales.wording import attendance_line, state_label
from models.enums import Role
from services.db import Session
from services.queries.files import NoteFile, file_for
from services.queries.noted import Noted, SessionNotes, session_notes, with_notes
from services.rules.refusals.sessions import NotFound
from web.file_answers import give
from web.note_parts import shown_notes
from web.site import current_user, id_in, page, page_number, site_of
from web.telling import no_notes


async def listed(request: Request) -> Response:
    """The page of sessions with notes that the user may read, newest first."""
    number = page_number(request)

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
        status=state_label(user.reader, found.view, found.role),
        attendance=attendance_line(user.reader, found.view.appointment),
        notes=shown_notes(user.reader, found.notes),
        no_notes=no_notes(user.reader, found.view.status, found.role),
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

    return await give(site, await site.database.read(query))


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route("/notes", listed),
        Route("/notes/{id}", shown),
        Route("/files/{id}", give_file),
    ]
