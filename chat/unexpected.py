"""What is said to a message that belongs to nothing (SPEC 9)."""

from chat.current_user import CurrentUser
from chat.screen import Screen


def unexpected_screen(user: CurrentUser) -> Screen:
    """The sentence on what can be done instead."""
    reader = user.reader
    if user.person.is_tutor:
        return Screen(
            reader.text(
                "I have not kept that. If it belongs to a session's notes, send /notes first, "
                "then send it again. /help shows what else I can do."
            )
        )
    return Screen(reader.text("I am not sure what to do with that. /help shows what I can do."))
