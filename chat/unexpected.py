"""What is said to a message that belongs to nothing (SPEC 9)."""

from chat.current_user import CurrentUser
from chat.screen import Screen


def unexpected_screen(user: CurrentUser) -> Screen:
    """The sentence on what can be done instead."""
    reader = user.reader
    if user.person.is_tutor:
        return Screen(
            reader.text(
                "I have not kept that. For a session's notes, send /notes first, then this again. "
                "All else is under /help."
            )
        )
    return Screen(reader.text("I did not expect a message now. What I can do is under /help."))
