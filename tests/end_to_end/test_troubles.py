"""What only a person can mend is told to the coordinators' group (SPEC 11)."""

from sandbox.faults import Fault
from services.ports import ModelRefusesError, SheetUnavailableError
from tests.end_to_end.scenes import press, under_way, write
from tests.end_to_end.stage import Stage, texts
from tests.fakes import ScriptedSummariser
from tests.running import until


def told(stage: Stage, words: str) -> int:
    """How often the group was told."""
    return sum(words in text for text in texts(stage.priya_in_group))


class Sheet:
    """A penalty sheet that may be out of reach."""

    is_shared = True

    async def read(self) -> str:
        if not self.is_shared:
            raise SheetUnavailableError("404")
        return "role,notice_hours_min,notice_hours_max,penalty,guidance\n"


async def test_each_trouble_is_told_once_with_the_way_to_mend_it(stage: Stage) -> None:
    sheet = Sheet()
    stage.running.app.penalties._source = sheet
    await stage.forward(minutes=20)
    assert told(stage, "penalty sheet") == 0

    sheet.is_shared = False
    await stage.forward(minutes=20)
    await stage.forward(minutes=20)
    assert told(stage, "penalty sheet cannot be read") == 1
    assert told(stage, "python bot.py check") == 1

    await stage.restart()  # the same trouble on the same day is no new one
    stage.running.app.penalties._source = sheet
    await stage.forward(minutes=20)
    assert told(stage, "penalty sheet cannot be read") == 1

    sheet.is_shared = True
    await stage.forward(days=1)
    sheet.is_shared = False
    await stage.forward(minutes=20)
    assert told(stage, "penalty sheet cannot be read") == 2


async def test_a_model_that_refuses_the_settings_is_told(stage: Stage) -> None:
    await under_way(stage)
    await stage.stop()
    stage.summariser = ScriptedSummariser(ModelRefusesError("401"))
    await stage.start()
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, "We did fractions, and fractions of fractions. All went well.")
    await press(stage, stage.grace, "Done")

    await stage.forward(minutes=2)

    assert told(stage, "correct OPENAI_API_KEY") == 1


async def test_another_program_on_the_same_token_is_told(stage: Stage) -> None:
    polling = stage.running.jobs.polling
    stage.expect_refusal("Conflict")
    stage.world.faults.plan(Fault("getUpdates", "status", times=3, status=409))
    await until(lambda: polling.has_rival)

    await stage.running.jobs.scheduler.run_all()
    await stage.settled()

    assert told(stage, "Another program is fetching") == 1
    await until(lambda: not polling.has_rival)
