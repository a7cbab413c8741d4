"""One's own settings, and browsers in which one is signed in, to be ended (SPEC 1, 10)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.catalogue import languages
from locales.current_user import CurrentUser
from locales.people_words import device_words
from models import WebSession
from services.db import Session
from services.notifications.menus import menu_follows
from services.people import accounts
from services.people.devices import end_device, end_others
from services.people.entries import zone_or_none
from services.queries.person_page import devices_of
from web.forms import Form, attempt, read_form
from web.site import id_in, own_user, page, site_of

PATH = "/devices"
SEE_OTHER = 303


async def show(request: Request) -> Response:
    """The page. Refused: NotSignedIn, OthersEyes."""
    return await _page(request, None)


async def _page(request: Request, form: Form | None) -> Response:
    """The page; `form`: settings that were refused."""

    def query(session: Session) -> tuple[CurrentUser, WebSession, list[WebSession]]:
        user = own_user(session, request)
        this = _this(session, request, user)
        return user, this, devices_of(session, user.person.id, user.actor.now)

    user, this, found = await site_of(request).database.read(query)
    reader, person = user.reader, user.person
    given = {"language": reader.language, "time_zone": person.time_zone or ""}
    return page(
        request,
        "devices.html",
        reader,
        person,
        status_code=409 if form else 200,
        section=PATH,
        form=form or Form(given),
        languages=languages(),
        agency_zone=site_of(request).agency.zone.key,
        told=reader.label("Saved.") if request.query_params.get("done") else "",
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


async def change_settings(request: Request) -> Response:
    """Set the language and the time zone in which one reads. Refused: NotSignedIn."""
    form = await read_form(request)

    def transaction(session: Session) -> None:
        user = own_user(session, request)
        zone = attempt(form, user, "time_zone", zone_or_none, form["time_zone"])
        if form["language"] not in dict(languages()):
            form.errors["language"] = user.reader.label("Please choose a language.")
        if form.errors:
            return
        accounts.set_language(session, user.person, form["language"])
        accounts.set_time_zone(session, user.person, zone or "", user.actor.now)
        menu_follows(session, user.person, user.actor.now)

    await site_of(request).database.write(transaction)
    if form.errors:
        return await _page(request, form)
    site_of(request).has_acted()
    return RedirectResponse(f"{PATH}?done=1", SEE_OTHER)


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
        Route(f"{PATH}/settings", change_settings, methods=["POST"]),
        Route(f"{PATH}/end-others", end_all_others, methods=["POST"]),
        Route(f"{PATH}/{{id}}/end", end_one, methods=["POST"]),
    ]
