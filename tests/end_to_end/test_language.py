"""Commands, menus, languages and time zones (SPEC 1, 9)."""

from datetime import timedelta

import pytest
from sqlmodel import col, update

from models import Person
from models.enums import Status
from tests.end_to_end.scenes import just_over, message_of, press, under_way, write
from tests.end_to_end.stage import GRACE, MEI, PRIYA, Stage, labels, text_of, texts
from tests.end_to_end.test_pages_in_step import browser_of
from tests.web.admin.test_importing import shown, upload
from tests.web.visiting import hidden_in, send

TUTOR = [
    *("sessions", "upcoming", "checkin", "checkout", "notes", "change", "adhoc", "todos"),
    *("mystudents", "statement"),
]
PARENT = ["sessions", "upcoming", "pending", "change", "package", "statement"]
COORDINATOR = [
    *("dashboard", "pending", "disputes", "problems", "lowpackages", "schedule", "find", "invite"),
]
STRANGERS = ["language", "help", "stop"]
EVERYBODY = ["web", "language", "settings", "help", "stop"]


def change(stage: Stage, user_id: int, **values: object) -> None:
    """Write into somebody's row."""
    with stage.database.unit_of_work() as session:
        session.exec(update(Person).where(col(Person.telegram_user_id) == user_id).values(**values))


def menu(stage: Stage, user_id: int) -> list[str]:
    shown = stage.world.profile.commands_for(stage.world.directory, user_id, user_id)
    return [one["command"] for one in shown]


@pytest.mark.parametrize(
    ("user_id", "commands"), [(GRACE, TUTOR), (MEI, PARENT), (PRIYA, COORDINATOR)]
)
async def test_each_role_has_its_menu_and_help_tells_the_same(
    stage: Stage, user_id: int, commands: list[str]
) -> None:
    stage.people()
    phone = {GRACE: stage.grace, MEI: stage.mei, PRIYA: stage.priya}[user_id]
    assert menu(stage, user_id) == STRANGERS
    phone.start()
    await stage.settled()

    assert menu(stage, user_id) == [*commands, *EVERYBODY]
    told = await write(stage, phone, "/help")
    assert [line.partition(":")[0] for line in told.split("\n\n")[0].split("\n")] == [
        f"/{command}" for command in [*commands, *EVERYBODY]
    ]
    for command in commands:
        answer = await write(stage, phone, f"/{command}")
        assert "do not know that command" not in answer


async def test_an_unknown_command_and_a_text_out_of_the_blue_get_a_sentence(stage: Stage) -> None:
    stage.people()

    assert "do not know that command" in await write(stage, stage.mei, "/penidng")
    assert "/help shows" in await write(stage, stage.mei, "Thanks!")
    assert "nothing to stop" in await write(stage, stage.mei, "/stop")


async def test_of_one_language_none_is_asked(stage: Stage) -> None:
    stage.people()

    told = await write(stage, stage.mei, "/language")

    assert told == "Everything here is in English, the only language so far."
    assert labels(stage.mei.last()) == []
    await write(stage, stage.mei, "/settings")
    assert labels(stage.mei.last()) == ["Time zone", "Calendar"]


async def test_a_language_is_chosen_by_a_button_and_the_menu_follows(stage: Stage) -> None:
    stage.people()
    change(stage, MEI, language="ta")
    await write(stage, stage.mei, "/language")

    assert await press(stage, stage.mei, "English") == "From now on: English."

    assert text_of(stage.mei.last()).startswith("Your settings\nLanguage: English")
    assert menu(stage, MEI) == [*PARENT, *EVERYBODY]
    with stage.database.reading() as session:
        mei = session.get(Person, 2)
    assert mei is not None
    assert mei.language == "en"


async def test_a_language_that_there_is_not_is_a_stale_button(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.mei, "/language")

    toast = await press(stage, stage.mei, "la.1:tlh", stage.mei.last()["message_id"])

    assert "out of date" in toast
    with stage.database.reading() as session:
        mei = session.get(Person, 2)
    assert mei is not None
    assert mei.language is None


async def test_the_language_of_the_telegram_client_becomes_the_persons(stage: Stage) -> None:
    stage.people()
    stage.world.directory.person(MEI).language_code = "x-pseudo"

    stage.mei.start()
    await stage.settled()

    assert text_of(stage.mei.last()).startswith("⟦Ĥéļļö Mei Lim")


