"""The button under a refusal that leads on, if it has one (UX 6)."""

from chat import callbacks, keyboards
from chat.keyboards import Rows
from locales.reader import Reader
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import TooLateToChange


def way_on(reader: Reader, refusal: Refusal, *, with_words: bool = False) -> Rows:
    """*Tell the coordinators*, where only they can change a session; toasts have no buttons.

    `with_words`: what was written stands above, and is what they are told.
    """
    match refusal:
        case TooLateToChange(appointment_id=about, starts_at=at) if reader.now < at:
            tells = callbacks.TellWritten if with_words else callbacks.TellCoordinators
            does = tells(about)
            return ((keyboards.button(reader.label("Tell the coordinators"), does),),)
    return ()
