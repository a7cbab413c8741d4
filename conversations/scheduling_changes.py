"""What is typed where a session to be scheduled is confirmed: a length, a tutor, another time.

Anything else leaves what was chosen as it is (UX 19).
"""

import re
from dataclasses import replace
from unicodedata import normalize

from markupsafe import Markup
from telegram import Update

from chat.context import Context
from chat.incoming import message_of
from conversations import wizard
from conversations.scheduling_draft import ScheduleDraft
from conversations.scheduling_questions import ask, case_of, outline_of
from conversations.scheduling_times import take_time
from conversations.scheduling_tutors import take_tutor
from conversations.typed_answers import is_time
from conversations.wizard import Next
from locales.catalogue import phrase
from locales.reader import Reader
from locales.word_lists import one_of
from services.queries.scheduling import tutors_for
from services.rules.scheduling import LONGEST, SHORTEST, read_length

# Translators: words with which people begin when they change what was chosen, as in "make it 2
# hours" or "with Arjun", separated by commas
_CHANGES = phrase(
    "make it, make that, make this, change it to, change to, rather, only, for, with, by, at, on"
)
LEAST_BARE = 30
"""The smallest number by itself that is minutes: a smaller one may be an hour."""
LEAST_NAME = 3
"""Letters of the shortest name of a tutor."""


async def take_change(update: Update, context: Context) -> Next:
    """A length, the name of a tutor, or a time."""
    draft = wizard.draft_of(update, context, ScheduleDraft)
    case = await case_of(update, context, replace(draft, starts_at=None))
    typed = message_of(update).text or ""
    rest = _without_beginning(typed, case.reader)
    if (minutes := _length(rest)) is not None:
        return await ask(update, context, replace(draft, minutes=minutes))
    if rest.replace(" ", "").isalpha() and len(rest) >= LEAST_NAME:
        found = await context.app.database.read(tutors_for, draft.student_id or 0, rest)
        if len(found) == 1:
            return await take_tutor(update, context, draft, found[0].id)
    if is_time(case.reader, outline_of(case), draft, typed):
        return await take_time(update, context)
    return await ask(update, context, draft, told=[_unread(case.reader)])


def _length(typed: str) -> int | None:
    minutes = read_length(typed)
    if minutes is None or not SHORTEST <= minutes <= LONGEST:
        return None
    return None if typed.isdecimal() and minutes < LEAST_BARE else minutes


def _without_beginning(typed: str, reader: Reader) -> str:
    """The text without the words with which a change begins."""
    text = " ".join(normalize("NFKC", typed).casefold().strip(" .!,").split())
    return re.sub(rf"^(?:(?:{one_of(_CHANGES, reader.language)}) )+", "", text)


def _unread(reader: Reader) -> Markup:
    return reader.text(
        "I cannot read that, so nothing has changed. You can type another time, a length like "
        "<i>75 min</i> or the name of a tutor."
    )
