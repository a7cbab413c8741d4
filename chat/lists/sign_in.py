"""What is left of a link that stands in a chat: to the pages, or for others (SPEC 9, 10; UX 17).

The message itself cannot be composed anew: only the hash of its link is stored.
"""

from chat.lists.case import ListCase
from chat.screen import Screen
from models import Invitation
from services.queries.people import person_with
from services.queries.sign_in_links import invitation, sign_in_link

INVITATION, PAGE = "invitation", "page"
"""Which kind of link was passed on, in the argument of its message."""


def link_left(case: ListCase, *, is_replaced: bool) -> Screen | None:
    """What the message becomes once its link is of no use; None while it can be used.

    The argument is the link's id.
    """
    reader, link = case.reader, sign_in_link(case.session, int(case.argument))
    if link is not None and link.used_at is not None:
        return Screen(reader.text("✅ You have signed in with this link. /web gives you another."))
    if is_replaced:
        return Screen(reader.text("⬇️ There is a newer link below."))
    if link is not None and case.now < link.expires_at:
        return None
    return Screen(reader.text("This link has expired. /web gives you a new one."))


def passed_on_left(case: ListCase) -> Screen | None:
    """What the message with somebody else's link becomes, likewise; the argument says which."""
    reader = case.reader
    what, _, number = case.argument.partition(":")
    is_invitation = what == INVITATION
    link = (invitation if is_invitation else sign_in_link)(case.session, int(number))
    person = person_with(case.session, link.person_id) if link is not None else None
    if link is None or person is None:
        return Screen(reader.text("This link has expired. /invite gives you a new one."))
    if link.used_at is not None:
        return Screen(reader.text("✅ {name} has used this link.", name=person.name))
    is_revoked = isinstance(link, Invitation) and link.revoked_at is not None
    if not is_revoked and case.now < link.expires_at:
        return None
    return Screen(
        reader.text(
            "The link for {name} has expired. /invite gives you a new one.", name=person.name
        )
    )
