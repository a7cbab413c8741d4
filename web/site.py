"""What every page reaches, who opens it, and how one is put out."""

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
    """The address of a style sheet or picture; another one when its content is another."""
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
    """Where people reach the pages (`WEB_BASE_URL`); None: where they are served."""
    media_origin: str | None = None
    """Where signed links lead, as `https://host`: pages show photos from there."""
    bot_link: Callable[[], str | None] = lambda: None
    """Where one tap asks the bot for a link to sign in with; None where there is no such place."""

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by https; then the cookie goes by nothing else."""
        return urlsplit(self.base_url or "").scheme == "https"

    @property
    def host(self) -> str | None:
        """The host of `base_url`, with its port if it has one."""
        return urlsplit(self.base_url or "").netloc or None

    @property
    def cookie(self) -> str:
        """Its name; with the prefix no other host can set it (RFC 6265bis)."""
        return "__Host-tutorline" if self.is_secure else "tutorline"


def site_of(request: Request) -> Site:
    """The site whose page this is."""
    return cast(Site, request.app.state.site)


def current_user(session: Session, request: Request) -> CurrentUser:
    """Who opens a page. Refused: NotSignedIn."""
    site = site_of(request)
    now = site.clock.now()
    person = site.sign_in.signed_in(session, request.cookies.get(site.cookie), now)
    return CurrentUser.of(person, site.agency, Actor(person.id, Channel.WEB, now))


def stranger_reader(request: Request) -> Reader:
    """Somebody of whom we know no more than which language their browser asks for."""
    site = site_of(request)
    language = request.headers.get("accept-language", "").split(",")[0].split(";")[0]
    return Reader.for_agency(site.agency, site.clock.now(), language)


def id_in(request: Request) -> int:
    """The number of a row, in the address. Refused: NotFound, where no row can have it."""
    given = str(request.path_params["id"])
    if not ROW_ID.fullmatch(given):
        raise NotFound
    return int(given)


def current_user_if_any(session: Session, request: Request) -> CurrentUser | None:
    """Who opens a page; None where nobody is signed in."""
    try:
        return current_user(session, request)
    except Refusal:
        return None


async def anybodys_reader(request: Request) -> tuple[Reader, Person | None]:
    """How to word a page for whoever opens it, and who that is, if they are signed in."""
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
    """A page of `template`, in the reader's language; `person` is whose name stands on it."""
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
