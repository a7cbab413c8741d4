"""One-time links: to the pages, and invitations (SPEC 9, 10)."""

from models import Invitation, SignInLink
from services.db import Session


def sign_in_link(session: Session, link_id: int) -> SignInLink | None:
    """A link; None where it is gone."""
    return session.get(SignInLink, link_id)


def invitation(session: Session, invitation_id: int) -> Invitation | None:
    """An invitation; None where it is gone."""
    return session.get(Invitation, invitation_id)
