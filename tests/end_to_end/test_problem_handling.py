"""Problem reports live: claimed, answered and closed, in the group and in private (SPEC 5)."""

from sqlmodel import delete

from models import Guardianship
from sandbox.wire import Json
from tests import files
from tests.end_to_end.scenes import (
    REPORT,
    all_text,
    answer_in_group,
    card_of,
    just_over,
    message_of,
    press,
    report,
    reported,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of, texts

REPLY = "We are sorry: he was ill. The session is not charged."
IN_GROUP = "Problem report"
OWN = "Your report"


async def opened_in_private(stage: Stage) -> Json:
    """Priya follows *Read it* into her private chat."""
    stage.priya.start("problem_1")
    await stage.settled()
    return stage.priya.last()


async def test_the_groups_card_is_edited_in_place_with_who_claimed_it(stage: Stage) -> None:
    await reported(stage)
    card = stage.priya_in_group.last()
    assert labels(card) == ["Claim", "Reply", "Close", "Read it"]

    toast = await press(stage, stage.priya_in_group, "Claim")

    assert toast == "This report is yours now."
    edited = stage.priya_in_group.last()
    assert edited["message_id"] == card["message_id"]
    assert text_of(edited).endswith("Priya Nair claimed the report at 15:00")
    assert labels(edited) == ["Reply", "Close", "Read it"]
    assert await press(stage, stage.priya_in_group, "pc.1:1", edited["message_id"]) == toast
    late = await press(stage, stage.marcus_in_group, "pc.1:1", edited["message_id"])
    assert late == "Priya Nair claimed the report at 15:00"
    assert len(texts(stage.priya_in_group)) == 1


async def test_the_author_is_told_each_time_and_their_card_says_where_it_stands(
    stage: Stage,
) -> None:
    await reported(stage)
    assert text_of(stage.mei.last()).startswith("Thank you. The coordinators have it")
    assert REPORT in text_of(stage.mei.last())
    own = stage.mei.last()["message_id"]

    await press(stage, stage.priya_in_group, "Claim")
    assert text_of(stage.mei.last()) == (
        "👀 Priya Nair is looking into your report on Emily Lim, Wed 25 Nov 13:40-15:10."
    )
    assert stage.mei.last()["reply_to_message"]["message_id"] == own
    await press(stage, stage.priya_in_group, "Reply")
    await answer_in_group(stage, stage.priya_in_group, REPLY)
    assert "💬 Priya Nair replied to your report on Emily Lim" in text_of(stage.mei.last())
    assert REPLY in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Answer"]
    await press(
        stage, stage.priya_in_group, "Close", card_of(stage.priya_in_group, IN_GROUP)["message_id"]
    )
    assert text_of(stage.mei.last()).startswith("✅ Priya Nair closed your report on Emily Lim")

    card = card_of(stage.mei, OWN)
    assert card["message_id"] == own
    assert text_of(card).splitlines()[-4:] == [
        "Priya Nair claimed the report at 15:00",
        "Priya Nair replied to the report at 15:00:",
        REPLY,
        "Priya Nair closed the report at 15:00",
    ]
    assert "claimed the report" not in all_text(stage.daniel)


async def test_a_closed_report_has_no_buttons_in_the_group_and_says_who_closed_it(
    stage: Stage,
) -> None:
    await reported(stage)
    card = stage.priya_in_group.last()["message_id"]

    toast = await press(stage, stage.marcus_in_group, "Close")

    assert toast == "You closed the report at 15:00"
    assert text_of(stage.priya_in_group.last()).endswith("Marcus Lee closed the report at 15:00")
    assert labels(stage.priya_in_group.last()) == []
    for late in ("pc.1:1", "pr.1:1", "px.1:1"):
        said = await press(stage, stage.priya_in_group, late, card)
        assert said == "Marcus Lee closed the report at 15:00"


async def test_in_the_group_the_question_goes_once_it_is_answered(stage: Stage) -> None:
    await reported(stage)
    await press(stage, stage.priya_in_group, "Reply")
    assert "Priya Nair: What is your reply to report 1 (Emily, Wed 25 Nov 13:40-15:10)?" in text_of(
        stage.priya_in_group.last()
    )
    assert "Please reply to this message." in text_of(stage.priya_in_group.last())
    await write(stage, stage.marcus_in_group, "Lunch?")
    assert "replied" not in all_text(stage.mei)

    asked = card_of(stage.priya_in_group, "What is your reply")["message_id"]
    done = await write(stage, stage.priya_in_group, REPLY, reply_to=asked)

    assert done == "✅ Report 1: Priya Nair replied to the report at 15:00."
    assert "What is your reply" not in all_text(stage.priya_in_group)
    assert REPORT not in all_text(stage.priya_in_group)
    assert "Emily Lim" not in all_text(stage.priya_in_group)
    assert "Priya Nair replied to the report at 15:00" in text_of(
        card_of(stage.priya_in_group, IN_GROUP)
    )


async def test_a_reply_to_a_question_for_somebody_else_reaches_nobody(stage: Stage) -> None:
    await reported(stage)
    card = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.priya_in_group, "Reply")
    hers = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.marcus_in_group, "Reply", card)

    await write(stage, stage.marcus_in_group, "Leave it to me", reply_to=hers)

    assert "Leave it to me" not in all_text(stage.mei)
    told = text_of(stage.marcus_in_group.last())
    assert "You replied to a question for somebody else, so nothing was done." in told
    assert "What is your reply to report 1 (Emily" in told