async def test_settings_tell_language_and_zone_and_a_zone_is_chosen_by_a_button(
    stage: Stage,
) -> None:
    await under_way(stage)
    told = await write(stage, stage.mei, "/settings")
    assert "Language: English" in told
    assert "Times: as in Singapore, like the agency" in told

    await press(stage, stage.mei, "Time zone")
    assert (
        await press(stage, stage.mei, "London") == "From now on, times are shown as they are there."
    )

    assert "Times: as in London" in text_of(stage.mei.last())
    assert "05:40-07:10 London time" in await write(stage, stage.mei, "/sessions")

    await press(stage, stage.mei, "Time zone")
    await press(stage, stage.mei, "Singapore")
    assert "London" not in await write(stage, stage.mei, "/sessions")


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("london", "London"),
        ("New  York", "New York"),
        ("londn", "London"),
        ("kuala lumpor", "Kuala Lumpur"),
    ],
)
async def test_a_city_that_is_typed_is_offered_as_the_time_zone(
    stage: Stage, typed: str, place: str
) -> None:
    stage.people()
    await write(stage, stage.mei, "/settings")
    await press(stage, stage.mei, "Time zone")
    assert "type a big city near you" in text_of(stage.mei.last())

    asked = await write(stage, stage.mei, typed)
    assert asked == f"Shall I show you all times as they are in {place}?"
    await press(stage, stage.mei, place, stage.mei.last()["message_id"])

    assert f"Times: as in {place}" in text_of(stage.mei.last())


async def asked_where(stage: Stage) -> int:
    """Mei is asked where she is; the message that asks."""
    stage.people()
    await write(stage, stage.mei, "/settings")
    await press(stage, stage.mei, "Time zone")
    return int(stage.mei.last()["message_id"])


async def test_a_big_city_without_a_zone_of_its_own_is_known(stage: Stage) -> None:
    question = await asked_where(stage)

    told = await write(stage, stage.mei, "bangalore")

    assert told == (
        "Bangalore has the time of Kolkata. Shall I show you all times as they are there?"
    )
    assert labels(stage.mei.last()) == ["Bangalore", "Leave"]
    assert question not in [one["message_id"] for one in stage.mei.messages()]
    await press(stage, stage.mei, "Bangalore")
    assert "Times: as in Kolkata" in text_of(stage.mei.last())
    assert await write(stage, stage.mei, "thanks") == "You're welcome! /help shows what I can do."


async def test_of_a_place_that_is_not_known_the_nearest_are_offered(stage: Stage) -> None:
    await asked_where(stage)

    told = await write(stage, stage.mei, "lodnon")

    assert told == "I do not know “lodnon”. Do you mean one of these?"
    offered = labels(stage.mei.last())
    assert offered[0] == "London"
    assert offered[-2:] == ["Tell the coordinators", "Leave"]
    told = await write(stage, stage.mei, "manchester")
    assert told.startswith("Manchester has the time of London.")
    await press(stage, stage.mei, "Leave")
    assert text_of(stage.mei.last()) == "manchester"


async def test_where_nothing_is_near_the_coordinators_are_told_the_place(stage: Stage) -> None:
    await asked_where(stage)
    told = await write(stage, stage.mei, "Qwxyz Bay")
    assert told.startswith("I do not know “Qwxyz Bay”. Type another big city of your time zone")
    assert labels(stage.mei.last()) == ["Tell the coordinators", "Leave"]

    asked = stage.mei.last()["message_id"]
    stage.mei.press("Tell the coordinators", asked)
    stage.mei.press("Tell the coordinators", asked)
    await stage.settled()

    assert text_of(stage.mei.last()) == (
        "Thank you. The coordinators know now that you are in “Qwxyz Bay”."
    )
    assert labels(stage.mei.last()) == []
    [told] = texts(stage.priya_in_group)
    assert told.startswith("🕓 Mei Lim asked to see times as they are in “Qwxyz Bay”")


async def test_a_sentence_is_no_place_and_the_question_stays(stage: Stage) -> None:
    question = await asked_where(stage)

    told = await write(stage, stage.mei, "Emily cannot come to her lesson tomorrow, sorry")

    assert "I do not know" not in told
    assert labels(message_of(stage.mei, question))[0] == "Singapore"
    assert (await write(stage, stage.mei, "mumbai")).startswith("Mumbai has the time of Kolkata.")


async def test_cards_that_stand_show_the_times_of_the_new_zone(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=5))
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    card = stage.mei.last()["message_id"]
    assert "20:00-21:30" in text_of(message_of(stage.mei, card))

    await write(stage, stage.mei, "london")
    await press(stage, stage.mei, "London")

    assert "12:00-13:30 London time" in text_of(message_of(stage.mei, card))


async def test_cards_that_stand_follow_when_a_coordinator_enters_the_zone(stage: Stage) -> None:
    grace, mei, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=5))
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    card = stage.mei.last()["message_id"]

    async with browser_of(stage, stage.priya) as browser:
        path = f"/admin/people/{mei.id}/edit"
        answer = await send(browser, path, name="Mei Lim", parent="yes", time_zone="Europe/London")
    assert answer.status_code == 303
    await stage.settled()

    assert "12:00-13:30 London time" in text_of(message_of(stage.mei, card))


