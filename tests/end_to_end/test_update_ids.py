"""An update is followed from its log lines to the messages that it caused (SPEC 11)."""

import re
from datetime import timedelta

from sqlmodel import select

from models import OutboxMessage
from models.enums import MessageKind
from tests.end_to_end.scenes import just_over, press, report
from tests.end_to_end.stage import Stage
from tests.recorded_logs import debug_logs


async def test_one_id_leads_from_an_update_to_the_message_that_it_caused(stage: Stage) -> None:
    await just_over(stage)
    with debug_logs() as told:
        await press(stage, stage.mei, "Acknowledge")
        await report(stage, stage.mei, "The tutor did not come.")

    with stage.database.reading() as session:
        of_kind = select(OutboxMessage).where(OutboxMessage.kind == MessageKind.PROBLEM_REPORTED)
        message = session.exec(of_kind).one()
    assert message.update_id is not None
    lines = [line for line in told.getvalue().splitlines() if f"={message.update_id}" in line]
    events = [re.search(r"event='(\w+)'", line) for line in lines]
    named = {found[1]: line for found, line in zip(events, lines, strict=True) if found}
    assert sorted(named) == ["message_sent", "update_done"]  # at the same time, in any order
    assert len(lines) == len(named)
    assert f"message={message.id} " in named["message_sent"]


async def test_what_time_alone_causes_names_no_update(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(minutes=40))

    await stage.forward(minutes=20)

    with stage.database.reading() as session:
        of_kind = select(OutboxMessage).where(OutboxMessage.kind == MessageKind.CHECK_IN_OPEN)
        assert session.exec(of_kind).one().update_id is None
