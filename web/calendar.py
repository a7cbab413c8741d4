"""Calendar feeds, and the page on which their addresses are made and ended (SPEC 10)."""

import re
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.feed_wording import entries, how_slow, whom_it_shows
from locales.reader import Reader
from locales.refusals import refusal_text
from models import CalendarFeed
from services.db import Session
from services.feeds.addresses import feed_of, mark_of
from services.feeds.sessions import feed_sessions
from services.feeds.writing import written
from services.rules.refusals.links import FeedChanged
from services.rules.refusals.standing import NoSessionsOfOwn
from web.forms import Form, read_form
from web.site import current_user, page, site_of

PATH = "/calendar"
SEE_OTHER = 303
KNOWN = re.compile("[0-9]{1,10}")
CALENDAR = "text/calendar; charset=utf-8"


async def feed(request: Request) -> Response:
    """The sessions of whoever has this address; 304 where the calendar has them already.

    Refused: NotFound, TooManyGuesses.
    """
    site = site_of(request)
    now = site.clock.now()

    def query(session: Session) -> bytes:
        person = site.feeds.reader_of(session, request.path_params["secret"])
        reader = Reader.for_person(person, site.agency, now)
        found = feed_sessions(session, person, now)
        shown = entries(reader, found, site.feeds, site.address_for(request))
        return written(site.feeds.uid(f"person {person.id}"), site.agency.name, shown)

    with site.guesses.limited(request, now):
        content = await site.database.read(query)
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="sessions.ics"'
    return Response(content, media_type=CALENDAR, headers=headers)


def _has(given: str, tag: str) -> bool:
    """Whether `If-None-Match` names the tag, also as a weak one (RFC 9110)."""
    return tag in (one.strip().removeprefix("W/") for one in given.split(","))


async def show(request: Request) -> Response:
    """The page of the feed. Refused: NotSignedIn, NoSessionsOfOwn."""
    user, found = await site_of(request).database.read(_feed, request)
    return _page(request, user, found)


def _feed(session: Session, request: Request) -> tuple[CurrentUser, CalendarFeed | None]:
    user = current_user(session, request)
    if not (user.person.is_tutor or user.person.is_parent):
        raise NoSessionsOfOwn
    return user, feed_of(session, user.person)


async def make(request: Request) -> Response:
    """Make an address, or another one in its place, and show it: it is shown this once."""
    known = _known(await read_form(request))
    site = site_of(request)

    def transaction(session: Session) -> tuple[CurrentUser, CalendarFeed | None, str]:
        user = current_user(session, request)
        secret = site.feeds.make(session, user.person, user.actor, known=known)
        return user, feed_of(session, user.person), secret

    try:
        user, found, secret = await site.database.write(transaction)
    except FeedChanged as refusal:
        return await _changed(request, refusal)
    return _page(request, user, found, f"{site.address_for(request)}/feeds/{secret}.ics")


async def revoke(request: Request) -> Response:
    """End the address."""
    known = _known(await read_form(request))
    site = site_of(request)

    def transaction(session: Session) -> None:
        user = current_user(session, request)
        site.feeds.revoke(session, user.person, user.actor, known=known)

    try:
        await site.database.write(transaction)
    except FeedChanged as refusal:
        return await _changed(request, refusal)
    return RedirectResponse(PATH, SEE_OTHER)


async def _changed(request: Request, refusal: FeedChanged) -> Response:
    """The page anew: there is another address by now, which was kept."""
    user, found = await site_of(request).database.read(_feed, request)
    told = refusal_text(user.reader, refusal, user.person.id)
    return _page(request, user, found, changed=told)


def _known(form: Form) -> int | None:
    """Mark of the address that the page showed; None where the form has none."""
    return int(form["known"]) if KNOWN.fullmatch(form["known"]) else None


def _page(
    request: Request,
    user: CurrentUser,
    found: CalendarFeed | None,
    address: str = "",
    changed: str = "",
) -> Response:
    return page(
        request,
        "calendar.html",
        user.reader,
        user.person,
        section=PATH,
        read_at=PATH,
        status_code=409 if changed else 200,
        changed=changed,
        known=mark_of(found),
        made_at=user.reader.dated_moment(found.created_at) if found else None,
        address=address,
        subscribe=f"webcal:{address.partition(':')[2]}",
        how_slow=how_slow(user.reader),
        whom_it_shows=whom_it_shows(user.reader),
    )


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route("/feeds/{secret}.ics", feed),
        Route(PATH, show),
        Route(f"{PATH}/make", make, methods=["POST"]),
        Route(f"{PATH}/revoke", revoke, methods=["POST"]),
    ]
