"""A tutor's students on a page: weekly times and the next session of each (SPEC 7, 10)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from services.db import Session
from services.queries.booked_students import BookedStudent, students_of_tutor
from services.queries.matches import MatchView
from services.rules.refusals.standing import NotTutor
from web.match_rows import booked_row, match_row
from web.site import current_user, page, site_of

PATH = "/tutor/students"


async def show(request: Request) -> Response:
    """The page. Refused: NotSignedIn, NotTutor."""

    def query(session: Session) -> tuple[CurrentUser, list[MatchView], list[BookedStudent]]:
        user = current_user(session, request)
        if not user.person.is_tutor:
            raise NotTutor
        return user, *students_of_tutor(session, user.person, user.reader.now)

    user, found, others = await site_of(request).database.read(query)
    rows = [match_row(user.reader, one) for one in found]
    rows += [booked_row(user.reader, one) for one in others]
    return page(request, "tutor_students.html", user.reader, user.person, rows=rows)


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(PATH, show)]
