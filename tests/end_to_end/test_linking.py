"""People come to their accounts by invitation (SPEC 9; UX 14)."""

import re
from datetime import timedelta

from sqlmodel import select

from models import Person
from models.enums import Role, Status
from sandbox.phone import Phone
from services.people import accounts
from tests import builders
from tests.builders import SIGN_IN
from tests.end_to_end.scenes import (
    all_text,
    ask_to_move,
    just_over,
    live_buttons,
    message_of,
    press,
    write,
)
from tests.end_to_end.stage import STRANGER, Stage, labels, text_of
from tests.end_to_end.test_leave import closed_on_thursday

UNLINKED = {"telegram_user_id": None, "started_at": None}
NEW_PHONE = 5_000_000_099


def newcomer(stage: Stage, name: str = "Sam Ong", **over: object) -> Person:
    """Somebody whom an import brought, without an account."""
    values = {"name": name, "is_parent": True} | UNLINKED | over
    with stage.database.unit_of_work() as session:
        return builders.person(session, **values)


async def invited(stage: Stage, name: str) -> str:
    """The token of an invitation that Priya makes."""
    await write(stage, stage.priya, f"/invite {name}")
    await press(stage, stage.priya, stage.priya.buttons()[0])
    link = re.search(r"t\.me/tutorline_bot\?start=([\w-]{22})", text_of(stage.priya.last()))
    assert link is not None
    return link[1]


async def opened(stage: Stage, phone: Phone, token: str | None) -> str:
    """What the bot answers to the link."""
    phone.start(token)
    await stage.settled()
    return text_of(phone.last())


async def test_somebody_unlinked_is_told_how_to_get_an_invitation(stage: Stage) -> None:
    for said in ("/start", "/sessions", "/dashboard", "hello"):
        assert "ask your tutoring agency for an invitation" in await write(
            stage, stage.stranger, said
        )
    stage.stranger.send_sticker()
    await stage.settled()
    assert "invitation" in text_of(stage.stranger.last())


async def test_an_invitation_links_and_says_what_this_is_and_what_comes_next(
    stage: Stage,
) -> None:
    stage.people()
    newcomer(stage)
    token = await invited(stage, "Sam")

    answer = await opened(stage, stage.stranger, token)

    assert answer.split("\n\n") == [
        "Hello Sam Ong. Here you follow the sessions of Bright Minds.",
        "After each session you get a card here to acknowledge. Still open: /pending",
    ]


async def test_a_link_used_twice_answers_its_owner_and_refuses_others(stage: Stage) -> None:
    stage.people()
    newcomer(stage)
    token = await invited(stage, "Sam")
    stage.world.add_person("Eve", user_id=NEW_PHONE)
    eve = Phone(stage.world, NEW_PHONE)
    await opened(stage, stage.stranger, token)

    assert "Hello Sam Ong" in await opened(stage, stage.stranger, token)
    assert "has been used already" in await opened(stage, eve, token)
    assert "We haven't met yet" in await write(stage, eve, "/sessions")


async def test_an_invitation_ends_after_72_hours(stage: Stage) -> None:
    stage.people()
    newcomer(stage)
    token = await invited(stage, "Sam")
    assert "It works once, until Sat 28 Nov 15:00:" in text_of(stage.priya.last())
    await stage.forward(hours=72)

    assert "has expired" in await opened(stage, stage.stranger, token)
    assert "We haven't met yet" in await write(stage, stage.stranger, "/sessions")


