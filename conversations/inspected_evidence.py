"""A file of a parent is looked at as soon as it comes: one that cannot be kept is not counted, and
is refused while another one can still be sent (SPEC 4, 5; UX 8).
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import TypeVar

import structlog
from markupsafe import escape
from telegram import Update
from telegram.constants import ChatAction
from telegram.error import TelegramError

from chat import replies
from chat.context import Context
from chat.current_user import current_user
from chat.incoming import chat_id_of, message_of
from chat.screen import Screen
from chat.slots import outside_slots
from conversations.evidence import EvidenceDraft, with_caption, with_file
from locales.refusals import refusal_text
from models.enums import PartKind
from services.media.fetching import fetch
from services.media.refusals import FileRefusal, FileRefused
from services.ports import FileGoneError, FileUnavailableError
from services.rules.refusals.notes import FileNotKept, FileTooLarge

logger = structlog.get_logger(__name__)

WITHIN_SECONDS = 20.0
"""Seconds for which a person waits: a file that does not come by then is looked at later."""
SILENT_SECONDS, REPEATED_SECONDS = 1.0, 4.0
"""Seconds after which the chat shows that something is done, and after which it does so again."""

D = TypeVar("D", bound=EvidenceDraft)
T = TypeVar("T")


async def with_kept_file(update: Update, context: Context, draft: D) -> D:
    """As `with_file`; of a file that is refused its caption is kept. Refused also: FileNotKept."""
    try:
        added = with_file(update, draft)
        if added.files != draft.files:
            sent = added.files[-1]
            await require_kept(update, context, sent.kind, sent.telegram_file_id, sent.file_name)
    except (FileTooLarge, FileNotKept) as refusal:
        caption = message_of(update).caption
        if not caption:
            raise
        user = await context.app.database.read(current_user, update, context)
        why = refusal_text(user.reader, refusal, user.person.id)
        await replies.say(update, context, Screen(escape(why)))
        return with_caption(draft, caption)
    return added


async def require_kept(
    update: Update, context: Context, kind: PartKind, telegram_file_id: str, file_name: str | None
) -> None:
    """Check that the file of a message can be kept. Refused: FileNotKept.

    One that Telegram does not give now is looked at when it is fetched to be stored.
    """
    source = context.app.file_source
    if source is None:
        return
    work = fetch(source, telegram_file_id, kind, file_name)
    try:
        with outside_slots():
            await _shown(update, context, work)
    except FileRefused as refused:
        raise FileNotKept(
            why=refused.code.value, params=refused.params, file_name=file_name
        ) from None
    except FileGoneError:
        raise FileNotKept(why=FileRefusal.GONE.value, params={}, file_name=file_name) from None
    except (TimeoutError, FileUnavailableError):
        return
    except Exception as error:  # noqa: BLE001 - it is tried again when it is fetched to be stored
        about = message_of(update).message_id
        logger.warning("evidence_not_inspected", message=about, error=type(error).__name__)


async def _shown(update: Update, context: Context, work: Coroutine[None, None, T]) -> T:
    """Do the work; if it takes a while, the chat shows that (UX 9). Raises TimeoutError."""
    task, pause = asyncio.ensure_future(work), SILENT_SECONDS
    try:
        async with asyncio.timeout(WITHIN_SECONDS):
            while not (await asyncio.wait({task}, timeout=pause))[0]:
                pause = REPEATED_SECONDS
                with suppress(TelegramError):
                    await context.bot.send_chat_action(chat_id_of(update), ChatAction.TYPING)
            return task.result()
    finally:
        task.cancel()
