"""The stream that tells an open page to look again: events without content (SPEC 10)."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from services.db import Session
from services.queries.changes import Mark, Touched, newest
from services.queries.sessions import children_of, roles_in, session_view
from services.rules.refusals.sessions import NotFound
from web.changes import Concerns
from web.site import current_user, current_user_if_any, row_id, site_of

SILENCE = 20.0
"""Seconds after which an empty line is sent, so that nothing between takes the stream for dead."""


async def live(request: Request) -> Response:
    """Events for the sessions of the user, for the one that `session` names, or for all (`agency`).

    Refused: NotSignedIn, and NotFound where the user may not see the session, or is no coordinator.
    """
    site = site_of(request)
    concerns, now = await site.database.read(_concerns, request)
    since = Mark.read(request.query_params.get("since", "")) or now
    changes = site.changes.follow(site.database, since, concerns, SILENCE)
    return StreamingResponse(
        _events(request, changes),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _events(request: Request, changes: AsyncIterator[bool]) -> AsyncIterator[str]:
    """What the stream says; it ends without a word once this browser is signed out."""
    yield ": here\n\n"
    async for has_changed in changes:
        if has_changed and not await site_of(request).database.read(_is_signed_in, request):
            return
        yield "data: changed\n\n" if has_changed else ": here\n\n"


def _is_signed_in(session: Session, request: Request) -> bool:
    return current_user_if_any(session, request) is not None


def _concerns(session: Session, request: Request) -> tuple[Concerns, Mark]:
    person = current_user(session, request).person
    children, about = children_of(session, person), request.query_params.get("session")

    def own(touched: Touched) -> bool:
        return touched.tutor_id == person.id or touched.student_id in children

    if "agency" in request.query_params:
        if not person.is_coordinator:
            raise NotFound
        return lambda _: True, newest(session)
    if about is None:
        return own, newest(session)
    view = session_view(session, row_id(about))
    if view is None or not roles_in(session, view.appointment, person):
        raise NotFound
    this, child = view.id, Touched(0, 0, view.student.id)
    return lambda touched: touched.appointment_id == this or touched == child, newest(session)


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route("/live", live)]
