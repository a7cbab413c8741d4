"""What a cell has to come to: told, or alerted; hardly doubled; nobody left behind."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from models import AuditEvent, InboxUpdate, NotePart, OutboxMessage, Person
from sandbox.wire import Json
from services.db import Session
from tests.end_to_end.stage import Stage
from tests.faults.casts import Cast, quiet

CALL = "/language"
"""A command that everybody may use at any time, for the question whether a chat is answered."""
ANSWERS = "sendMessage"
TIME = re.compile(r"\d\d:\d\d")
ON_ITS_WAY = "\n⏳ 1 file is still being saved"
"""What a tally says until its file is stored: it is told by the next one, or by *Done*."""


@dataclass(frozen=True)
class Heard:
    """What a cast heard: by whose chat it was and the text, how often."""

    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: frozenset[tuple[str, str]] = frozenset()
    """Also by an edit, or by the toast of a tap."""


def heard_by(cast: Cast, calls: Sequence[Json], taps: dict[str, int]) -> Heard:
    """What the accepted calls showed in the cast's chats."""
    sent: Counter[tuple[str, str]] = Counter()
    shown: set[tuple[str, str]] = set()
    for call in calls:
        role = cast.chats.get(chat_of(call, taps))
        if role is None or call["status"] != 200:
            continue
        text = text_of_call(call)
        if call["method"].startswith("send") and call["method"] != "sendChatAction":
            sent[role, text] += 1
        if text:
            shown.add((role, text))
    return Heard(sent, frozenset(shown))


def chat_of(call: Json, taps: dict[str, int]) -> int:
    """The chat that a call was for; 0 where it was for none."""
    fields = call["fields"]
    return int(fields.get("chat_id") or taps.get(str(fields.get("callback_query_id")), 0))


def text_of_call(call: Json) -> str:
    """The text that a call shows, without times of day; the method of a file without a caption."""
    fields = call["fields"]
    if text := fields.get("text") or fields.get("caption"):
        return TIME.sub("hh:mm", str(text))
    return call["method"] if call["method"].startswith("send") else ""


@dataclass(frozen=True)
class Records:
    """The rows that tell what became of a cell."""

    set_aside: int
    """Updates of the cast that are set aside."""
    given_up: int
    """Messages to the cast that are given up."""
    waiting: int
    """Updates and messages that are neither."""
    is_out_of_reach: bool
    """Whether somebody of the cast is marked as unreachable."""
    deeds: Counter[str]
    """Entries of the session's audit trail."""
    alerts_due: tuple[str, ...]
    """Keys of the alerts that the group must have had, and has not."""


def records_of(
    session: Session, cast: Cast, now: datetime, first_update: int | None = None
) -> Records:
    """Read what the database says of a cast at this time.

    `first_update`: number of the first update since the cast acts alone. One that the database does
    not take with its content is set aside without a chat: if it came later, it is the cast's.
    """
    chats = list(cast.chats)
    is_theirs: ColumnElement[bool] = col(InboxUpdate.chat_id).in_(chats)
    if first_update is not None:
        is_late = col(InboxUpdate.update_id) >= first_update
        is_theirs |= col(InboxUpdate.chat_id).is_(None) & is_late
    updates = session.exec(select(InboxUpdate).where(is_theirs)).all()
    messages = session.exec(
        select(OutboxMessage).where(col(OutboxMessage.person_id).in_(cast.person_ids))
    ).all()
    people = session.exec(select(Person).where(col(Person.id).in_(cast.person_ids))).all()
    deeds = session.exec(
        select(AuditEvent.action).where(AuditEvent.appointment_id == cast.appointment_id)
    ).all()
    aside = [one for one in updates if one.set_aside_at]
    failed = [one for one in messages if one.failed_at]
    keys = [f"update_set_aside:{one.bot_id}:{one.update_id}" for one in aside]
    keys += [f"message_given_up:{one.id}" for one in failed]
    told = session.exec(
        select(OutboxMessage.dedupe_key).where(
            col(OutboxMessage.dedupe_key).in_(keys), col(OutboxMessage.sent_at).is_not(None)
        )
    ).all()
    undone = [one for one in updates if not one.done_at and not one.set_aside_at]
    unsent = [
        one for one in messages if not one.sent_at and not one.failed_at and one.due_at <= now
    ]
    return Records(
        set_aside=len(aside),
        given_up=len(failed),
        waiting=len(undone) + len(unsent),
        is_out_of_reach=any(one.unreachable_since for one in people),
        deeds=Counter(str(one) for one in deeds),
        alerts_due=tuple(set(keys) - set(told)),
    )


def troubles(
    usual: Heard,
    deeds: Counter[str],
    heard: Heard,
    records: Records,
    blocking: str = "",
    faults: int = 1,
) -> list[str]:
    """What is wrong with a cell, in words; nothing where it is as it has to be.

    `blocking`: whose chat takes nothing from the bot, so that what they asked for is done all the
    same, and nobody is told. `faults`: how many there were, each of which may have fallen on the
    record of another message: no message is repeated more than once, and no more than these.
    """
    wrong = [f"no alert {key}" for key in records.alerts_due]
    if records.waiting and not records.is_out_of_reach:
        wrong.append(f"{records.waiting} left behind")
    is_alerted = records.set_aside or records.given_up or records.is_out_of_reach
    told = {(role, text.removesuffix(ON_ITS_WAY)) for role, text in heard.shown}
    missing = {
        (role, text)
        for role, text in usual.shown
        if role != blocking and (role, text.removesuffix(ON_ITS_WAY)) not in told
    }
    if missing and not is_alerted:
        wrong.append(f"not told: {sorted(missing)}")
    doubled = {one: n - usual.sent[one] for one, n in heard.sent.items() if n > usual.sent[one] > 0}
    if sum(doubled.values()) > faults or max(doubled.values(), default=0) > 1:
        wrong.append(f"doubled: {doubled}")
    if records.deeds - deeds:
        wrong.append(f"done twice: {records.deeds - deeds}")
    if deeds - records.deeds and not records.set_aside:
        wrong.append(f"not done: {deeds - records.deeds}")
    return wrong


async def unstored_files(stage: Stage) -> list[str]:
    """Files that are not stored even some minutes after the last fault."""
    await stage.forward(minutes=2)
    await quiet(stage)
    with stage.database.reading() as session:
        found = session.exec(
            select(NotePart.id).where(
                col(NotePart.telegram_file_id).is_not(None),
                col(NotePart.stored_at).is_(None),
                col(NotePart.removed_at).is_(None),
            )
        )
        return [f"file {number} is not stored" for number in found.all()]


async def require_reachable(stage: Stage, cells: Sequence[tuple[str, Cast]]) -> list[str]:
    """Everybody asks for something more; who gets no answer."""
    newest = stage.world.calls.all()[-1]["id"]  # of many calls the sandbox forgets the first
    for _, cast in cells:
        cast.tutor.send_text(CALL)
        cast.parent.send_text(CALL)
    await quiet(stage)
    calls = [one for one in stage.world.calls.all(ANSWERS) if one["id"] > newest]
    answered = {int(one["fields"]["chat_id"]) for one in calls if one["status"] == 200}
    return [
        f"{name}: the {role} gets no answer any more"
        for name, cast in cells
        for chat, role in cast.chats.items()
        if chat not in answered
    ]
