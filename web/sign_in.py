"""Signing in with a link from the bot, and out again (SPEC 10)."""

import secrets
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.reader import Reader
from models import Person
from models.enums import Channel
from services.db import Session
from services.lifecycle.actors import Actor
from services.people.devices import end_this
from services.rules.refusals.links import NotSignedIn, SignedOut, SignInUsed
from web.navigation import home_of
from web.site import current_user, current_user_if_any, page, site_of
from web.user_agents import device_of

SEE_OTHER = 303
SIGNED_OUT = "/signed-out"


async def welcome(request: Request) -> Response:
    """Redirect users who are signed in to their first page. Refused: NotSignedIn."""
    user = await site_of(request).database.read(current_user, request)
    return RedirectResponse(home_of(user.person))


async def signed_out(request: Request) -> Response:
    """The same, after a sign-out. Refused: SignedOut."""
    try:
        return await welcome(request)
    except NotSignedIn:
        raise SignedOut from None


async def show_link(request: Request) -> Response:
    """The page of a sign-in link, with a button. It changes nothing: a preview must not use it up.

    Where the link has signed the user in already, it redirects to their first page.
    """
    site = site_of(request)
    now = site.clock.now()

    def query(session: Session) -> Person | str:
        try:
            return site.sign_in.invited(session, request.path_params["token"], now)
        except SignInUsed as refusal:
            return _home_after(session, request, refusal)

    with site.guesses.limited(request, now):
        found = await site.database.read(query)
    if isinstance(found, str):
        return RedirectResponse(found)
    reader = Reader.for_person(found, site.agency, now)
    page_id = secrets.token_urlsafe()
    return page(request, "sign_in.html", reader, name=found.name, page_id=page_id)


def _home_after(session: Session, request: Request, refusal: SignInUsed) -> str:
    """The first page of the user whom the used link has signed in here; for others the refusal."""
    user = current_user_if_any(session, request)
    if user is None or user.person.id != refusal.person_id:
        raise refusal
    return home_of(user.person)


async def use_link(request: Request) -> Response:
    """Sign in, when the button of a link's page was pressed."""
    site = site_of(request)
    async with request.form() as form:
        page_id = str(form.get("page", ""))
    token, now = request.path_params["token"], site.clock.now()
    device = device_of(request.headers.get("user-agent", ""))

    def transaction(session: Session) -> tuple[str | None, str, datetime]:
        try:
            cookie = site.sign_in.use_link(session, token, page_id, now, device)
        except SignInUsed as refusal:
            return None, _home_after(session, request, refusal), now
        begun = site.sign_in.browser_session(session, cookie, now)
        return cookie, home_of(site.sign_in.signed_in(session, cookie, now)), begun.expires_at

    with site.guesses.limited(request, now):
        cookie, home, ends_at = await site.database.write(transaction)
    answer = RedirectResponse(home, SEE_OTHER)
    if cookie is None:
        return answer  # the button was pressed in another tab before
    site.cookies.sign_in(answer, cookie, ends_at - now)
    return answer


async def leave(request: Request) -> Response:
    """Sign out on this device."""
    site = site_of(request)
    now = site.clock.now()

    def transaction(session: Session) -> None:
        try:
            cookie = site.cookies.session(request.cookies)
            device = site.sign_in.browser_session(session, cookie, now, locked=True)
        except NotSignedIn:
            return
        end_this(session, Actor(device.person_id, Channel.WEB, now), device)

    await site.database.write(transaction)
    answer = RedirectResponse(SIGNED_OUT, SEE_OTHER)
    site.cookies.sign_out(answer)
    return answer


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route("/", welcome),
        Route("/sign-in", welcome),
        Route(SIGNED_OUT, signed_out),
        Route("/sign-in/{token}", show_link),
        Route("/sign-in/{token}", use_link, methods=["POST"]),
        Route("/sign-out", leave, methods=["POST"]),
    ]