async def test_what_a_coordinator_asked_for_says_who_has_come_in_since(stage: Stage) -> None:
    stage.people()
    newcomer(stage)
    newcomer(stage, "Lena Ong")
    await write(stage, stage.priya, "/invite")
    everybody = stage.priya.last()["message_id"]
    tokens = [await invited(stage, name) for name in ("Sam", "Lena")]
    of_sam, of_lena = (
        one["message_id"] for one in stage.priya.messages() if text_of(one).startswith("✉️")
    )
    assert "Who would you like" not in text_of(message_of(stage.priya, of_sam))

    await opened(stage, stage.stranger, tokens[0])

    assert text_of(message_of(stage.priya, of_sam)) == "✅ Sam Ong (Parent, linked)"
    assert labels(message_of(stage.priya, of_sam)) == []
    assert labels(message_of(stage.priya, of_lena)) == ["Without Telegram"]
    assert labels(message_of(stage.priya, everybody)) == ["Lena Ong (Parent)", "Leave"]
    await stage.forward(hours=9)
    assert labels(message_of(stage.priya, of_lena)) == []
    assert "/invite gives you a new one" in text_of(message_of(stage.priya, everybody))


async def test_a_name_typed_where_somebody_is_to_be_chosen_is_looked_for(stage: Stage) -> None:
    stage.people()
    newcomer(stage)
    await write(stage, stage.priya, "sam")
    assert "Sam Ong (Parent)" not in labels(stage.priya.last())

    await write(stage, stage.priya, "/invite")
    assert "I am not sure" in await write(stage, stage.priya, "nobody of that name")
    await write(stage, stage.priya, "sam")

    assert labels(stage.priya.last()) == ["Sam Ong (Parent)", "Leave"]


async def test_a_newer_invitation_replaces_the_older_one(stage: Stage) -> None:
    stage.people()
    newcomer(stage)
    older = await invited(stage, "Sam")
    newer = await invited(stage, "Sam")

    assert "has expired" in await opened(stage, stage.stranger, older)
    assert "Hello Sam Ong" in await opened(stage, stage.stranger, newer)


async def test_a_wrong_link_and_one_for_somebody_else_are_refused(stage: Stage) -> None:
    stage.people()
    newcomer(stage)
    token = await invited(stage, "Sam")

    assert "don't know this invitation" in await opened(stage, stage.stranger, "x" * 22)
    told = await opened(stage, stage.mei, token)
    assert "already linked to Mei Lim, and the invitation is for somebody else" in told
    assert "Hello Mei Lim" in await opened(stage, stage.mei, None)


async def test_a_person_who_moves_to_another_account_loses_the_old_one_at_once(
    stage: Stage,
) -> None:
    await just_over(stage)
    token = await invited(stage, "Mei")
    assert "the old one loses access" in text_of(stage.priya.last())
    old_card = stage.mei.last()["message_id"]

    await opened(stage, stage.stranger, token)

    assert "Hello Mei Lim" in all_text(stage.stranger)
    gone = "You have moved to another Telegram account"
    assert gone in text_of(stage.mei.last())
    assert gone not in all_text(stage.stranger)

    assert gone in await press(stage, stage.mei, "ak.1:1", old_card)
    assert old_card not in live_buttons(stage.mei)
    assert gone in await write(stage, stage.mei, "/pending")
    assert labels(stage.stranger.last()) == ["Acknowledge", "Dispute", "Report a problem"]
    await press(stage, stage.stranger, "Acknowledge")
    assert "Mei Lim acknowledged this" in text_of(stage.daniel.last())
    assert "Mei Lim acknowledged this" not in all_text(stage.mei)


async def test_what_stands_in_the_chat_of_the_old_account_loses_its_buttons(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=8))
    later = await stage.session(grace, emily, starts_in=timedelta(days=3))
    ask_to_move(stage, later, Role.TUTOR)
    await write(stage, stage.mei, "/pending")  # a card
    await write(stage, stage.mei, "/upcoming")  # a list
    await closed_on_thursday(stage)  # a message that stands
    await write(stage, stage.mei, "/settings")
    await press(stage, stage.mei, "Time zone")  # a question
    assert len(live_buttons(stage.mei)) >= 4
    token = await invited(stage, "Mei")
    texts_before = [text_of(one) for one in stage.mei.messages()]

    await opened(stage, stage.stranger, token)

    assert live_buttons(stage.mei) == []
    kept = [text_of(one) for one in stage.mei.messages()]
    assert kept[: len(texts_before)] == texts_before
    await press(stage, stage.daniel, "Accept")
    assert live_buttons(stage.mei) == []
    assert [text_of(one) for one in stage.mei.messages()] == kept


