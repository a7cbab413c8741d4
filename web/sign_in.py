"""Signing in with a link from the bot, and out again (SPEC 10)."""

import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.reader import Reader
from models import Person
from services.db import Session
from services.people.sign_in import SESSION_LASTS
from services.rules.refusals.links import SignInUsed
from web.site import current_user, current_user_if_any, page, site_of

HOME = "/notes"
SEE_OTHER = 303


async def welcome(request: Request) -> Response:
    """Redirect users who are signed in to their notes. Refused: NotSignedIn."""
    await site_of(request).database.read(current_user, request)
    return RedirectResponse(HOME)


async def show_link(request: Request) -> Response:
    """The page of a sign-in link, with a button. It changes nothing: a preview must not use it up.

    Where the link has signed the user in already, it redirects to the pages.
    """
    site = site_of(request)
    now = site.clock.now()

    def query(session: Session) -> Person | None:
        try:
            return site.sign_in.invited(session, request.path_params["token"], now)
        except SignInUsed as refusal:
            if _is_signed_in(session, request, refusal.person_id):
                return None
            raise

    person = await site.database.read(query)
    if person is None:
        return RedirectResponse(HOME)
    reader = Reader.for_person(person, site.agency, now)
    page_id = secrets.token_urlsafe()
    return page(request, "sign_in.html", reader, name=person.name, page_id=page_id)


def _is_signed_in(session: Session, request: Request, person_id: int) -> bool:
    user = current_user_if_any(session, request)
    return user is not None and user.person.id == person_id


async def use_link(request: Request) -> Response:
    """Sign in, when the button of a link's page was pressed."""
    site = site_of(request)
    async with request.form() as form:
        page_id = str(form.get("page", ""))
    token = request.path_params["token"]

    def transaction(session: Session) -> str | None:
        try:
            return site.sign_in.use_link(session, token, page_id, site.clock.now())
        except SignInUsed as refusal:
            if _is_signed_in(session, request, refusal.person_id):
                return None
            raise

    cookie = await site.database.write(transaction)
    if cookie is None:
        return RedirectResponse(HOME, SEE_OTHER)  # the button was pressed in another tab before
    answer = RedirectResponse(HOME, SEE_OTHER)
    answer.set_cookie(
        site.cookie,
        cookie,
        max_age=int(SESSION_LASTS.total_seconds()),
        secure=site.is_secure,
        httponly=True,
        samesite="lax",
    )
    return answer


async def leave(request: Request) -> Response:
    """Sign out on this device."""
    site = site_of(request)
    await site.database.write(site.sign_in.sign_out, request.cookies.get(site.cookie))
    answer = RedirectResponse("/sign-in", SEE_OTHER)
    answer.delete_cookie(site.cookie, secure=site.is_secure, httponly=True, samesite="lax")
    return answer


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route("/sign-in", welcome),
        Route("/sign-in/{token}", show_link),
        Route("/sign-in/{token}", use_link, methods=["POST"]),
        Route("/sign-out", leave, methods=["POST"]),
    ]
