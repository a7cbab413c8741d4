"""Stopping to see the pages as somebody else (SPEC 10)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.enums import Channel
from services.db import Session
from services.lifecycle.actors import Actor
from services.people.seeing import stop_seeing
from web.site import site_of

SEE_OTHER = 303


async def stop(request: Request) -> Response:
    """See with one's own eyes again: back to the page of whom one saw. Refused: NotSignedIn.

    It needs no token: pages that are seen so have none, and it can do no harm.
    """
    site = site_of(request)
    now = site.clock.now()

    def transaction(session: Session) -> int | None:
        cookie = site.cookies.session(request.cookies)
        device = site.sign_in.browser_session(session, cookie, now, locked=True)
        return stop_seeing(session, Actor(device.person_id, Channel.WEB, now), device)

    seen = await site.database.write(transaction)
    return RedirectResponse(f"/admin/people/{seen}" if seen else "/", SEE_OTHER)


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route("/stop-seeing", stop, methods=["POST"])]
