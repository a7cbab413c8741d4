"""No name, text or token in the logs, whatever is done and at any log level.

(UX 16; `services.adapters.logs`.)
"""

from datetime import timedelta

from models.enums import Status
from sandbox.faults import Fault
from tests import builders, files
from tests.end_to_end.scenes import answer_in_group, press, report, write
from tests.end_to_end.stage import OUTAGE, Stage, text_of
from tests.recorded_logs import debug_logs

TEXTS = {
    "note": "Zebra crossings and fractions.",
    "objection": "Quokkas were not fed.",
    "reason": "Wombats saw it happen.",
    "problem": "Narwhals came instead.",
}
"""What people write, in words that are in nobody's code."""
PRIVATE = (
    *("Emily", "Lim", "Grace", "Tan", "Priya", "Nair", "Marcus", "Ong", "Bishan", "Mathematics"),
    *("Zebra", "Quokka", "Wombat", "Narwhal", "worksheet.pdf"),
)


async def the_whole_job(stage: Stage) -> str:
    """Invitation, check-in to notes, dispute to settlement, a report; the token it began with."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))
    with stage.database.unit_of_work() as unit:
        builders.parent(unit, name="Sam Ong", telegram_user_id=None, started_at=None)
    await write(stage, stage.priya, "/invite Sam")
    await press(stage, stage.priya, stage.priya.buttons()[0])
    token = text_of(stage.priya.last()).partition("?start=")[2].split()[0]
    stage.stranger.start(token)
    await write(stage, stage.grace, "/checkin")
    await stage.forward(minutes=85)
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, TEXTS["note"])
    stage.grace.send_photo(files.jpeg_photo(), TEXTS["note"])
    stage.grace.send_document(files.executable(), "Emily worksheet.pdf", "application/pdf")
    await stage.settled()
    await press(stage, stage.grace, "Done")
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXTS["objection"])
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.priya_in_group, "Claim")
    await press(stage, stage.priya_in_group, "Verify")
    await answer_in_group(stage, stage.priya_in_group, TEXTS["reason"])
    assert stage.status(session) is Status.APPROVED
    await report(stage, stage.mei, TEXTS["problem"])
    return token


async def with_unreadable_updates(stage: Stage) -> None:
    """Updates that cannot be parsed, with what people wrote in them."""
    sender = {"id": 1, "is_bot": False, "first_name": "Emily", "last_name": "Lim"}
    chat = {"id": 1, "first_name": "Emily"}
    body = {"message_id": 1, "date": 0, "from": sender, "chat": chat, "text": TEXTS["note"]}
    with stage.world.turn():
        stage.world.updates.push("message", body, 1, stage.now)
        stage.world.updates.push("message", body | {"date": 10**18}, 1, stage.now)
    stage.unreadable_updates = 2
    await stage.settled()


async def with_trouble(stage: Stage) -> None:
    """What goes wrong is logged, and that is where a name slips in most easily."""
    stage.expect_refusal(OUTAGE)
    stage.disk.is_down = True
    stage.world.faults.plan(Fault("sendMessage", "status", status=502))
    await write(stage, stage.grace, "/sessions")
    await write(stage, stage.grace, "/notes")
    await write(stage, stage.grace, TEXTS["note"])
    stage.grace.send_photo(files.jpeg_photo(), TEXTS["note"])
    await stage.settled()
    stage.world.faults.plan(Fault("*", "status", status=504, times=3))
    stage.grace.press("Done")
    await stage.settled()
    await stage.forward(minutes=11)
    stage.disk.is_down = False
    await stage.forward(hours=50)


def require_silence(lines: str, token: str) -> None:
    for word in (*PRIVATE, token):
        assert word not in lines, next(line for line in lines.splitlines() if word in line)


async def test_no_name_no_word_and_no_token_is_logged(stage: Stage) -> None:
    with debug_logs() as told:
        token = await the_whole_job(stage)
        await with_unreadable_updates(stage)
        await with_trouble(stage)
    assert told.getvalue().count("event='update_set_aside'") == 2
    assert "update_failed" in told.getvalue()
    require_silence(told.getvalue(), token)
    assert stage.world.token not in told.getvalue()
