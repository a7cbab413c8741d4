"""What a failed call of Telegram means, for the outbox relay and for answers to taps.

This is the only place that decides it. Telegram has no codes for most of it: see `bad_requests`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from chat import bad_requests
from chat.bot_answers import AnswerLost, HttpError
from chat.bot_request import NoFreeConnection
from chat.slots import outside_slots

TRIES = 5
"""How often a call is tried that fails while Telegram answers others."""
TRIES_IN_DOUBT = 2
"""The same where each try may have delivered the message: at most one is a repetition."""
PATIENCE = 20
"""After so many failures in a row, even a lost connection or a 502 is laid to the message, if
Telegram answers other calls."""


@dataclass
class Tries:
    """Tries of one thing that failed in a row."""

    failures: int = 0
    in_doubt: int = 0
    """After how many of them, in this process, it may have been delivered all the same."""

    def add(self, error: Exception) -> None:
        """Count a try that has failed."""
        self.failures += 1
        self.in_doubt += isinstance(error, AnswerLost)


@dataclass(frozen=True)
class OutOfReach:
    """Telegram itself is out of reach, or asks to wait: wait, and count nothing."""

    seconds: float | None = None
    """How long Telegram asks to wait; None where it does not say."""


@dataclass(frozen=True)
class ReaderGone:
    """The person blocked the bot: what is meant for them waits until they write again."""


@dataclass(frozen=True)
class GroupRefuses:
    """The group is gone, or the bot may not write there: wait, and tell coordinators privately."""

    reason: str
    """Telegram's words."""


@dataclass(frozen=True)
class Moved:
    """The group has a new id."""

    new_chat_id: int


@dataclass(frozen=True)
class Refused:
    """Telegram will never take this message: give it up, and tell the coordinators."""


@dataclass(frozen=True)
class FailsAlone:
    """Only this call fails: after so many tries give it up, and tell the coordinators."""

    tries: int


Verdict = OutOfReach | ReaderGone | GroupRefuses | Moved | Refused
Outcome = Verdict | FailsAlone


def verdict_of(error: Exception, *, in_group: bool) -> Verdict | None:
    """The meaning of an answer that is clear by itself; None for all other errors."""
    match error:
        case RetryAfter():
            return OutOfReach(seconds_of(error))
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return GroupRefuses(error.message) if in_group else ReaderGone()
        case BadRequest() if bad_requests.is_about_chat(error):
            return GroupRefuses(error.message) if in_group else ReaderGone()
        case BadRequest():
            return Refused()
    return None


async def outcome_of(
    bot: Bot, error: TelegramError, tries: Tries, pauses: Sequence[float], *, in_group: bool
) -> Outcome:
    """What to do after an error of Telegram's, the last of `tries`.

    What is not clear by itself is laid to this call only if Telegram answers another one. What may
    have been delivered is not sent again before Telegram does, which is asked after each of
    `pauses`, in seconds, and after the last of them again and again.
    """
    verdict = verdict_of(error, in_group=in_group)
    if verdict is not None:
        return verdict
    if tries.in_doubt >= TRIES_IN_DOUBT:
        return FailsAlone(tries=1)
    is_at_work = await _answers(bot)
    if isinstance(error, AnswerLost):
        if is_at_work:
            return FailsAlone(TRIES_IN_DOUBT)
        await _until_it_answers(bot, pauses)
    if not is_at_work:
        return OutOfReach()
    if _is_of_the_network(error) and tries.failures < PATIENCE:
        return OutOfReach()
    return FailsAlone(TRIES)


def seconds_of(error: RetryAfter) -> float:
    """The seconds that Telegram asks to wait."""
    asked = error.retry_after
    return float(asked) if isinstance(asked, int) else asked.total_seconds()


async def _until_it_answers(bot: Bot, pauses: Sequence[float]) -> None:
    asked = 0
    with outside_slots():
        while not await _answers(bot):
            await asyncio.sleep(pauses[min(asked, len(pauses) - 1)])
            asked += 1


async def _answers(bot: Bot) -> bool:
    try:
        await bot.get_me()
    except TelegramError:
        return False
    return True


def _is_of_the_network(error: TelegramError) -> bool:
    """Whether the way to Telegram failed rather than this call."""
    if isinstance(error, HttpError):
        return error.status == HTTPStatus.TOO_MANY_REQUESTS or (
            error.status > HTTPStatus.INTERNAL_SERVER_ERROR
        )
    if isinstance(error, TimedOut):
        return isinstance(error, NoFreeConnection)
    return isinstance(error, NetworkError)
