"""Errors of pages, told in one sentence of the reader's language, with a way on (UX 6)."""

from collections.abc import Mapping
from pathlib import Path
from traceback import extract_tb
from types import MappingProxyType
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from locales.catalogue import phrase
from locales.reader import Reader
from locales.refusals import refusal_text
from models import Person
from services.ports import MediaMissingError, MediaUnavailableError
from services.rules.refusals import Refusal
from services.rules.refusals.links import (
    AgencyLinkExpired,
    AppExpired,
    AppForged,
    AppUsed,
    NotSignedIn,
    SignedOut,
    SignInExpired,
    SignInUnknown,
    SignInUsed,
    TooManyGuesses,
)
from services.rules.refusals.notes import FileOnItsWay
from services.rules.refusals.sessions import GivenAway, NotFound
from services.rules.refusals.standing import AccountLeft, NotLinked
from web.forms import ForgedFormError
from web.guards import READING
from web.kept_forms import KeptForm, keep_unread
from web.site import anybodys_reader, page, site_of, stranger_reader

logger = structlog.get_logger(__name__)

STATUSES: Mapping[type[Refusal], int] = MappingProxyType(
    {
        NotSignedIn: 401,
        SignedOut: 401,
        NotFound: 404,
        GivenAway: 404,
        SignInUnknown: 404,
        SignInUsed: 410,
        SignInExpired: 410,
        AppForged: 403,
        AppExpired: 410,
        AppUsed: 410,
        NotLinked: 403,
        AccountLeft: 403,
        TooManyGuesses: 429,
        AgencyLinkExpired: 410,
        FileOnItsWay: 503,
    }
)
"""HTTP status of refusals; that of any other is 409."""

RETRIES: Mapping[int, str] = MappingProxyType({503: "60", 429: "600"})
"""Seconds after which to ask again, by status: a file is not there yet, or too many guesses."""

NEEDS_LINK = (
    NotSignedIn,
    SignInUnknown,
    SignInUsed,
    SignInExpired,
)
"""Refusals that a new sign-in link helps with."""


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer with a refusal, in the same words as in the chat."""
    if not isinstance(error, Refusal):
        raise error
    reader, person = await anybodys_reader(request)
    told = refusal_text(reader, error, person.id if person else None)
    bot_link = site_of(request).bot_link() if isinstance(error, NEEDS_LINK) else None
    if isinstance(error, NotSignedIn) and site_of(request).cookies.is_app(request.cookies):
        bot_link = None
        told = reader.label(
            "You were signed out. Close this window, and open it again in the chat."
        )
    kept = None
    if isinstance(error, NotSignedIn) and request.method not in READING:
        kept = await keep_unread(request)
    return _page(request, reader, person, STATUSES.get(type(error), 409), told, bot_link, kept)


async def on_forged_form(request: Request, error: Exception) -> Response:
    """Answer for a form without this browser's token: what was typed can be sent again."""
    reader, person = await anybodys_reader(request)
    kept = error.kept if isinstance(error, ForgedFormError) else None
    if kept:
        told = reader.label("This page was out of date, so nothing was done. Please send it again.")
    else:
        told = reader.label(
            "This page was out of date, so nothing was done. Please open it again and repeat what "
            "you did."
        )
    return _page(request, reader, person, 403, told, kept=kept)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer for an address or a method that does not exist."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    if status == 404:
        return await _told(request, status, phrase("There is no such page."))
    return await _told(request, status, phrase("That is not how this page is used."))


async def on_missing_file(request: Request, _error: Exception) -> Response:
    """Answer for a file of the notes that is missing in the store."""
    logger.error("media_missing", path=request.url.path)
    told = phrase("This file is gone from where it was kept. Please tell your agency.")
    return await _told(request, 404, told)


async def on_store_out_of_reach(request: Request, error: Exception) -> Response:
    """Answer while the store is out of reach."""
    logger.warning("media_out_of_reach", error=str(error))
    told = phrase("Files cannot be reached right now. Please try again in a few minutes.")
    return await _told(request, 503, told)


async def on_crash(request: Request, error: Exception) -> Response:
    """Answer for an unexpected error, and log it without its text, which may hold names.

    This reads nothing from the database, since that may be what failed.
    """
    place = extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    logger.error("page_failed", error=type(error).__name__, where=where)
    reader = stranger_reader(request)
    told = reader.label("Something went wrong on our side. Nothing was changed; please try again.")
    return _page(request, reader, None, 500, told)


async def on_foreign_post(request: Request) -> Response:
    """Answer for a form that was sent from another site's page."""
    return await _told(request, 403, phrase("That came from another site, so nothing was done."))


async def on_too_long(request: Request) -> Response:
    """Answer for a form that is longer than it may be."""
    told = phrase("That is more than can be sent at once, so nothing was done. Please send less.")
    return await _told(request, 413, told)


async def _told(request: Request, status: int, message: str) -> Response:
    """A page that shows one message."""
    reader, person = await anybodys_reader(request)
    return _page(request, reader, person, status, reader.label(message))


def _page(
    request: Request,
    reader: Reader,
    person: Person | None,
    status: int,
    told: str,
    bot_link: str | None = None,
    kept: KeptForm | None = None,
) -> Response:
    """A page that shows one message; `kept`: what was typed in vain, to be sent again."""
    answer = page(
        request,
        "error.html",
        reader,
        person,
        status_code=status,
        read_at="",
        told=told,
        bot_link=bot_link,
        kept=kept,
    )
    if status in RETRIES:
        answer.headers["Retry-After"] = RETRIES[status]
    return answer


HANDLERS: dict[Any, Any] = {
    Refusal: on_refusal,
    ForgedFormError: on_forged_form,
    HTTPException: on_http_error,
    MediaMissingError: on_missing_file,
    MediaUnavailableError: on_store_out_of_reach,
}
"""Starlette's exception handlers, by exception or status."""
