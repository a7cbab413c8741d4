"""Finding anybody or anything from any of the coordinators' pages (SPEC 10)."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.wording import state_label
from models.enums import Role
from services.db import Session
from services.queries.anything import MOST, Anything, find_anything
from web.admin.frame import admin_page, coordinator
from web.admin.people_rows import person_rows, student_rows
from web.navigation import Section
from web.session_rows import TONES
from web.site import site_of

PATH = "/admin/find"
SEARCH_LIMIT = 100


async def show(request: Request) -> Response:
    """What the search of the address found."""
    search = request.query_params.get("q", "").replace("\0", "").strip()[:SEARCH_LIMIT]

    def query(session: Session) -> tuple[CurrentUser, Anything]:
        user, agency = coordinator(session, request), site_of(request).agency
        return user, find_anything(session, search, agency, user.reader.now)

    user, found = await site_of(request).database.read(query)
    reader, view = user.reader, found.session
    return admin_page(
        request,
        "admin/find.html",
        user,
        search=search,
        people_found=person_rows(reader, found.people[:MOST]),
        children=student_rows(reader, found.students[:MOST]),
        alike=list(dict.fromkeys(one.name for one in found.alike)),
        has_more=max(len(found.people), len(found.students)) > MOST,
        view=view,
        sessions=f"/admin/sessions?{urlencode({'text': search})}" if found.has_sessions else "",
        slot=reader.slot(view.appointment.starts_at, view.appointment.ends_at) if view else "",
        status=state_label(reader, view, Role.COORDINATOR) if view else "",
        tone=TONES[view.status] if view else "",
    )


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(PATH, show)]


SECTION = Section(PATH, lambda reader: reader.label("Find"), routes, is_in_navigation=False)
