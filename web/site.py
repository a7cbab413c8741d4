"""The site that every page shares, the current user, and the rendering of pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse

from locales.current_user import CurrentUser
from locales.reader import Reader
from models import Person
from models.enums import Channel
from services.db import Database, Session
from services.lifecycle.actors import Actor
from services.people.sign_in import SignIn
from services.ports import Clock, MediaStore
from services.rules.agency import Agency
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import NotFound

FOLDER = Path(__file__).parent
ASSETS = FOLDER / "assets"
ROW_ID = re.compile(r"[1-9][0-9]{0,8}")

_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


@cache
def asset(name: str) -> str:
    """The address of a static file, which changes with its content."""
    digest = sha256((ASSETS / name).read_bytes()).hexdigest()[:12]
    return f"/assets/{name}?v={digest}"


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

    @property
    def is_secure(self) -> bool:
        """Whether the pages are reached by https; then the cookie is sent by https only."""
        return urlsplit(self.base_url or "").scheme == "https"

    @property
    def host(self) -> str | None:
        """The host of `base_url`, with its port if it has one."""
        return urlsplit(self.base_url or "").netloc or None

    @property
    def cookie(self) -> str:
        """The cookie's name, with a prefix by which no other host can set it (RFC 6265bis)."""
        return "__Host-tutorline" if self.is_secure else "tutorline"


def site_of(request: Request) -> Site:
    """The site of a request."""
    return cast(Site, request.app.state.site)


def current_user(session: Session, request: Request) -> CurrentUser:
    """The user of a request. Refused: NotSignedIn."""
    site = site_of(request)
    now = site.clock.now()
    person = site.sign_in.signed_in(session, request.cookies.get(site.cookie), now)
    return CurrentUser.of(person, site.agency, Actor(person.id, Channel.WEB, now))


def stranger_reader(request: Request) -> Reader:
    """The reader for somebody unknown, in the language of their browser."""
    site = site_of(request)
    language = request.headers.get("accept-language", "").split(",")[0].split(";")[0]
    return Reader.for_agency(site.agency, site.clock.now(), language)


def id_in(request: Request) -> int:
    """The id in the address. Refused: NotFound, where no row can have it."""
    given = str(request.path_params["id"])
    if not ROW_ID.fullmatch(given):
        raise NotFound
    return int(given)


def current_user_if_any(session: Session, request: Request) -> CurrentUser | None:
    """The user of a request; None where nobody is signed in."""
    try:
        return current_user(session, request)
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
    **values: Any,
) -> HTMLResponse:
    """A page from `template`, in the reader's language; `person`: whose name it shows."""
    content = _templates.get_template(template).render(
        agency=site_of(request).agency.name,
        language=reader.language.replace("_", "-"),
        reader=reader,
        person=person,
        text=reader.text,
        label=reader.label,
        asset=asset,
        **values,
    )
    return HTMLResponse(content, status_code)
