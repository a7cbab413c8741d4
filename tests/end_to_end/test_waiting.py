"""What waits until somebody can be written to, and who hears of it (SPEC 5, 9)."""

from datetime import timedelta

from sqlmodel import col, update

from models import Appointment, Person, Student
from models.enums import Role, Status
from sandbox.groups import upgrade_group
from sandbox.phone import Phone
from tests import builders
from tests.end_to_end.scenes import (
    all_text,
    almost_asked,
    answer_in_group,
    ask_to_move,
    card_of,
    disputed,
    follow,
    just_over,
    message_of,
    press,
    under_way,
    write,
)
from tests.end_to_end.stage import (
    DANIEL,
    GROUP,
    MEI,
    PRIYA,
    Stage,
    labels,
    text_of,
    texts,
)
from tests.end_to_end.test_linking import invited, opened
from tests.services.proofs import as_it_stands


def set_parents(stage: Stage, **values: object) -> None:
    with stage.database.unit_of_work() as session:
        session.exec(update(Person).where(col(Person.is_parent)).values(**values))


async def test_where_no_parent_is_linked_the_coordinators_are_told(stage: Stage) -> None:
    session = await under_way(stage)
    set_parents(stage, telegram_user_id=None, started_at=None)
    await write(stage, stage.grace, "/checkout")

    told = stage.priya_in_group.last()

    assert "Emily · Mathematics" in text_of(told)
    assert "No parent of this child is linked" in text_of(told)
    assert labels(told) == ["Invite"]
    stage.priya.start("invite")
    await stage.settled()
    assert labels(stage.priya.last()) == ["Daniel Lim (Parent)", "Mei Lim (Parent)", "Leave"]
    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_lists_say_that_nobody_was_asked_where_no_parent_is_linked(stage: Stage) -> None:
    session = await under_way(stage)
    set_parents(stage, telegram_user_id=None, started_at=None)
    await write(stage, stage.grace, "/checkout")

    assert await write(stage, stage.priya, "/pending") == (
        "Not answered by the parents\n\nEmily Lim · Today 13:40-15:10\n"
        "Nobody has been asked, since no parent is linked (Daniel Lim, Mei Lim). "
        "Invite one: /invite"
    )
    await stage.forward(hours=66)  # Saturday, 09:00
    assert text_of(stage.priya_in_group.last()) == (
        "No parent has answered for over 48 hours\n\n"
        "Emily · Mathematics\nWed 25 Nov 13:40-15:10\nwith Grace Tan\n"
        "No parent is linked, so nobody has been asked."
    )
    assert labels(stage.priya_in_group.last()) == ["Open", "Invite"]
    await opened(stage, stage.mei, await invited(stage, "Mei"))
    assert "nobody has been asked" not in all_text(stage.priya_in_group)
    ask_to_move(stage, await another(stage, session), Role.TUTOR)
    told = await write(stage, stage.priya, "/pending")
    assert "waiting for Mei Lim, asked" in told
    assert "waiting for Mei Lim, until" in told


async def another(stage: Stage, session: Appointment) -> Appointment:
    """A session of the same two, in two days."""
    with stage.database.reading() as reading:
        tutor = reading.get_one(Person, session.tutor_id)
        student = reading.get_one(Student, session.student_id)
    return await stage.session(tutor, student, starts_in=timedelta(days=2))


async def test_once_a_parent_is_linked_the_group_no_longer_reads_that_none_is(
    stage: Stage,
) -> None:
    await under_way(stage)
    set_parents(stage, telegram_user_id=None, started_at=None)
    await write(stage, stage.grace, "/checkout")
    told = stage.priya_in_group.last()["message_id"]

    await opened(stage, stage.mei, await invited(stage, "Mei"))

    left = message_of(stage.priya_in_group, told)
    assert text_of(left) == "✅ Emily, Wed 25 Nov 13:40-15:10: a parent is linked now."
    assert labels(left) == []


