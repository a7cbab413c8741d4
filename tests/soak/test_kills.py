"""SIGKILL before and after every statement, commit and call of many flows (DESIGN 2, 5 and 6)."""

import os
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from sqlmodel import col, func, select

from models import (
    Appointment,
    AuditEvent,
    BillingLine,
    BillingMonth,
    BillingStatement,
    Cancellation,
    Dispute,
    EvidenceFile,
    Guardianship,
    InboxUpdate,
    Invitation,
    Match,
    MatchSlot,
    NoteBatch,
    NotePart,
    OutboxMessage,
    Package,
    PackageEntry,
    Person,
    ProblemReply,
    ProblemReport,
    RescheduleProposal,
    RescheduleThread,
    Student,
    TutorLeave,
)
from services.db import Session
from tests.databases import Databases
from tests.faults.casts import Cast
from tests.faults.flows import FLOWS
from tests.soak.chat_plays import CHAT_PLAYS
from tests.soak.page_plays import PAGE_PLAYS
from tests.soak.play import Play, done, played
from tests.soak.site import Site, opened

POINTS = int(os.environ.get("SOAK_POINTS", "2"))
"""How many points of each flow are tried, evenly spread; no more than it has."""
PLAYS = (*map(played, FLOWS), *CHAT_PLAYS, *PAGE_PLAYS)
PLAYED = PLAYS if "SOAK_POINTS" in os.environ else PLAYS[3:12:4]
"""By itself, check-out, acknowledging and a cancellation."""
UNCOUNTED = 1_000_000
AT_ONCE = 20
"""So many casts are made ready before the first of them plays."""
ENOUGH = 3
"""After so many points in a row that were not reached, the flow is over: what was counted with it
was done in the background.
"""
WRITTEN = (
    *(Appointment, NoteBatch, Dispute, EvidenceFile, ProblemReport, ProblemReply, Cancellation),
    *(RescheduleThread, RescheduleProposal, Match, MatchSlot, TutorLeave, Package, PackageEntry),
    *(BillingMonth, BillingStatement, BillingLine, Person, Student, Guardianship, Invitation),
)
"""Tables in which what people do is written."""
ALIKE = re.compile(r"[\w-]{22,}|\d+|\n(Free then|No other tutor|⏳).*")
"""What may differ in the same message of another cast: tokens, numbers, who is free then, and which
files are still being saved.
"""


@dataclass(frozen=True)
class Outcome:
    """What a play has come to."""

    deeds: Counter[str]
    """Entries of the audit trail."""
    rows: Counter[str]
    """Rows that were added, by table."""
    parts: int
    """How many parts the notes of the session have."""
    status: str
    settings: tuple[str | None, str | None]
    """The parent's language and time zone."""
    sent: Counter[tuple[str, str]]
    """What came to whose chat, how often."""


class Mark:
    """A moment before a play, to tell what came of it."""

    def __init__(self, site: Site) -> None:
        calls = site.world.calls.all()
        self.call = int(calls[-1]["id"]) if calls else 0
        with site.database.reading() as session:
            self._event = session.exec(select(func.max(AuditEvent.id))).one() or 0
            self._rows = _rows(session)

    def outcome(self, site: Site, cast: Cast) -> Outcome:
        with site.database.reading() as session:
            deeds = session.exec(
                select(AuditEvent.action).where(col(AuditEvent.id) > self._event)
            ).all()
            parts = session.exec(
                select(NotePart.id).where(
                    NotePart.appointment_id == cast.appointment_id,
                    col(NotePart.removed_at).is_(None),
                )
            ).all()
            status = session.get_one(Appointment, cast.appointment_id).status
            of_parent = session.get_one(Person, cast.person_ids[1])
            settings = of_parent.language, of_parent.time_zone
            rows = _rows(session) - self._rows
        sent: Counter[tuple[str, str]] = Counter()
        for (who, text), times in site.sent(cast, self.call).items():
            sent[who, ALIKE.sub("…", text)] += times
        return Outcome(Counter(map(str, deeds)), rows, len(parts), str(status), settings, sent)


def _rows(session: Session) -> Counter[str]:
    return Counter(
        {
            table.__name__: session.exec(select(func.count()).select_from(table)).one()
            for table in WRITTEN
        }
    )


