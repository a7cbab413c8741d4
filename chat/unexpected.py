"""What is said to a message that belongs to nothing (SPEC 9; UX 19)."""

from chat import keyboards
from chat.callbacks import RunCommand
from chat.current_user import CurrentUser
from chat.keyboards import Rows
from chat.menus import commands_for, spoken_of
from chat.screen import Screen


def unexpected_screen(user: CurrentUser, text: str) -> Screen:
    """The sentence on what can be done instead; with the command that the text speaks of."""
    reader = user.reader
    rows = run_button(spoken_of(text, commands_for(reader, user.person)))
    if user.person.is_tutor:
        told = reader.text(
            "I have not kept that. If it belongs to a session's notes, send /notes first, "
            "then send it again. /help shows what else I can do."
        )
        return Screen(told, rows)
    told = reader.text("I am not sure what to do with that. /help shows what I can do.")
    return Screen(told, rows)


def run_button(command: str | None) -> Rows:
    """A button that does what a command does; none without one."""
    if command is None:
        return ()
    return ((keyboards.button(f"/{command}", RunCommand(command)),),)