async def test_a_parent_who_links_later_gets_the_cards_that_wait(stage: Stage) -> None:
    session = await under_way(stage)
    set_parents(stage, telegram_user_id=None, started_at=None)
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.priya, "/invite Mei")
    await press(stage, stage.priya, "Mei Lim (Parent)")
    invitation = text_of(stage.priya.last())
    await stage.forward(hours=5)

    await follow(stage, stage.mei, invitation)

    assert labels(stage.mei.last()) == ["Acknowledge", "Dispute", "Report a problem"]
    await press(stage, stage.mei, "Acknowledge")
    assert stage.status(session) is Status.APPROVED


async def test_a_parent_who_links_later_gets_the_requests_that_wait(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=2))
    set_parents(stage, telegram_user_id=None, started_at=None)
    ask_to_move(stage, session, Role.TUTOR)

    await opened(stage, stage.mei, await invited(stage, "Mei"))

    assert "Please answer" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Accept")
    assert as_it_stands(stage.database, session.id).starts_at == stage.now + timedelta(hours=50)


async def test_a_request_that_waited_for_start_comes_once(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=2))
    set_parents(stage, started_at=None)
    for user_id in (MEI, DANIEL):
        stage.world.directory.person(user_id).started = False
    await almost_asked(stage, stage.grace, "fri 5pm", "Emergency")
    await press(stage, stage.grace, "Send")

    stage.mei.start()
    await stage.settled()

    assert sum("Please answer" in text for text in texts(stage.mei)) == 1
    assert len(texts(stage.mei)) == 2


async def test_a_parents_pending_has_the_requests_that_wait_for_an_answer(stage: Stage) -> None:
    session = await just_over(stage)
    with stage.database.reading() as reading:
        tutor = reading.get_one(Person, session.tutor_id)
        emily = reading.get_one(Student, session.student_id)
    asked = await stage.session(tutor, emily, starts_in=timedelta(days=2))
    own = await stage.session(tutor, emily, starts_in=timedelta(days=3), subject="Physics")
    ask_to_move(stage, asked, Role.TUTOR)
    ask_to_move(stage, own, Role.PARENT)

    await write(stage, stage.mei, "/pending")

    awaiting, request = stage.mei.messages()[-2:]
    assert labels(awaiting)[0] == "Acknowledge"
    assert "Fri 27 Nov 15:00-16:30" in text_of(request)
    assert labels(request)[:3] == ["Accept", "Suggest another", "Decline"]
    await press(stage, stage.mei, "Accept", request["message_id"])
    await press(stage, stage.mei, "Acknowledge", awaiting["message_id"])
    assert "Nothing is waiting for your answer." in await write(stage, stage.mei, "/pending")


async def test_who_was_imported_but_never_pressed_start_gets_the_card_then(stage: Stage) -> None:
    await under_way(stage)
    set_parents(stage, started_at=None)
    for user_id in (MEI, DANIEL):
        stage.world.directory.person(user_id).started = False
    await write(stage, stage.grace, "/checkout")
    await stage.forward(hours=5)
    assert texts(stage.mei) == texts(stage.priya_in_group) == []

    stage.mei.start()
    await stage.settled()

    assert "Hello Mei Lim" in texts(stage.mei)[0]
    assert [labels(one) for one in stage.mei.messages()[1:]] == [
        [],
        ["Acknowledge", "Dispute", "Report a problem"],
    ]
    assert texts(stage.daniel) == []


