"""The frame of the coordinators' pages: who may enter, and the navigation (SPEC 10)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute

from locales.current_user import CurrentUser
from locales.reader import Reader
from services.db import Session
from web.site import own_user, page


@dataclass(frozen=True)
class Section:
    """One section of the coordinators' pages, with its entry in the navigation."""

    address: str
    """Address of its first page, below which all its pages are."""
    name: Callable[[Reader], str]
    routes: Callable[[], Sequence[BaseRoute]]
    is_in_navigation: bool = True
    also: tuple[str, ...] = ()
    """Other addresses whose pages belong to it."""


def coordinator(session: Session, request: Request) -> CurrentUser:
    """The user of a request, who is a coordinator; each page of a section begins with this.

    Refused: NotSignedIn, and OthersEyes for a coordinator who sees as somebody else. To anybody
    else the page does not exist: raises HTTPException 404.
    """
    user = own_user(session, request)
    if not user.person.is_coordinator:
        raise HTTPException(404)
    return user


def admin_page(
    request: Request, template: str, user: CurrentUser, *, status_code: int = 200, **values: Any
) -> HTMLResponse:
    """A page of a section, from a template that extends `admin/base.html`."""
    return page(
        request,
        template,
        user.reader,
        user.person,
        status_code=status_code,
        **values,
    )
