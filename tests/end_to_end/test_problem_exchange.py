"""A problem report is a conversation: what its author answers goes into it (SPEC 5)."""

import pytest
from sqlmodel import col, select, update

from models import EvidenceFile, Guardianship, Person, ProblemReply, ProblemReport
from models.enums import ProblemStatus, Role
from sandbox.wire import Json
from tests import files
from tests.end_to_end.scenes import (
    REPORT,
    all_text,
    answer_in_group,
    card_of,
    live_buttons,
    message_of,
    press,
    reported,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of, texts

REPLY = "Was anybody at home at four?"
ANSWER = "I was, and nobody rang."
IN_GROUP = "with Grace Tan"


async def replied(stage: Stage) -> Json:
    """Priya has replied in the group: what Mei reads."""
    await reported(stage)
    await press(stage, stage.priya_in_group, "Reply")
    await answer_in_group(stage, stage.priya_in_group, REPLY)
    return stage.mei.last()


def rows(stage: Stage) -> list[tuple[int, Role, str]]:
    """What was written since, and on which report."""
    with stage.database.reading() as session:
        found = session.exec(select(ProblemReply).order_by(col(ProblemReply.id))).all()
    return [(one.report_id, one.role, one.text) for one in found]


def status(stage: Stage) -> list[ProblemStatus]:
    with stage.database.reading() as session:
        return [one.status for one in session.exec(select(ProblemReport)).all()]


async def test_an_answer_goes_into_the_report_and_to_who_claimed_it(stage: Stage) -> None:
    told = await replied(stage)
    group = card_of(stage.priya_in_group, IN_GROUP)["message_id"]
    assert labels(told) == ["Answer"]

    await press(stage, stage.mei, "Answer", told["message_id"])
    asked = text_of(stage.mei.last())
    assert asked.endswith(f"{REPLY}\n\nWhat is your answer? The coordinators read it.")
    await write(stage, stage.mei, ANSWER)

    assert rows(stage) == [(1, Role.COORDINATOR, REPLY), (1, Role.PARENT, ANSWER)]
    assert status(stage) == [ProblemStatus.CLAIMED]
    private = stage.priya.last()
    assert text_of(private).splitlines() == [
        "💬 Mei Lim added to report 1",
        "Emily Lim · Mathematics",
        "Wed 25 Nov 13:40-15:10",
        "with Grace Tan",
        REPORT,
        "You claimed the report at 15:00",
        "You replied to the report at 15:00:",
        REPLY,
        "Mei Lim added to the report at 15:00:",
        ANSWER,
    ]
    assert labels(private) == ["Reply", "Close", "The session"]
    in_group = text_of(message_of(stage.priya_in_group, group))
    assert in_group.startswith("💬 A parent added to report 1")
    assert in_group.endswith("The parent added to the report at 15:00")
    assert ANSWER not in all_text(stage.priya_in_group)
    assert "Mei" not in all_text(stage.priya_in_group)


@pytest.mark.parametrize(("later", "is_more"), [(9, True), (11, False)])
async def test_a_short_line_just_after_what_was_written_may_be_more_of_it(
    stage: Stage, later: int, is_more: bool
) -> None:
    told = await replied(stage)
    await press(stage, stage.mei, "Answer", told["message_id"])
    await write(stage, stage.mei, ANSWER)
    await stage.forward(minutes=later)

    await write(stage, stage.mei, "and he laughed")

    assert ("Add to it" in labels(stage.mei.last())) is is_more


async def test_what_was_added_before_the_claim_stands_before_it(stage: Stage) -> None:
    await reported(stage)
    await press(stage, stage.mei, "Add to it")
    await write(stage, stage.mei, ANSWER)
    await stage.forward(minutes=5)
    await press(stage, stage.priya_in_group, "Claim")

    told = text_of(card_of(stage.mei, REPORT)).splitlines()

    assert told[-3:] == [
        "You added to the report at 15:00:",
        ANSWER,
        "Priya Nair claimed the report at 15:05",
    ]


async def test_its_author_reads_where_it_stands_and_an_answered_reply_has_no_button(
    stage: Stage,
) -> None:
    told = await replied(stage)
    await press(stage, stage.mei, "Answer", told["message_id"])
    await write(stage, stage.mei, ANSWER)

    own = stage.mei.last()
    assert text_of(own).startswith("Thank you. The coordinators have what you added.")
    assert text_of(own).splitlines()[-6:] == [
        REPORT,
        "Priya Nair claimed the report at 15:00",
        "Priya Nair replied to the report at 15:00:",
        REPLY,
        "You added to the report at 15:00:",
        ANSWER,
    ]
    assert labels(own) == ["Add to it"]
    assert labels(message_of(stage.mei, told["message_id"])) == []
    assert REPLY in text_of(message_of(stage.mei, told["message_id"]))


async def test_who_claimed_it_goes_on_from_the_answer_in_private(stage: Stage) -> None:
    told = await replied(stage)
    await press(stage, stage.mei, "Answer", told["message_id"])
    await write(stage, stage.mei, ANSWER)

    await press(stage, stage.priya, "Reply")
    await write(stage, stage.priya, "Then it is not charged.")

    assert "Then it is not charged." in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Answer"]
    assert status(stage) == [ProblemStatus.ANSWERED]
    await press(stage, stage.priya, "Close", card_of(stage.priya, ANSWER)["message_id"])
    assert status(stage) == [ProblemStatus.CLOSED]
    assert text_of(stage.mei.last()).startswith("✅ Priya Nair closed your report on Emily Lim")


async def test_what_is_added_before_anybody_claims_it_brings_the_groups_card_down(
    stage: Stage,
) -> None:
    await reported(stage)
    before = card_of(stage.priya_in_group, IN_GROUP)["message_id"]
    assert labels(stage.mei.last()) == ["Add to it"]

    await press(stage, stage.mei, "Add to it", stage.mei.last()["message_id"])
    assert "Your report on this session is open. What would you like to add?" in text_of(
        stage.mei.last()
    )
    await write(stage, stage.mei, ANSWER)

    newest = stage.priya_in_group.last()
    assert newest["message_id"] != before
    assert text_of(newest).startswith("💬 A parent added to report 1")
    assert labels(newest) == ["Claim", "Reply", "Close", "Read it"]
    assert labels(message_of(stage.priya_in_group, before)) == []
    assert status(stage) == [ProblemStatus.OPEN]
    assert texts(stage.priya) == []


async def test_a_claimer_who_cannot_be_reached_leaves_it_to_the_group(stage: Stage) -> None:
    told = await replied(stage)
    with stage.database.unit_of_work() as session:
        was_one = update(Person).where(col(Person.name) == "Priya Nair")
        session.exec(was_one.values(is_coordinator=False))

    await press(stage, stage.mei, "Answer", told["message_id"])
    await write(stage, stage.mei, ANSWER)

    assert text_of(stage.priya_in_group.last()).startswith("💬 A parent added to report 1")
    assert texts(stage.priya) == []


async def test_report_a_problem_goes_on_with_the_report_that_is_open(stage: Stage) -> None:
    await replied(stage)
    session_card = card_of(stage.mei, "You acknowledged this")["message_id"]

    await press(stage, stage.mei, "Report a problem", session_card)
    assert "What is your answer?" in text_of(stage.mei.last())
    await write(stage, stage.mei, ANSWER)

    assert len(status(stage)) == 1
    assert rows(stage)[-1] == (1, Role.PARENT, ANSWER)


async def test_a_text_sent_in_reply_to_the_reply_is_offered_for_it(stage: Stage) -> None:
    told = await replied(stage)

    offer = await write(stage, stage.mei, "No", told["message_id"])

    assert "Is it about your report on Emily Lim" in offer
    assert labels(stage.mei.last())[0] == "Answer"
    await press(stage, stage.mei, "Answer", stage.mei.last()["message_id"])
    await press(stage, stage.mei, "Send it")
    assert rows(stage)[-1] == (1, Role.PARENT, "No")
    assert "No" in text_of(stage.priya.last()).splitlines()


async def test_two_taps_on_send_it_and_a_redelivered_text_count_once(stage: Stage) -> None:
    told = await replied(stage)
    await write(stage, stage.mei, ANSWER, told["message_id"])
    await press(stage, stage.mei, "Answer", stage.mei.last()["message_id"])
    asked = stage.mei.last()["message_id"]

    for _ in range(2):
        assert await press(stage, stage.mei, "rq.1:1", asked) == "The coordinators have it."

    assert [text for _, role, text in rows(stage) if role is Role.PARENT] == [ANSWER]
    assert len([one for one in texts(stage.priya) if ANSWER in one]) == 1


async def test_a_photo_goes_with_what_is_added(stage: Stage) -> None:
    await replied(stage)
    stage.mei.send_photo(files.jpeg_photo(), "The clock")
    await stage.settled()

    await press(stage, stage.mei, "Answer", stage.mei.last()["message_id"])
    await press(stage, stage.mei, "Send it")

    with stage.database.reading() as session:
        assert session.exec(select(EvidenceFile.report_id)).all() == [1]
    assert rows(stage)[-1] == (1, Role.PARENT, "The clock")
    assert "📎 1 photo" in text_of(stage.priya.last())


async def test_a_report_closed_meanwhile_loses_nothing_and_a_new_one_is_offered(
    stage: Stage,
) -> None:
    told = await replied(stage)
    await press(stage, stage.mei, "Answer", told["message_id"])
    group = card_of(stage.priya_in_group, IN_GROUP)["message_id"]
    await press(stage, stage.priya_in_group, "Close", group)

    offer = await write(stage, stage.mei, ANSWER)

    assert offer.splitlines()[-4:] == [
        ANSWER,
        "Priya Nair closed the report at 15:00",
        "",
        "Send this to the coordinators as a new report? What you write now is added.",
    ]
    assert rows(stage) == [(1, Role.COORDINATOR, REPLY)]
    await press(stage, stage.mei, "Send it")
    assert status(stage) == [ProblemStatus.CLOSED, ProblemStatus.OPEN]
    assert "Problem report" in text_of(stage.priya_in_group.last())
    assert ANSWER in text_of(stage.mei.last())


async def test_a_closed_report_says_so_and_offers_a_new_one(stage: Stage) -> None:
    told = await replied(stage)
    group = card_of(stage.priya_in_group, IN_GROUP)["message_id"]
    await press(stage, stage.priya_in_group, "Close", group)
    closed = stage.mei.last()

    late = await press(stage, stage.mei, "pa.1:1:1", told["message_id"])

    assert late == "Priya Nair closed the report at 15:00"
    assert text_of(closed).endswith("If something is still wrong, please report it again.")
    assert labels(closed) == ["Report a problem"]
    await press(stage, stage.mei, "Report a problem", closed["message_id"])
    assert "What is the problem?" in text_of(stage.mei.last())
    await write(stage, stage.mei, ANSWER)
    assert status(stage) == [ProblemStatus.CLOSED, ProblemStatus.OPEN]


async def test_leave_sends_nothing_and_what_was_put_aside_goes_on(stage: Stage) -> None:
    told = await replied(stage)
    await press(stage, stage.mei, "Answer", told["message_id"])
    await press(stage, stage.mei, "Leave")
    assert text_of(stage.mei.last()) == "Nothing was sent."

    await press(stage, stage.mei, "Answer", told["message_id"])
    await write(stage, stage.mei, "/pending")
    await stage.restart()
    await press(
        stage, stage.mei, "Go on", card_of(stage.mei, "put your report aside")["message_id"]
    )
    assert "What is your answer?" in text_of(stage.mei.last())
    await write(stage, stage.mei, ANSWER)

    assert rows(stage)[-1] == (1, Role.PARENT, ANSWER)


@pytest.mark.parametrize("code", ["pa.1:1:1", "pe.1:1"])
async def test_nobody_else_adds_to_a_report_or_reads_it(stage: Stage, code: str) -> None:
    await replied(stage)
    before = all_text(stage.daniel)
    toast = await press(stage, stage.daniel, code, stage.daniel.last()["message_id"])

    assert toast
    assert REPORT not in all_text(stage.daniel)
    assert all_text(stage.daniel) == before


async def test_who_is_no_parent_of_the_child_any_more_adds_nothing(stage: Stage) -> None:
    told = await replied(stage)
    with stage.database.unit_of_work() as session:
        mei = session.exec(select(Person).where(Person.name == "Mei Lim")).one()
        session.delete(session.get_one(Guardianship, (mei.id, 1)))

    assert await press(stage, stage.mei, "Answer", told["message_id"])

    assert rows(stage) == [(1, Role.COORDINATOR, REPLY)]


async def test_a_long_exchange_is_read_whole_by_either_side(stage: Stage) -> None:
    told = await replied(stage)
    long = [letter * 900 for letter in "abc"]
    await press(stage, stage.mei, "Answer", told["message_id"])
    await write(stage, stage.mei, long[0])
    for said in long[1:]:
        await press(stage, stage.mei, "Add to it", stage.mei.last()["message_id"])
        await write(stage, stage.mei, said)
    assert labels(stage.mei.last()) == ["Add to it", "Read it all"]
    assert labels(stage.priya.last()) == ["Reply", "Close", "Read it all", "The session"]

    for phone in (stage.mei, stage.priya):
        assert long[0] not in text_of(phone.last())
        count = len(texts(phone))
        await press(stage, phone, "Read it all")
        told_now = "\n".join(texts(phone)[count:])
        for said in (REPORT, REPLY, *long):
            assert said in told_now


async def test_problems_shows_what_was_added_last(stage: Stage) -> None:
    told = await replied(stage)
    await press(stage, stage.mei, "Answer", told["message_id"])
    await write(stage, stage.mei, ANSWER)

    listed = await write(stage, stage.priya, "/problems")

    assert f"Mei Lim added to the report at 15:00\n{ANSWER}" in listed
    assert len(live_buttons(stage.mei)) == 2  # the session's card, and the report's
