"""The queue: what waits for a coordinator (SPEC 10)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.reader import Reader
from locales.wording import dispute_reason, status_label
from models.enums import Role
from services.db import Session
from services.queries.dashboard import missed, open_disputes
from services.queries.sessions import SessionView
from web.admin.frame import Section, admin_page, coordinator
from web.site import site_of


@dataclass(frozen=True)
class Row:
    """One matter that waits."""

    session_id: int
    title: str
    slot: str
    state: str
    tone: str


async def show(request: Request) -> Response:
    """The page. Refused: NotSignedIn."""
    site = site_of(request)

    def query(session: Session) -> tuple[CurrentUser, list[Row]]:
        user = coordinator(session, request)
        reader = user.reader
        disputes = [
            _row(reader, one.view, dispute_reason(reader, one.dispute.reason), "bad")
            for one in open_disputes(session)
        ]
        late = [
            _row(
                reader,
                one.view,
                status_label(reader, one.view.status, Role.COORDINATOR, one.kind),
                "warn",
            )
            for one in missed(session, site.agency, reader.now)
        ]
        return user, disputes + late

    user, rows = await site.database.read(query)
    return admin_page(request, "admin/queue.html", user, rows=rows)


def _row(reader: Reader, view: SessionView, state: str, tone: str) -> Row:
    row = view.appointment
    title = f"{view.student.name} · {row.subject} · {view.tutor.name}"
    return Row(view.id, title, reader.slot(row.starts_at, row.ends_at), state, tone)


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route("/admin", show)]


SECTION = Section("/admin", lambda reader: reader.label("Queue"), routes)
