"""SIGKILL before and after every statement, commit and call of twelve flows (DESIGN 2, 5 and 6)."""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import col, select

from models import AuditEvent, InboxUpdate, NotePart, OutboxMessage
from tests.databases import Databases
from tests.faults.casts import Cast, Flow
from tests.faults.flows import FLOWS
from tests.soak.killed_product import NEVER
from tests.soak.site import Site, opened

POINTS = int(os.environ.get("SOAK_POINTS", "2"))
"""How many points of each flow are tried, evenly spread; no more than it has."""
PLAYED = FLOWS if "SOAK_POINTS" in os.environ else FLOWS[3::4]
"""The test run plays check-out, acknowledging and a cancellation."""
UNCOUNTED = 1_000_000
State = tuple[Counter[str], int]
"""The audit trail of a session, and how many parts its notes have."""


def state_of(site: Site, cast: Cast) -> State:
    with site.database.reading() as session:
        deeds = session.exec(
            select(AuditEvent.action).where(AuditEvent.appointment_id == cast.appointment_id)
        ).all()
        parts = session.exec(
            select(NotePart.id).where(
                NotePart.appointment_id == cast.appointment_id, col(NotePart.removed_at).is_(None)
            )
        ).all()
    return Counter(str(one) for one in deeds), len(parts)


def newest_call(site: Site) -> int:
    calls = site.world.calls.all()
    return int(calls[-1]["id"]) if calls else 0


def wrong_with(
    usual: tuple[State, Counter[tuple[str, str]]], found: tuple[State, Counter[tuple[str, str]]]
) -> list[str]:
    """What a kill has lost, or doubled beyond the message that was then being sent."""
    wrong = []
    if found[0] != usual[0]:
        wrong.append(f"done: {found[0]} in place of {usual[0]}")
    if missing := set(usual[1]) - set(found[1]):
        wrong.append(f"not told: {sorted(missing)}")
    for role in ("tutor", "parent"):
        more = {text: found[1][who, text] - n for (who, text), n in usual[1].items() if who == role}
        if sum(n for n in more.values() if n > 0) > 1:
            wrong.append(f"doubled: {more}")
    return wrong


@pytest.mark.parametrize("flow", PLAYED, ids=str)
async def test_a_kill_at_any_point_loses_nothing_and_doubles_one_message_a_chat_at_most(
    flow: Flow, databases: Databases, tmp_path: Path
) -> None:
    wrong: list[str] = []
    with databases.fresh() as url:
        async with opened(url, tmp_path) as site:
            [model] = site.casting.make(flow, 1)
            await site.before(flow, [model])
            first = newest_call(site)
            site.fate.left.value = UNCOUNTED
            flow.act(model)
            await site.quiet()
            points = UNCOUNTED - site.fate.left.value
            site.fate.left.value = NEVER
            usual = state_of(site, model), site.sent(model, first)
            numbers = range(0, points, points // POINTS | 1)  # odd: before and after
            casts = site.casting.make(flow, len(numbers))
            await site.before(flow, casts)
            for number, cast in zip(numbers, casts, strict=True):
                first = newest_call(site)
                site.fate.left.value = number
                flow.act(cast)
                if await site.quiet_or_dead():
                    await site.revive()
                    await site.quiet()
                where = site.fate.where.value.decode()
                site.fate.left.value = NEVER
                found = state_of(site, cast), site.sent(cast, first)
                wrong += [f"{flow}, {number}, {where}: {one}" for one in wrong_with(usual, found)]
            wrong += left_behind(site)
            sys.stdout.write(f"{flow}: {site.deaths} kills at {len(numbers)} of {points} points\n")
            assert site.deaths >= len(numbers) // 2
    assert wrong == [], "\n".join(wrong)


def left_behind(site: Site) -> list[str]:
    with site.database.reading() as session:
        aside = session.exec(
            select(InboxUpdate.error).where(col(InboxUpdate.set_aside_at).is_not(None))
        ).all()
        failed = session.exec(
            select(OutboxMessage.error).where(col(OutboxMessage.failed_at).is_not(None))
        ).all()
    return [f"set aside: {one}" for one in aside] + [f"given up: {one}" for one in failed]
