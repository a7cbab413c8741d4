"""*View notes* with a file that fails: what is sent already is not sent again (DESIGN 2, 6)."""

import asyncio

import pytest

from sandbox.faults import Fault, FaultKind
from tests import files
from tests.end_to_end.note_scenes import notes_begun
from tests.end_to_end.scenes import all_text, press
from tests.end_to_end.stage import OUTAGE, Stage
from tests.end_to_end.test_note_files import files_in
from tests.running import until


async def with_notes(stage: Stage) -> None:
    await notes_begun(stage)
    stage.grace.send_text("Fractions went well.")
    stage.grace.send_photo(files.jpeg_photo())
    stage.grace.send_document(files.pdf(), "sheet.pdf", "application/pdf")
    await stage.settled()
    await press(stage, stage.grace, "Done")


def shown(stage: Stage) -> tuple[int, int, int]:
    """How many texts, photos and documents of the notes the parent has."""
    texts = all_text(stage.mei).count("Notes by Grace Tan")
    return texts, len(files_in(stage.mei, "photo")), len(files_in(stage.mei, "document"))


@pytest.mark.parametrize(("kind", "times"), [("status", 2), ("page", 2), ("dropped_before", 1)])
async def test_a_file_that_fails_does_not_bring_the_parts_before_it_again(
    stage: Stage, kind: FaultKind, times: int
) -> None:
    await with_notes(stage)
    stage.world.faults.plan(Fault("sendDocument", kind, times, status=500))
    stage.expect_refusal(f"{OUTAGE}|Internal Server Error|for a test")

    await press(stage, stage.mei, "View notes")

    assert shown(stage) == (1, 1, 1)


async def test_parts_that_are_sent_are_not_sent_again_after_a_restart(stage: Stage) -> None:
    await with_notes(stage)
    stage.world.faults.plan(Fault("sendDocument", "status", times=1_000, status=502))
    stage.expect_refusal(OUTAGE)
    pressing = asyncio.create_task(press(stage, stage.mei, "View notes"))
    await until(lambda: bool(stage.world.calls.all("sendDocument")))
    assert shown(stage) == (1, 1, 0)

    pressing.cancel()
    await stage.restart()
    stage.world.faults.clear()
    await stage.settled()

    assert shown(stage) == (1, 1, 1)
