"""Browsers in which one is signed in, and ending them (SPEC 10)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.people_words import device_words
from models import WebSession
from services.db import Session
from services.people.devices import end_device, end_others
from services.queries.person_page import devices_of
from web.forms import Form, read_form
from web.site import id_in, own_user, page, site_of

PATH = "/devices"
SEE_OTHER = 303


async def show(request: Request) -> Response:
    """The page. Refused: NotSignedIn, OthersEyes."""

    def query(session: Session) -> tuple[CurrentUser, WebSession, list[WebSession]]:
        user = own_user(session, request)
        this = _this(session, request, user)
        return user, this, devices_of(session, user.person.id, user.actor.now)

    user, this, found = await site_of(request).database.read(query)
    reader = user.reader
    return page(
        request,
        "devices.html",
        reader,
        user.person,
        section=PATH,
        form=Form(),
        devices=[
            (
                one.id,
                device_words(reader, one),
                reader.dated_moment(one.created_at),
                reader.dated_moment(one.expires_at),
                one.id == this.id,
            )
            for one in found
        ],
    )


async def end_one(request: Request) -> Response:
    """End one of them. Refused: NotSignedIn."""
    await read_form(request)

    def transaction(session: Session) -> None:
        user = own_user(session, request)
        end_device(session, user.actor, id_in(request))

    await site_of(request).database.write(transaction)
    return RedirectResponse(PATH, SEE_OTHER)


async def end_all_others(request: Request) -> Response:
    """End all but this one. Refused: NotSignedIn."""
    await read_form(request)

    def transaction(session: Session) -> None:
        user = own_user(session, request)
        end_others(session, user.actor, _this(session, request, user))

    await site_of(request).database.write(transaction)
    return RedirectResponse(PATH, SEE_OTHER)


def _this(session: Session, request: Request, user: CurrentUser) -> WebSession:
    site = site_of(request)
    cookie = site.cookies.session(request.cookies)
    return site.sign_in.browser_session(session, cookie, user.actor.now)


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route(PATH, show),
        Route(f"{PATH}/end-others", end_all_others, methods=["POST"]),
        Route(f"{PATH}/{{id}}/end", end_one, methods=["POST"]),
    ]
