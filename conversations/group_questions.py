"""Questions that are answered by one person alone, in their own chat or in a group (SPEC 5)."""

from markupsafe import Markup
from telegram import Update

from chat.incoming import is_private
from locales.current_user import CurrentUser


def for_one_person(update: Update, user: CurrentUser, question: Markup) -> Markup:
    """The question, and how it is answered or left.

    In a group it names the person, since only they may answer, and asks for a reply: the bot does
    not see what else they write there.
    """
    reader, asked = user.reader, update.effective_user
    if asked is None or is_private(update):
        return question + "\n" + reader.text("/stop leaves it as it is.")
    name = Markup('<a href="tg://user?id={}">{}</a>').format(asked.id, user.person.name)
    way = reader.text("Please reply to this message. /stop leaves it as it is.")
    return name + ": " + question + "\n" + way
