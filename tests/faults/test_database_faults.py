"""Every statement and commit of twelve flows, times every way in which a database fails."""

import os
import sys
from pathlib import Path

from tests.databases import SqliteDatabases
from tests.end_to_end.stage import Stage, set_up
from tests.faults.casts import Cast, Casting, Flow, hurry, open_agency, quiet, steps_before
from tests.faults.database_faults import ERRORS, OUTAGES, BadDatabase, bad_database
from tests.faults.flows import FLOWS
from tests.faults.verdicts import (
    Heard,
    Records,
    heard_by,
    records_of,
    require_reachable,
    troubles,
    unstored_files,
)

ONE_IN = 1 if "SOAK" in os.environ else 61
"""The test run goes through one in so many cells, `make soak` through all."""
VIEW_NOTES = next(flow for flow in FLOWS if flow.has_notes)
TIMES = (1, 7)
"""How many statements in a row fail."""


class Matrix:
    """A stage on which cells are played one by one."""

    def __init__(self, stage: Stage, casting: Casting, bad: BadDatabase) -> None:
        self.stage = stage
        self.casting = casting
        self.bad = bad
        self.played: list[tuple[str, Cast]] = []

    async def play(self, flow: Flow) -> list[str]:
        """Play every cell of a flow; what is wrong with them."""
        [cast] = self.casting.make(flow, 1)
        await steps_before(self.stage, flow, [cast])
        self.bad.count()
        usual, records = await self._act(flow, cast)
        statements = list(self.bad.seen)
        cells = [
            (number, error, times)
            for number in range(len(statements))
            for error in ERRORS
            for times in TIMES
        ][FLOWS.index(flow) % ONE_IN :: ONE_IN]
        casts = self.casting.make(flow, len(cells))
        await steps_before(self.stage, flow, casts)
        wrong = []
        for (number, error, times), one in zip(cells, casts, strict=True):
            self.bad.fail(number, ERRORS[error], times)
            heard, found = await self._act(flow, one)
            place = self.bad.seen[number] if number < len(self.bad.seen) else "nothing"
            name = f"{flow}: {error} {times} times, at {number}, {place}"
            if error in OUTAGES and (found.set_aside or found.given_up):
                wrong.append(f"{name}: given up, though only the database was away")
            found_wrong = troubles(usual, records.deeds, heard, found, faults=times)
            wrong += [f"{name}: {one}" for one in found_wrong]
            self.played.append((name, one))
        return wrong

    async def _act(self, flow: Flow, cast: Cast) -> tuple[Heard, Records]:
        world = self.stage.world
        first = world.calls.all()[-1]["id"]
        update = world.updates.next_id
        flow.act(cast)
        await patient(self.stage)
        self.bad.at = -1
        await patient(self.stage)
        if self.bad.error not in map(ERRORS.get, OUTAGES):
            await self.stage.forward(seconds=1)  # what could not be composed is postponed
        taps = {tap.id: tap.chat_id for tap in world.taps._taps.values()}
        calls = [call for call in world.calls.all() if call["id"] > first]
        with self.stage.database.reading() as session:
            return heard_by(cast, calls, taps), records_of(session, cast, self.stage.now, update)


async def patient(stage: Stage) -> None:
    """Wait until everything is done, over errors of the reads that look for what is to be done."""
    for _ in range(20):
        try:
            return await quiet(stage)
        except Exception as error:
            if not is_planned(error):
                raise
    raise AssertionError("it does not become quiet")


def is_planned(error: Exception) -> bool:
    """Whether an error is one of the matrix."""
    text = str(getattr(error, "orig", error))
    return any(str(make()) in text for make in ERRORS.values())


async def test_a_fault_of_the_database_is_told_or_alerted_and_leaves_nobody_behind(
    sqlite: SqliteDatabases, tmp_path: Path
) -> None:
    wrong = []
    with sqlite.fresh() as url, bad_database() as bad:
        async with set_up(url, tmp_path) as stage:
            matrix = Matrix(stage, await open_agency(stage), bad)
            hurry(stage)
            for flow in FLOWS:
                wrong += await matrix.play(flow)
            wrong += await require_reachable(stage, matrix.played)
            wrong += await unstored_files(stage)
    sys.stdout.write(f"{len(matrix.played)} cells of the database\n")
    assert wrong == [], "\n".join(wrong)
    assert len(matrix.played) * ONE_IN > 1000


async def test_an_answer_is_sent_once_however_long_the_database_cannot_record_it(
    sqlite: SqliteDatabases, tmp_path: Path
) -> None:
    with sqlite.fresh() as url, bad_database() as bad:
        async with set_up(url, tmp_path) as stage:
            casting = await open_agency(stage)
            hurry(stage)
            for flow in (FLOWS[0], VIEW_NOTES):
                [cast] = casting.make(flow, 1)
                await steps_before(stage, flow, [cast])
                before = len(cast.tutor.messages()) + len(cast.parent.messages())
                bad.fail(0, ERRORS["disk full"], 3, only="UPDATE inbox_update")
                flow.act(cast)
                await patient(stage)
                sent = [*cast.tutor.messages(), *cast.parent.messages()][before:]
                answers = [one for one in sent if one["from"]["id"] == stage.world.bot.id]
                assert len(bad.seen) > 3
                assert len(answers) == (1 if flow is FLOWS[0] else 2)


async def test_an_update_that_the_database_does_not_take_is_set_aside_and_told(
    sqlite: SqliteDatabases, tmp_path: Path
) -> None:
    """With whatever else of its content, its chat is gone; the alert has its number."""
    with sqlite.fresh() as url, bad_database() as bad:
        async with set_up(url, tmp_path) as stage:
            matrix = Matrix(stage, await open_agency(stage), bad)
            hurry(stage)
            [usual, cast] = matrix.casting.make(FLOWS[0], 2)
            heard, done = await matrix._act(FLOWS[0], usual)
            for error, aside in (("our own fault", 1), ("locked", 0)):
                bad.fail(0, ERRORS[error], 2, only="INSERT INTO inbox_update")
                found, records = await matrix._act(FLOWS[0], cast)
                assert records.set_aside == aside
                assert troubles(heard, done.deeds, found, records) == []
