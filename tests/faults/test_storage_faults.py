"""Every call of the media store in three flows, times every way in which a store fails."""

import asyncio
import sys
from pathlib import Path
from typing import Literal

from sqlmodel import col, select

from models import MediaReservation, NotePart
from models.enums import Status
from services.ports import MediaMissingError, MediaUnavailableError
from tests import files
from tests.databases import SqliteDatabases
from tests.end_to_end.stage import Stage, UnsteadyMedia, set_up
from tests.faults.casts import Cast, Casting, Flow, hurry, open_agency, quiet
from tests.faults.casts import steps_before as play_before
from tests.faults.flows import (
    AN_HOUR_AGO,
    AWAITING,
    CHECK_OUT,
    OVER,
    PENDING,
    parent_taps,
    tutor_taps,
)
from tests.faults.verdicts import records_of, require_reachable

Fault = Literal["down", "gone", "breaks", "full", "hangs", "lies"]
FAULTS: tuple[Fault, ...] = ("down", "gone", "breaks", "full", "hangs", "lies")
TIMES = (1, 2, 30)
HANGS = 0.2


def tutor_sends_sheet(cast: Cast) -> object:
    """Send a file of which nobody else has the same."""
    content = files.pdf() + b"\n" * cast.appointment_id
    return cast.tutor.send_document(content, "sheet.pdf", "application/pdf")


SHEET = Flow("a file for notes", Status.CHECKED_IN, AN_HOUR_AGO, (CHECK_OUT,), tutor_sends_sheet)
TAKEN_BACK = Flow(
    "a file taken back",
    *(Status.CHECKED_IN, AN_HOUR_AGO, (CHECK_OUT, tutor_sends_sheet)),
    act=tutor_taps("Remove last"),
)
VIEW = Flow("view notes", AWAITING, OVER, (PENDING,), parent_taps("View notes"), has_notes=True)
CALLS: tuple[tuple[Flow, str, tuple[Fault, ...]], ...] = (
    (SHEET, "put", FAULTS),
    (SHEET, "exists", FAULTS),
    (TAKEN_BACK, "delete", ("down", "breaks", "full", "hangs")),
    (VIEW, "get", ("down", "gone", "breaks", "full", "hangs")),
)


class FaultyMedia(UnsteadyMedia):
    """A folder of which the next calls of one kind fail in one way."""

    method, fault, times = "", FAULTS[0], 0

    def plan(self, method: str, fault: Fault, times: int) -> None:
        self.method, self.fault, self.times = method, fault, times

    async def put(self, key: str, content: bytes, media_type: str) -> None:
        if not await self._meet("put"):
            await super().put(key, content, media_type)

    async def get(self, key: str) -> bytes:
        await self._meet("get")
        return await super().get(key)

    async def exists(self, key: str) -> bool:
        return False if await self._meet("exists") else await super().exists(key)

    async def delete(self, key: str) -> None:
        await self._meet("delete")
        await super().delete(key)

    async def _meet(self, method: str) -> bool:
        """Fail as planned; whether to claim success, and to do nothing."""
        if method != self.method or self.times == 0:
            return False
        self.times -= 1
        match self.fault:
            case "down":
                raise MediaUnavailableError("down, for a test")
            case "gone":
                raise MediaMissingError("gone, for a test")
            case "breaks":
                raise RuntimeError("for a test")
            case "full":
                raise OSError(28, "No space left on device")
            case "hangs":
                await asyncio.sleep(HANGS)
                raise MediaUnavailableError("slow, for a test")
            case "lies":
                return True


async def play(
    stage: Stage, casting: Casting, flow: Flow, media: FaultyMedia, cell: tuple[str, Fault, int]
) -> tuple[Cast, list[str]]:
    """Play one cell, then let the store be well again; what is wrong."""
    [cast] = casting.make(flow, 1)
    await play_before(stage, flow, [cast])
    media.plan(*cell)
    flow.act(cast)
    await quiet(stage)
    assert media.times < cell[2], "it met no fault"
    wrong = []
    if not await is_answered(stage, cast):
        wrong.append("the tutor waits for the store")
    media.times = 0
    await stage.forward(minutes=40)
    await quiet(stage)
    with stage.database.reading() as session:
        found = records_of(session, cast, stage.now)
        parts = session.exec(
            select(NotePart).where(
                NotePart.appointment_id == cast.appointment_id, col(NotePart.removed_at).is_(None)
            )
        ).all()
        reserved = session.exec(select(MediaReservation.key)).all()
    wrong += [f"no alert {key}" for key in found.alerts_due]
    if found.waiting:
        wrong.append(f"{found.waiting} left behind")
    if flow is SHEET and [bool(part.stored_at) for part in parts] != [True]:
        wrong.append("the file is not stored")
    if flow is TAKEN_BACK and (parts or reserved):
        wrong.append("what was taken back is not deleted")
    if flow is VIEW:
        photos = [one for one in cast.parent.messages() if "photo" in one]
        if len(photos) > 1 or not (photos or found.set_aside or is_told(cast)):
            wrong.append(f"{len(photos)} photos, and nothing told")
    return cast, wrong


def is_told(cast: Cast) -> bool:
    """Whether the parent hears that a file cannot be shown."""
    return any("file" in str(one.get("text")) for one in cast.parent.messages()[-2:])


async def is_answered(stage: Stage, cast: Cast) -> bool:
    first = len(cast.tutor.messages())
    cast.tutor.send_text("/language")
    await quiet(stage)
    return len(cast.tutor.messages()) > first


async def test_a_fault_of_storage_loses_no_file_and_keeps_nobody_waiting(
    sqlite: SqliteDatabases, tmp_path: Path
) -> None:
    wrong: list[str] = []
    played: list[tuple[str, Cast]] = []
    with sqlite.fresh() as url:
        async with set_up(url, tmp_path) as stage:
            await stage.stop()
            media = stage.disk = FaultyMedia(tmp_path / "faulty")
            stage.media = media
            await stage.start()
            hurry(stage)
            casting = await open_agency(stage)
            for flow, method, faults in CALLS:
                for fault in faults:
                    for times in TIMES:
                        name = f"{flow}: {method}, {fault} {times} times"
                        cast, found = await play(
                            stage, casting, flow, media, (method, fault, times)
                        )
                        wrong += [f"{name}: {one}" for one in found]
                        played.append((name, cast))
            wrong += await require_reachable(stage, played)
    sys.stdout.write(f"{len(played)} cells of storage\n")
    assert wrong == [], "\n".join(wrong)
    assert len(played) == sum(len(faults) for *_, faults in CALLS) * len(TIMES)