async def test_who_has_blocked_the_bot_in_the_old_account_is_reached_in_the_new(
    stage: Stage,
) -> None:
    await just_over(stage)
    token = await invited(stage, "Mei")
    stage.mei.block()
    await stage.settled()
    stage.expect_refusal("bot was blocked by the user")

    await opened(stage, stage.stranger, token)
    await stage.forward(minutes=1)

    with stage.database.reading() as session:
        mei = session.exec(select(Person).where(Person.name == "Mei Lim")).one()
    assert mei.unreachable_since is None
    assert labels(stage.stranger.last()) == ["Acknowledge", "Dispute", "Report a problem"]


async def test_who_is_to_be_invited_is_listed_in_pages_and_found_by_name(stage: Stage) -> None:
    stage.people()
    assert "Everybody is linked." in await write(stage, stage.priya, "/invite")
    for number in range(10):
        newcomer(stage, f"Newcomer {number}", is_tutor=number == 0)

    await write(stage, stage.priya, "/invite")
    first = labels(stage.priya.last())
    assert first[0] == "Newcomer 0 (Parent, Tutor)"
    assert first[8:] == ["More", "Leave"]
    await press(stage, stage.priya, "More")
    assert labels(stage.priya.last()) == [
        "Newcomer 8 (Parent)",
        "Newcomer 9 (Parent)",
        "Back",
        "Leave",
    ]
    await press(stage, stage.priya, "Back")
    assert labels(stage.priya.last()) == first

    await write(stage, stage.priya, "/invite newcomer")
    assert "more of the name" in text_of(stage.priya.last())
    await write(stage, stage.priya, "/invite tan")
    assert labels(stage.priya.last()) == ["Grace Tan (Tutor, linked)", "Leave"]
    assert "Nobody is called “<zz>”." in await write(stage, stage.priya, "/invite <zz>")
    await write(stage, stage.priya, "/invite " + "x" * 4000)
    assert "Nobody is called" in text_of(stage.priya.last())


async def test_a_mistyped_name_gets_those_that_are_like_it(stage: Stage) -> None:
    stage.people()

    await write(stage, stage.priya, "/invite grcae")
    told = text_of(stage.priya.last())
    assert told == "There is nobody called “grcae” here. Do you mean one of these?"
    assert labels(stage.priya.last()) == ["Grace Tan (Tutor, linked)", "Leave"]


async def test_several_roles_in_one_person(stage: Stage) -> None:
    stage.people()
    newcomer(stage, "Sam Ong", is_tutor=True, is_coordinator=True)

    welcome = await opened(stage, stage.stranger, await invited(stage, "Sam"))

    assert "/checkin" in welcome
    assert "/pending" in welcome
    assert "/dashboard" in welcome
    menu = stage.world.profile.commands_for(stage.world.directory, STRANGER, STRANGER)
    assert [one["command"] for one in menu] == [
        "sessions", "upcoming", "checkin", "checkout", "notes", "change", "adhoc", "todos",
        "mystudents", "statement", "pending", "package", "dashboard", "disputes", "problems",
        "lowpackages", "schedule", "find", "invite",
        "web", "language", "settings", "help", "stop",
    ]  # fmt: skip


async def test_a_tutor_who_is_the_childs_guardian_acts_as_its_tutor_only(stage: Stage) -> None:
    stage.people()
    with stage.database.unit_of_work() as session:
        sam = builders.tutor(session, name="Sam Ong", is_parent=True, telegram_user_id=STRANGER)
        other = builders.parent(session, name="Lena Ong", **UNLINKED)
        ben = builders.student(session, name="Ben Ong", guardians=[sam, other])
    await stage.session(sam, ben, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN)
    await write(stage, stage.stranger, "/checkout")
    await press(stage, stage.stranger, "Skip for now")

    assert "No parent of this child is linked" in text_of(stage.priya_in_group.last())
    assert "Nothing is waiting for your answer" in await write(stage, stage.stranger, "/pending")
    forged = await press(stage, stage.stranger, "ak.1:1", stage.stranger.last()["message_id"])
    assert "another parent or a coordinator has to answer" in forged


