"""The frame of the coordinators' pages: who may enter, and a page of a section (SPEC 10)."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from locales.current_user import CurrentUser
from services.db import Session
from web.site import own_user, page


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
