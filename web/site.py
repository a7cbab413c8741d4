"""The site that every page shares, the current user, and the rendering of pages."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Match

from locales.current_user import CurrentUser
from locales.reader import Reader
from models import Person
from models.enums import Channel
from services.db import Database, Session
from services.feeds.addresses import FeedAddresses
from services.imports.page_runs import ImportRuns
from services.lifecycle.actors import Actor
from services.people.sign_in import SignIn
from services.ports import Clock, MediaStore
from services.queries.kept import Kept
from services.rules.agency import Agency
from services.rules.refusals import Refusal
from services.rules.refusals.links import OthersEyes
from services.rules.refusals.sessions import NotFound
from services.sessions.penalty_sheet import Penalties
from web.changes import Changes
from web.cookies import Cookies
from web.guards import READING, nonce_of
from web.guesses import Guesses
from web.kept_forms import words_sent
from web.navigation import ADMIN, FAMILY, TUTOR, coordinators_entries, sections_of
from web.static_files import asset
from web.themes import is_dark, styles, unpacked

ROW_ID = re.compile(r"[1-9][0-9]{0,8}")
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
UPLOADS_AT_ONCE = 2
TELEGRAM_FRAMES = "https://web.telegram.org https://webk.telegram.org https://weba.telegram.org"
"""Telegram's web clients."""


@dataclass(frozen=True)
class Site:
    """The parts that `bot.py` puts together for the pages."""

    database: Database
    clock: Clock
    agency: Agency
    media: MediaStore
    sign_in: SignIn
    base_url: str | None = None
    """The public address of the pages (`WEB_BASE_URL`); None: the address of the server."""
    media_origin: str | None = None
    """The origin of signed links, as `https://host`: pages show photos from there."""
    bot_link: Callable[[], str | None] = lambda: None
    """The link that asks the bot, in one tap, for a link to sign in with; None if there is none."""
    app_key: bytes | None = None
    """Key with which Telegram signs who opened the Mini App; None: there is no Mini App."""
    app_frames: str = TELEGRAM_FRAMES
    """Origins that may show the pages in a frame, where they are signed in inside Telegram."""
    invitations: list[Callable[[str], str]] = field(default_factory=list)
    """Makes the deep link of an invitation's token; empty as long as no bot runs beside."""
    penalties: Penalties = field(default_factory=Penalties)
    changes: Changes = field(default_factory=Changes)
    """What open pages follow."""
    uploading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(UPLOADS_AT_ONCE))
    """Held while a file is checked, which may take much memory."""
    after_notes: list[Callable[[int], None]] = field(default_factory=list)
    """Called with the id of a note batch that a page has changed: the chat shows its tally."""
    after_acts: list[Callable[[], None]] = field(default_factory=list)
    """Called after a page has acted: the bot's messages are sent at once."""

    imports: ImportRuns = field(default_factory=ImportRuns)
    """Imports that run for a page."""
    guesses: Guesses = field(default_factory=Guesses)
    kept: Kept = field(default_factory=Kept)
    """What analytics and billing have counted."""

    def has_acted(self) -> None:
        """Let the bot and the open pages show what a page has just done."""
        self.changes.wake()
        for each in self.after_acts:
            each()

    @property
    def is_secure(self) -> bool:
        """Whether the pages are reached by https; then the cookie is sent by https only."""
        return urlsplit(self.base_url or "").scheme == "https"

    @property
    def host(self) -> str | None:
        """The host of `base_url`, with its port if it has one."""
        return urlsplit(self.base_url or "").netloc or None

    @property
    def feeds(self) -> FeedAddresses:
        """The addresses of calendar feeds."""
        return FeedAddresses(self.sign_in.secret)

    def address_for(self, request: Request) -> str:
        """The address of the pages, for what leads back to them from elsewhere."""
        return (self.base_url or str(request.base_url)).rstrip("/")

    @property
    def cookies(self) -> Cookies:
        """The cookies of the pages."""
        return Cookies(self.is_secure)


def site_of(request: Request) -> Site:
    """The site of a request."""
    return cast(Site, request.app.state.site)


def current_user(session: Session, request: Request) -> CurrentUser:
    """The user of a request: for a coordinator who sees as somebody else, that person.

    Refused: NotSignedIn; OthersEyes, where something would be done through somebody else's eyes.
    """
    user = viewer(session, request)
    if request.state.seen_by is not None and request.method not in READING:
        raise OthersEyes(who=user.person.name)
    return user


def own_user(session: Session, request: Request) -> CurrentUser:
    """The user of a request, as themselves: for what is nobody else's to see.

    Refused: NotSignedIn; OthersEyes, for a coordinator who sees as somebody else.
    """
    user = current_user(session, request)
    if request.state.seen_by is not None:
        raise OthersEyes(who=user.person.name)
    return user