async def test_the_first_coordinators_invitation_is_opened_on_their_phone(stage: Stage) -> None:
    with stage.database.unit_of_work() as session:
        token = accounts.make_coordinator(session, "Olivia Goh", stage.now)

    assert "/dashboard" in await opened(stage, stage.stranger, token)
    assert "agency today" in await write(stage, stage.stranger, "/dashboard")


async def test_who_has_no_telegram_gets_a_link_to_the_pages(stage: Stage) -> None:
    stage.people()
    sam = newcomer(stage)
    await write(stage, stage.priya, "/invite Sam")
    await press(stage, stage.priya, stage.priya.buttons()[0])
    assert stage.priya.buttons() == ["Without Telegram"]
    await press(stage, stage.priya, "Without Telegram")

    link = re.search(r"/sign-in/([\w-]{43})", text_of(stage.priya.last()))
    assert link is not None
    with stage.database.unit_of_work() as session:
        cookie = SIGN_IN.use_link(session, link[1], "page", stage.now)
        assert SIGN_IN.signed_in(session, cookie, stage.now).id == sam.id
    await write(stage, stage.priya, "/invite Sam")
    assert stage.priya.buttons() == ["Sam Ong (Parent, by web only)", "Leave"]
    assert "✅ Sam Ong (Parent, by web only)" in all_text(stage.priya)
    await write(stage, stage.priya, "/invite Grace")
    await press(stage, stage.priya, stage.priya.buttons()[0])
    assert stage.priya.buttons() == []


async def test_a_link_to_pass_on_says_what_became_of_it(stage: Stage) -> None:
    stage.people()
    newcomer(stage)
    newcomer(stage, "Lena Ong")
    placed, passed_on = stage.priya, []
    for name in ("Sam", "Sam", "Lena"):
        token = await invited(stage, name)
        passed_on.append((token, placed.last()["message_id"]))

    (_, older), (token, newer), (_, of_lena) = passed_on
    assert text_of(message_of(placed, older)) == (
        "The link for Sam Ong has expired. /invite gives you a new one."
    )
    assert "Pass this on to Sam Ong" in text_of(message_of(placed, newer))
    await opened(stage, stage.stranger, token)
    assert text_of(message_of(placed, newer)) == "✅ Sam Ong has used this link."
    assert "Pass this on to Lena Ong" in text_of(message_of(placed, of_lena))

    await stage.forward(hours=72)
    assert text_of(message_of(placed, of_lena)).startswith("The link for Lena Ong has exp")


async def test_a_link_to_the_pages_that_was_passed_on_says_that_it_was_used(stage: Stage) -> None:
    stage.people()
    newcomer(stage)
    await write(stage, stage.priya, "/invite Sam")
    await press(stage, stage.priya, stage.priya.buttons()[0])
    await press(stage, stage.priya, "Without Telegram")
    passed_on = stage.priya.last()["message_id"]
    await write(stage, stage.priya, "/web")

    link = re.search(r"/sign-in/([\w-]{43})", text_of(message_of(stage.priya, passed_on)))
    assert link is not None
    with stage.database.unit_of_work() as session:
        SIGN_IN.use_link(session, link[1], "page", stage.now)
    await stage.settled()

    assert text_of(message_of(stage.priya, passed_on)) == "✅ Sam Ong has used this link."


async def test_the_greeting_says_what_this_is_to_whom_it_greets(stage: Stage) -> None:
    stage.people()
    for phone, does in (
        (stage.grace, "keep your sessions for"),
        (stage.mei, "follow the sessions of"),
        (stage.priya, "coordinate the sessions of"),
    ):
        assert f"Here you {does} Bright Minds." in await write(stage, phone, "/start")
