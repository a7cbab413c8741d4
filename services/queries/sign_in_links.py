"""One-time links to the pages (SPEC 10)."""

from models import SignInLink
from services.db import Session


def sign_in_link(session: Session, link_id: int) -> SignInLink | None:
    """A link; None where it is gone."""
    return session.get(SignInLink, link_id)