def viewer(session: Session, request: Request) -> CurrentUser:
    """As `current_user`, for pages that only show something. Refused: NotSignedIn.

    Every page of this request says whose eyes it is seen with, if not the reader's own.
    """
    site = site_of(request)
    now = site.clock.now()
    looking = site.sign_in.looking(session, site.cookies.session(request.cookies), now)
    person, seen = looking.person, looking.seen_as
    user = CurrentUser.of(person, site.agency, Actor(person.id, Channel.WEB, now))
    request.state.seen_by = user if seen is not None else None
    if seen is None:
        return user
    return CurrentUser.of(seen, site.agency, Actor(seen.id, Channel.WEB, now))


def stranger_reader(request: Request) -> Reader:
    """The reader for somebody unknown, in the language of their browser."""
    site = site_of(request)
    language = request.headers.get("accept-language", "").split(",")[0].split(";")[0]
    return Reader.for_agency(site.agency, site.clock.now(), language)


def id_in(request: Request) -> int:
    """The id in the address. Refused: NotFound, where no row can have it."""
    return row_id(str(request.path_params["id"]))


def row_id(given: str) -> int:
    """The id that an address or a form gives. Refused: NotFound, where no row can have it."""
    if not ROW_ID.fullmatch(given):
        raise NotFound
    return int(given)


def row_id_if_any(given: str) -> int | None:
    """The id that an address gives; None where no row can have it."""
    return int(given) if ROW_ID.fullmatch(given) else None


def page_number(request: Request) -> int:
    """The page of a list that the address asks for; the first if it is not a number."""
    given = request.query_params.get("page", "")
    return int(given) if PAGE_NUMBER.fullmatch(given) else 1


def current_user_if_any(session: Session, request: Request) -> CurrentUser | None:
    """The user of a request; None where nobody is signed in."""
    try:
        return viewer(session, request)
    except Refusal:
        return None


async def anybodys_reader(request: Request) -> tuple[Reader, Person | None]:
    """The reader for a request, and the person if one is signed in."""
    user = await site_of(request).database.read(current_user_if_any, request)
    return (user.reader, user.person) if user else (stranger_reader(request), None)


def page(
    request: Request,
    template: str,
    reader: Reader,
    person: Person | None = None,
    *,
    status_code: int = 200,
    section: str | None = None,
    read_at: str | None = None,
    unsent: Sequence[str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page from `template`, in the reader's language; `person`: whose name it shows.

    `section`: the address of its section, where its own address does not begin with it. `read_at`:
    the address at which it can be read again, where it answers a form at another one; without one
    it is the form's own, if it can be read, and empty it is none: a browser that goes back to an
    answer asks for this address, since it does not send the form again. `unsent`:
    what was written in vain, to be shown with a refusal; None: all that the form held.
    """
    from web.rendering import templates  # noqa: PLC0415 - loaded with the first page

    chosen = templates().get_template(template)
    site = site_of(request)
    seen_by: CurrentUser | None = getattr(request.state, "seen_by", None) if person else None
    has_forms = person is not None and seen_by is None
    token = site.cookies.session(request.cookies)
    is_app = site.cookies.is_app(request.cookies)
    colours = unpacked(request.cookies.get(site.cookies.theme, "")) if is_app else {}
    at = section or f"/{request.url.path.split('/')[1]}"
    content = chosen.render(
        agency=site.agency.name,
        language=reader.language.replace("_", "-"),
        reader=reader,
        person=person,
        text=reader.text,
        label=reader.label,
        texts=reader.texts,
        asset=asset,
        nonce=nonce_of(request),
        seen_by=seen_by,
        csrf=site.sign_in.form_token(token) if has_forms else "",
        is_app=is_app or template == "app.html",
        light=("dark" if is_dark(colours) else "light") if colours else None,
        colours=styles(colours) if colours else None,
        theme_cookie=site.cookies.theme,
        sections=sections_of(reader, person) if person else (),
        at=at,
        read_at=_read_again_at(request, read_at),
        unsent=words_sent(request) if unsent is None else unsent,
        desk=_entries(request, reader, person, at) if person and seen_by is None else (),
        **values,
    )
    return HTMLResponse(content, status_code)


def _read_again_at(request: Request, named: str | None) -> str | None:
    """Where the answer to a form can be read again; None where it cannot, or answers no form."""
    if request.method != "POST" or named is not None:
        return named if request.method == "POST" else None
    reading, router = {**request.scope, "method": "GET"}, request.scope["pages"]
    can_be_read = any(route.matches(reading)[0] is Match.FULL for route in router.routes)
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}" if can_be_read else None


def _entries(
    request: Request, reader: Reader, person: Person, at: str
) -> list[tuple[str, str, bool]]:
    """The coordinators' entries, which stand on all pages but those of other roles."""
    if not person.is_coordinator or at in (TUTOR, FAMILY):
        return []
    path = request.url.path
    below = f"{ADMIN}{path}" if path.startswith("/sessions/") else path
    return coordinators_entries(request.app.state.admin_sections(), reader, below)
