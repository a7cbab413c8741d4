"""Storms of updates, some twice, albums in any order, with kills; by polling and by webhook."""

import asyncio
import os
import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlmodel import col, select

from models import InboxUpdate, NotePart
from models.enums import Status
from sandbox.bot_api.updates import FIRST_UPDATE_ID, REMEMBERED
from tests import files
from tests.databases import Databases
from tests.faults.casts import Cast, Flow
from tests.faults.flows import AN_HOUR_AGO, CHECK_OUT, tutor_says
from tests.soak.play import played
from tests.soak.site import SETTLED_WITHIN, Site, opened

UPDATES = int(os.environ.get("SOAK_UPDATES", "60"))
KILLS = int(os.environ.get("SOAK_KILLS", "2"))
CASTS = max(10, UPDATES // 1000)
"""Tutors: each sends at most a thousand updates or so about one session."""
ALBUM = 3
REPEATED = 0.2
"""How many of the newest updates come once more after each kill."""
LATE = 200
A_FILE = 0.04
"""Seconds that an update is allowed in the end: files are stored after all of them are handled."""
BACKLOG = 1000
"""No more is sent while so many updates wait: kills meet the whole storm, not its first minute."""
FLOW = Flow("notes", Status.CHECKED_IN, AN_HOUR_AGO, (CHECK_OUT,), tutor_says("Fractions."))


@dataclass
class Storm:
    """What the tutors sent, and how often it came."""

    chance: random.Random
    texts: Counter[int] = field(default_factory=Counter)
    photos: Counter[int] = field(default_factory=Counter)
    updates: int = 0

    def send(self, site: Site, casts: list[Cast], count: int) -> None:
        """Send about so many updates, and some of them again."""
        sent = self._repeat(site)
        while sent < count:
            cast = self.chance.choice(casts)
            first = site.world.updates.next_id
            if self.chance.random() < 0.15:
                order = self.chance.sample(range(ALBUM), ALBUM)
                cast.tutor.send_album([files.jpeg_photo()] * ALBUM, arrival=order)
                self.photos[cast.appointment_id] += ALBUM
            else:
                cast.tutor.send_text(f"Part {self.updates + sent}.")
                self.texts[cast.appointment_id] += 1
            sent += site.world.updates.next_id - first
        self.updates += sent

    def _repeat(self, site: Site) -> int:
        """Let confirmed updates come again: Telegram sends none before those that were not."""
        updates, now = site.world.updates, site.world.now()
        with site.world.turn():
            waiting = [one.update_id for one in updates.waiting(now) if not one.again]
            undelivered = min(waiting, default=updates.next_id)
            oldest = max(FIRST_UPDATE_ID, updates.next_id - REMEMBERED)
            numbers = range(max(oldest, undelivered - LATE), undelivered)
            again = [number for number in numbers if self.chance.random() < REPEATED]
            for number in again:
                updates.repeat(number, now)
        return len(again)


@pytest.mark.parametrize("by", ["polling", "webhook"])
async def test_a_storm_with_kills_loses_nothing_and_takes_nothing_twice(
    by: str, databases: Databases, tmp_path: Path, unused_tcp_port: int
) -> None:
    storm = Storm(random.Random(20261129))
    with databases.fresh() as url:
        async with opened(url, tmp_path, unused_tcp_port, by_webhook=by == "webhook") as site:
            casts = site.casting.make(FLOW, CASTS)
            await site.before(played(FLOW), casts)
            for _ in range(KILLS):
                await site.caught_up(BACKLOG)
                site.vacuum()
                storm.send(site, casts, UPDATES // KILLS)
                await asyncio.sleep(storm.chance.uniform(0.0, 1.0))
                await site.kill()
            await site.quiet(SETTLED_WITHIN + UPDATES * A_FILE)
            wrong = [one for cast in casts for one in wrong_with(site, storm, cast)]
            with site.database.reading() as session:
                left = session.exec(
                    select(InboxUpdate.error).where(col(InboxUpdate.set_aside_at).is_not(None))
                ).all()
            assert site.deaths == KILLS
    sys.stdout.write(f"{storm.updates} updates by {by}, {KILLS} kills\n")
    assert wrong == []
    assert left == []


def wrong_with(site: Site, storm: Storm, cast: Cast) -> list[str]:
    """What is lost of a session's notes, or there twice."""
    with site.database.reading() as session:
        parts = session.exec(
            select(NotePart).where(NotePart.appointment_id == cast.appointment_id)
        ).all()
    texts = Counter(part.text for part in parts if part.text)
    photos = [part for part in parts if part.telegram_file_id]
    expected = storm.texts[cast.appointment_id], storm.photos[cast.appointment_id]
    found = sum(texts.values()), len(photos)
    wrong = [] if found == expected else [f"{found} in place of {expected} texts and photos"]
    wrong += [f"twice: {text}" for text, times in texts.items() if times > 1]
    wrong += [f"not stored: {part.id}" for part in photos if part.stored_at is None]
    return wrong