async def test_who_blocked_the_bot_is_told_of_once_and_gets_it_all_after_start(
    stage: Stage,
) -> None:
    stage.expect_refusal("blocked by the user")
    await under_way(stage)
    stage.mei.block()
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, "Fractions.")
    await press(stage, stage.grace, "Done")

    assert texts(stage.priya_in_group) == [
        "Mei Lim has blocked the bot. Messages for them wait until they press Start again."
    ]
    assert "View notes" in labels(stage.daniel.last())

    await stage.forward(hours=1)
    stage.mei.start()
    await stage.settled()

    assert labels(card_of(stage.mei, "Awaiting Your")) == [
        "Acknowledge",
        "Dispute",
        "View notes",
        "Report a problem",
    ]
    assert "📝 Notes: " in all_text(stage.mei)
    assert texts(stage.priya_in_group) == [
        "✅ Mei Lim had blocked the bot. Messages for them go out again."
    ]


async def test_who_unblocks_the_bot_in_the_settings_gets_what_waited(stage: Stage) -> None:
    stage.expect_refusal("blocked by the user")
    await under_way(stage)
    stage.mei.block()
    await write(stage, stage.grace, "/checkout")

    stage.mei.unblock()
    await stage.settled()

    assert labels(stage.mei.last()) == ["Acknowledge", "Dispute", "Report a problem"]


async def test_of_what_waited_a_session_comes_once(stage: Stage) -> None:
    stage.expect_refusal("blocked by the user")
    await under_way(stage)
    stage.mei.block()
    await write(stage, stage.grace, "/checkout")
    await stage.forward(hours=49)
    before = len(stage.world.calls.all("sendMessage"))

    stage.mei.unblock()
    await stage.settled()

    sent = stage.world.calls.all("sendMessage")[before:]
    to_mei = [one["fields"] for one in sent if str(one["fields"]["chat_id"]) == str(MEI)]
    assert sum("Mathematics" in one["text"] for one in to_mei) == 1
    await press(stage, stage.mei, "Acknowledge")
    assert "You acknowledged this" in text_of(stage.mei.last())


async def test_the_group_is_followed_when_it_becomes_a_supergroup(stage: Stage) -> None:
    stage.expect_refusal("upgraded to a supergroup")
    await just_over(stage)
    group = await moved_group(stage)
    for label in ("Dispute", "Conduct", "Dispute"):
        await press(stage, stage.mei, label)

    assert "Dispute 1" in text_of(group.last())
    await press(stage, group, "Verify")
    await answer_in_group(stage, group, "Heard both.")
    assert "Priya Nair verified this" in text_of(card_of(group, "⚠️ Dispute 1"))


async def test_an_open_dispute_gets_a_new_card_where_the_group_went(stage: Stage) -> None:
    stage.expect_refusal("upgraded to a supergroup")
    session = await disputed(stage)
    group = await moved_group(stage)
    stage.priya.start("dispute_1")
    await stage.settled()

    await press(stage, stage.priya, "Claim")

    assert "Priya Nair claimed the dispute" in text_of(group.last())
    assert labels(group.last()) == ["Verify", "Uphold", "Return", "Details"]
    await press(stage, group, "Return")
    await answer_in_group(stage, group, "Heard both.")
    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def moved_group(stage: Stage) -> Phone:
    """The coordinators' group has become a supergroup; Priya's phone there."""
    upgrade_group(stage.world, GROUP)
    await stage.settled()
    moved = stage.world.directory.groups[GROUP].migrated_to
    assert moved is not None
    return Phone(stage.world, PRIYA, moved)


async def test_two_children_of_one_parent_get_a_card_each(stage: Stage) -> None:
    await under_way(stage)
    with stage.database.unit_of_work() as session:
        grace = session.get(Person, 1)
        mei = session.get(Person, 2)
        assert grace is not None
        assert mei is not None
        ryan = builders.student(session, name="Ryan Lim", guardians=[mei])
    await stage.session(grace, ryan, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN)
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "co.1:1")
    await press(stage, stage.grace, "Skip for now")
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "Skip for now")

    assert len(texts(stage.mei)) == 2
    await press(stage, stage.mei, "ak.1:1")
    assert labels(stage.mei.messages()[0]) == ["Report a problem"]
    assert labels(stage.mei.messages()[1]) == ["Acknowledge", "Dispute", "Report a problem"]
