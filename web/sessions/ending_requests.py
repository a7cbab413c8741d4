"""An open request to move a session, which ends with what is asked on a form (UX 18)."""

from locales import deadlines
from locales.reader import Reader
from services.db import Session
from services.lifecycle.open_requests import open_request
from services.queries.sessions import SessionView
from services.rules.refusals.requests import RequestUnseen
from web.forms import Form


def ends_with_it(session: Session, reader: Reader, view: SessionView) -> str:
    """That an open request to move the session ends with what is asked here (UX 18); or nothing."""
    found = open_request(session, view.id)
    return "" if found is None else deadlines.ends_with_it(reader, found)


def require_seen(form: Form, ends: str) -> None:
    """Check that the form showed what ends with it now. Refused: RequestUnseen."""
    if ends and form["ends"] != ends:
        raise RequestUnseen