async def test_in_private_the_same_buttons_and_what_was_written(stage: Stage) -> None:
    await reported(stage)
    card = await opened_in_private(stage)
    assert REPORT in text_of(card)
    assert labels(card) == ["Claim", "Reply", "Close", "The session"]

    await press(stage, stage.priya, "Claim")
    assert "You claimed the report at 15:00" in text_of(card_of(stage.priya, REPORT))
    await press(stage, stage.priya, "Reply")
    assert "What is your reply to report 1 (Emily" in text_of(stage.priya.last())
    assert labels(stage.priya.last()) == ["Leave"]
    await press(stage, stage.priya, "Leave")
    assert text_of(stage.priya.last()) == "No reply was sent."
    await press(stage, stage.priya, "Reply", card_of(stage.priya, REPORT)["message_id"])
    stage.priya.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "I can only take text here" in text_of(stage.priya.last())
    assert "longer than 1000" in await write(stage, stage.priya, "x" * 1001)
    assert (
        await write(stage, stage.priya, REPLY) == "✅ Report 1: You replied to the report at 15:00."
    )
    card = card_of(stage.priya, REPORT)
    assert REPLY in text_of(card)
    assert labels(card) == ["Reply", "Close", "The session"]
    await press(stage, stage.priya, "Close", card["message_id"])

    assert labels(card_of(stage.priya, REPORT)) == ["The session"]
    assert "closed the report" in text_of(stage.priya_in_group.last())
    assert "closed your report" in text_of(stage.mei.last())


async def test_problems_lists_the_open_ones_oldest_first(stage: Stage) -> None:
    await just_over(stage)
    assert "No open reports." in await write(stage, stage.priya, "/problems")
    await press(stage, stage.mei, "Acknowledge")
    await report(stage, stage.mei, REPORT)
    await stage.forward(minutes=10)
    await report(stage, stage.daniel, "And the notes are of another child.")
    await press(
        stage,
        stage.marcus_in_group,
        "pc.1:1",
        card_of(stage.priya_in_group, IN_GROUP)["message_id"],
    )

    listed = await write(stage, stage.priya, "/problems")

    assert listed.startswith("Open problem reports")
    assert listed.index(REPORT) < listed.index("another child")
    assert "Mei Lim, at 15:00:" in listed
    assert [one[:10] for one in labels(stage.priya.last())[:2]] == ["Report 1 ·", "Report 2 ·"]
    assert "Marcus Lee claimed the report at 15:10" in listed
    assert "Not claimed yet" in listed
    await press(stage, stage.priya, "ps.1:2")
    assert "Problem report 2 from Daniel Lim" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Close")
    assert "another child" not in await write(stage, stage.priya, "/problems")
    assert "Open problem reports: 1" in await write(stage, stage.priya, "/dashboard")


