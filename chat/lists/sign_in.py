"""What is left of a link to the pages that stands in a chat (SPEC 10; UX 17).

The message itself cannot be composed anew: only the hash of its link is stored.
"""

from chat.lists.case import ListCase
from chat.screen import Screen
from services.queries.sign_in_links import sign_in_link


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
