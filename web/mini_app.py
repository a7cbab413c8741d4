"""The Mini App: the pages inside Telegram, signed in by opening them (SPEC 10)."""

import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models import Person
from services.db import Session
from services.people import mini_app
from services.rules.init_data import read_init_data
from services.rules.refusals.links import AppForged, AppUsed
from web.navigation import MINI_APP, home_of
from web.site import anybodys_reader, current_user_if_any, page, site_of
from web.themes import packed
from web.user_agents import device_of

SEE_OTHER = 303


async def show(request: Request) -> Response:
    """The page that Telegram opens. What Telegram tells of the user stands behind the `#` of the
    address, where only the page's own script sees it; the script sends it on.
    """
    reader, person = await anybodys_reader(request)
    return page(
        request,
        "app.html",
        reader,
        home=home_of(person) if person else "",
        page_id=secrets.token_urlsafe(),
        bot_link=site_of(request).bot_link(),
    )


async def enter(request: Request) -> Response:
    """Sign in whoever opened the app in Telegram, and lead to the first page or to a session.

    Refused: AppForged, AppExpired, AppUsed, NotLinked.
    """
    site, now = site_of(request), site_of(request).clock.now()
    async with request.form(max_files=0, max_fields=3) as form:
        given = {name: value for name, value in form.items() if isinstance(value, str)}

    system = device_of(request.headers.get("user-agent", "")).system

    def transaction(session: Session) -> tuple[str | None, Person]:
        try:
            page_id = given.get("page", "")
            return mini_app.enter(session, site.sign_in, opening, page_id, now, system)
        except AppUsed as refusal:
            user = current_user_if_any(session, request)
            if user is None or user.person.id != refusal.person_id:
                raise
            return None, user.person  # opened before, and signed in here

    with site.guesses.limited(request, now):
        if site.app_key is None:
            raise AppForged
        opening = read_init_data(given.get("init_data", ""), site.app_key, now)
    cookie, person = await site.database.write(transaction)
    to = f"/sessions/{opening.session_id}" if opening.session_id else home_of(person)
    answer = RedirectResponse(to, SEE_OTHER)
    if cookie is not None:
        theme = packed(given.get("theme", ""))
        site.cookies.enter(answer, cookie, theme, mini_app.SESSION_LASTS)
    return answer


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(MINI_APP, show), Route(MINI_APP, enter, methods=["POST"])]