async def test_in_the_group_problems_are_counted_with_a_link(stage: Stage) -> None:
    await reported(stage)

    answer = await write(stage, stage.priya_in_group, "/problems")

    assert "Open problem reports: 1" in answer
    assert REPORT not in all_text(stage.priya_in_group)
    stage.priya.start("problems")
    await stage.settled()
    assert REPORT in text_of(stage.priya.last())


async def test_others_get_no_reports(stage: Stage) -> None:
    await reported(stage)
    for phone in (stage.grace, stage.mei):
        assert "Only coordinators" in await write(stage, phone, "/problems")
    card = stage.mei.last()["message_id"]
    for code in ("ps", "pc", "pr", "px"):
        assert "Only coordinators" in await press(stage, stage.mei, f"{code}.1:1", card)


async def test_a_reply_put_aside_is_taken_up_and_a_restart_loses_nothing(stage: Stage) -> None:
    await reported(stage)
    await opened_in_private(stage)
    await press(stage, stage.priya, "Reply")
    await write(stage, stage.priya, "/problems")
    aside = card_of(stage.priya, "put your reply aside")
    await stage.restart()

    await press(stage, stage.priya, "Go on", aside["message_id"])
    await write(stage, stage.priya, REPLY)

    assert REPLY in text_of(stage.mei.last())


async def test_a_parent_who_is_none_any_more_is_told_nothing(stage: Stage) -> None:
    await reported(stage)
    with stage.database.unit_of_work() as work:
        work.exec(delete(Guardianship))
    before = texts(stage.mei)

    await press(stage, stage.priya_in_group, "Claim")

    assert texts(stage.mei) == before


async def test_a_report_of_a_day_before_names_the_day(stage: Stage) -> None:
    await reported(stage)
    await stage.forward(days=1)
    await press(
        stage, stage.priya_in_group, "Claim", card_of(stage.priya_in_group, IN_GROUP)["message_id"]
    )

    assert "Wed 25 Nov 13:40-15:10" in text_of(stage.mei.last())


async def test_what_the_author_was_told_before_is_no_longer_said_once_there_is_more(
    stage: Stage,
) -> None:
    await reported(stage)
    own = stage.mei.last()["message_id"]
    await press(stage, stage.priya_in_group, "Claim")
    assert text_of(stage.mei.last()).startswith("👀 Priya Nair is looking into your report")
    claimed = stage.mei.last()["message_id"]
    await press(stage, stage.priya_in_group, "Reply")
    await answer_in_group(stage, stage.priya_in_group, REPLY)
    answered = stage.mei.last()["message_id"]

    assert text_of(message_of(stage.mei, claimed)) == (
        "⬇️ Emily Lim, Wed 25 Nov 13:40-15:10: see below."
    )
    assert labels(message_of(stage.mei, answered)) == ["Answer"]
    group = card_of(stage.priya_in_group, IN_GROUP)["message_id"]
    await press(stage, stage.priya_in_group, "Close", group)

    said = message_of(stage.mei, answered)
    assert text_of(said).endswith(REPLY)
    assert labels(said) == []
    assert labels(stage.mei.last()) == ["Report a problem"]
    assert REPLY in text_of(message_of(stage.mei, own))


async def test_two_reports_on_one_session_are_told_apart_by_their_numbers(stage: Stage) -> None:
    await reported(stage)
    await report(stage, stage.daniel, "And the notes are of another child.")
    first, second = (
        card_of(stage.priya_in_group, f"Problem report {number}\n") for number in (1, 2)
    )
    assert text_of(first).splitlines()[1:] == text_of(second).splitlines()[1:]

    await press(stage, stage.priya_in_group, "Reply", second["message_id"])
    asked = text_of(stage.priya_in_group.last())
    await answer_in_group(stage, stage.priya_in_group, REPLY)

    assert "What is your reply to report 2 (Emily, " in asked
    assert REPLY in text_of(stage.daniel.last())
    assert REPLY not in all_text(stage.mei)
    await opened_in_private(stage)
    assert text_of(stage.priya.last()).startswith("🔔 Problem report 1 from Mei Lim\n")