async def test_the_agencys_own_city_is_the_agencys_zone(stage: Stage) -> None:
    stage.people()
    change(stage, MEI, time_zone="Europe/London")
    await write(stage, stage.mei, "singapore")

    await press(stage, stage.mei, "Singapore")

    assert "Times: as in Singapore, like the agency" in text_of(stage.mei.last())


async def test_help_ends_with_its_last_command(stage: Stage) -> None:
    stage.people()

    told = await write(stage, stage.mei, "/help")

    assert told.split("\n")[-1] == "/stop: Leave what you are doing"


@pytest.mark.parametrize(
    ("command", "label"), [("/language", ""), ("/settings", "Language"), ("/settings", "Time zone")]
)
async def test_a_question_of_the_settings_can_be_left(
    stage: Stage, command: str, label: str
) -> None:
    stage.people()
    change(stage, MEI, language="ta")
    await write(stage, stage.mei, command)
    if label:
        await press(stage, stage.mei, label)

    await press(stage, stage.mei, "Leave")

    assert text_of(stage.mei.last()) == command


async def test_a_zone_that_there_is_not_is_a_stale_button(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.mei, "/settings")

    toast = await press(stage, stage.mei, "zo.1:Mars/Olympus", stage.mei.last()["message_id"])

    assert "out of date" in toast


async def test_who_reads_in_another_zone_sees_its_name(stage: Stage) -> None:
    await under_way(stage)
    change(stage, MEI, time_zone="Europe/London")
    await write(stage, stage.grace, "/checkout")

    card = text_of(stage.mei.last())

    assert "Today 05:40-07:10 London time" in card
    assert "Checked in 05:40 London time, checked out 07:00 London time" in card
    assert "London" not in text_of(stage.daniel.last())
    toast = await press(stage, stage.mei, "Acknowledge")
    assert toast == "You acknowledged this at 07:00 London time"


async def test_a_coordinator_abroad_types_times_of_their_own_zone(stage: Stage) -> None:
    session = await under_way(stage)
    change(stage, PRIYA, time_zone="Europe/London")
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, "In progress (1)")
    await press(stage, stage.priya, f"se.1:{session.id}")
    await press(stage, stage.priya, "Correct attendance")

    echoed = await write(stage, stage.priya, "05:45-06:45")

    assert "Wed 25 Nov 05:45-06:45 London time" in echoed
    await write(stage, stage.priya, "The phone was left at home.")
    assert "Checked in 13:45, checked out 14:45" in text_of(stage.mei.last())
    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_an_edited_message_is_no_command(stage: Stage) -> None:
    await just_over(stage)
    sent = stage.mei.send_text("hello")
    await stage.settled()
    before = len(stage.mei.messages())

    stage.mei.edit_text(sent["message_id"], "/pending")
    await stage.settled()

    assert len(stage.mei.messages()) == before


async def test_the_menu_follows_the_roles_that_a_coordinator_gives_and_takes(stage: Stage) -> None:
    grace, _, _, _ = stage.people()
    stage.grace.start()
    await stage.settled()

    async def roles_are(*roles: str) -> list[str]:
        path = f"/admin/people/{grace.id}/edit"
        async with browser_of(stage, stage.priya) as browser:
            held = dict.fromkeys(roles, "yes")
            sent = await send(browser, path, files=(), name="Grace Tan", **held)
            assert sent.status_code == 303
        await stage.settled()
        return menu(stage, GRACE)

    said = len(stage.grace.messages())
    both = await roles_are("tutor", "parent")
    await stage.forward(minutes=1)
    parent = await roles_are("parent")

    assert both == [*TUTOR, "pending", "package", *EVERYBODY]
    assert parent == [*PARENT, *EVERYBODY]
    assert len(stage.grace.messages()) == said


async def test_the_menu_follows_an_import(stage: Stage) -> None:
    stage.people()
    stage.mei.start()
    await stage.settled()
    change(stage, MEI, ref="mei")
    people = ("people.csv", b"ref,name,roles\nmei,Mei Lim,parent;coordinator\n", "text/csv")
    async with browser_of(stage, stage.priya) as browser:
        answer = await upload(browser, people)
        checked = hidden_in(await shown(browser, answer))
        saved = await browser.post(answer.headers["Location"], data=checked)
        assert "Mei Lim" not in await shown(browser, saved)
    await stage.settled()

    both = dict.fromkeys([*PARENT, *COORDINATOR, *EVERYBODY])
    assert menu(stage, MEI) == list(both)