def wrong_with(usual: Outcome, found: Outcome) -> list[str]:
    """What a kill has lost, or doubled beyond the message that was then being sent."""
    wrong = [
        f"{name}: {getattr(found, name)} in place of {getattr(usual, name)}"
        for name in ("deeds", "rows", "parts", "status", "settings")
        if getattr(found, name) != getattr(usual, name)
    ]
    if missing := set(usual.sent) - set(found.sent):
        wrong.append(f"not told: {sorted(missing)}")
    for role in {who for who, _ in usual.sent}:
        more = {one: found.sent[one] - n for one, n in usual.sent.items() if one[0] == role}
        if sum(n for n in more.values() if n > 0) > 1:
            wrong.append(f"doubled: {more}")
    return wrong


@pytest.mark.parametrize("play", PLAYED, ids=str)
async def test_a_kill_at_any_point_loses_nothing_and_doubles_one_message_a_chat_at_most(
    play: Play, databases: Databases, tmp_path: Path, unused_tcp_port: int
) -> None:
    with databases.fresh() as url:
        async with opened(url, tmp_path, unused_tcp_port) as site:
            usual, points = await usually(site, play)
            numbers = range(0, points, points // POINTS | 1)  # odd: before and after
            tried, wrong = await tries(site, play, numbers, usual)
            wrong += left_behind(site)
            sys.stdout.write(f"{play}: {site.deaths} kills, {tried} of {points} points tried\n")
            assert site.deaths >= tried // 2
    assert wrong == [], "\n".join(wrong)


async def usually(site: Site, play: Play) -> tuple[Outcome, int]:
    """What comes of a play without a kill, and how many points it has.

    It is played twice: a reminder that came during one of them is no part of it.
    """
    outcomes, points = [], 0
    for _ in range(2):
        [model] = site.casting.make(play.flow, 1)
        await site.before(play, [model])
        mark = Mark(site)
        site.fate.set(UNCOUNTED)
        await done(play.act(site, model))
        await site.quiet()
        points = UNCOUNTED - site.fate.left.value
        site.fate.spare()
        outcomes.append(mark.outcome(site, model))
    first, second = outcomes
    usual = replace(second, sent=first.sent & second.sent)
    assert replace(first, sent=usual.sent) == usual
    is_told = site.world.calls.all()[-1]["id"] > mark.call
    assert usual.deeds or is_told, "nothing came of it"  # a form on a page may tell nobody
    assert not [one for one in site.statuses if one not in {200, 303}]
    return usual, points


async def tries(
    site: Site, play: Play, numbers: Sequence[int], usual: Outcome
) -> tuple[int, list[str]]:
    """Play with a kill at each of these points, until it ends before them; how many points were
    tried, and what is wrong.
    """
    wrong: list[str] = []
    tried = unreached = 0
    at_once = 1 if play.is_alone else AT_ONCE
    for first in range(0, len(numbers), at_once):
        some = numbers[first : first + at_once]
        casts = site.casting.make(play.flow, len(some))
        await site.before(play, casts)
        for number, cast in zip(some, casts, strict=True):
            where, found = await killed(site, play, cast, number)
            wrong += [f"{play}, {number}, {where}: {one}" for one in wrong_with(usual, found)]
            tried += 1
            unreached = 0 if where else unreached + 1
            if unreached == ENOUGH:
                return tried, wrong
    return tried, wrong


async def killed(site: Site, play: Play, cast: Cast, number: int) -> tuple[str, Outcome]:
    """Play with a kill at this point; where that was, if reached, and what came of it."""
    mark = Mark(site)
    site.fate.set(number)
    is_answered = await is_done(play.act(site, cast))
    if not is_answered:
        await site.died()
    await site.quiet_or_dead()
    site.fate.spare()
    await site.spared_or_dead()
    where = site.fate.where.value.decode()
    if site.is_dead:
        await site.revive()
        if not is_answered:  # whoever gets no answer tries again
            await done(play.act(site, cast))
        await site.quiet()
    return where, mark.outcome(site, cast)


async def is_done(act: object) -> bool:
    """Whether an act got its answer, if it waits for one."""
    try:
        await done(act)
    except httpx.TransportError:
        return False
    return True


def left_behind(site: Site) -> list[str]:
    with site.database.reading() as session:
        aside = session.exec(
            select(InboxUpdate.error).where(col(InboxUpdate.set_aside_at).is_not(None))
        ).all()
        failed = session.exec(
            select(OutboxMessage.error).where(col(OutboxMessage.failed_at).is_not(None))
        ).all()
    found = [f"set aside: {one}" for one in aside] + [f"given up: {one}" for one in failed]
    return found + [f"answered by {one}" for one in site.statuses if one >= 500]
