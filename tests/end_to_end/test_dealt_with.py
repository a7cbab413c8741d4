"""What coordinators deal with on their page no longer waits in the chat (SPEC 6, 9, 10)."""

from datetime import timedelta

from tests.end_to_end.scenes import card_of, live_buttons, look_at, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_late_change import open_card
from tests.end_to_end.test_pages_in_step import browser_of
from tests.end_to_end.test_replacement import lost
from tests.web.visiting import send as send_on_page


async def deal_with(stage: Stage, key: str) -> None:
    async with browser_of(stage, stage.priya) as browser:
        answer = await send_on_page(browser, f"/admin/queue/{key}/done", on="/admin")
        assert answer.status_code == 303
        await stage.settled()


async def test_a_late_change_waits_in_pending_until_it_is_dealt_with(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=3))
    await write(stage, stage.mei, "/sessions")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    await press(stage, stage.mei, "Tell the coordinators")
    await press(stage, stage.mei, "Child unwell")

    waiting = await write(stage, stage.priya, "/pending")
    assert "Late changes" in waiting
    assert "Mei Lim: Child unwell" in waiting
    await press(stage, stage.priya, labels(stage.priya.last())[0])
    await deal_with(stage, f"late_change-{session.id}")

    assert text_of(card_of(stage.priya_in_group, "✅ Dealt with: Emily")) == (
        "✅ Dealt with: Emily, Wed 25 Nov 18:00-19:30. Priya Nair has seen to it. Child unwell"
    )
    assert live_buttons(stage.priya_in_group) == []
    assert "Nothing is waiting" in await write(stage, stage.priya, "/pending")


async def test_an_asked_replacement_waits_in_pending_until_it_is_dealt_with(stage: Stage) -> None:
    session = await lost(stage)
    await press(stage, stage.mei, "Ask for replacement")

    waiting = await write(stage, stage.priya, "/pending")
    assert "Replacements asked for" in waiting
    assert "asked for by Mei Lim" in waiting
    await look_at(stage, stage.priya, session)
    assert labels(stage.priya.last()) == ["Replace"]
    await deal_with(stage, f"replacement-{session.id}")

    left = card_of(stage.priya_in_group, "✅ Dealt with: Emily")
    assert text_of(left) == "✅ Dealt with: Emily, Thu 26 Nov 21:00-22:30"
    assert "Nothing is waiting" in await write(stage, stage.priya, "/pending")


async def test_what_the_coordinators_were_told_stands_on_the_card_until_it_is_dealt_with(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=3))
    await open_card(stage, stage.grace)
    await press(stage, stage.grace, "Tell the coordinators")
    await press(stage, stage.grace, "Emergency")

    await look_at(stage, stage.priya, session)
    asked = text_of(stage.priya.last())
    assert "Grace Tan told the coordinators at 15:00\nReason: Emergency" in asked
    await open_card(stage, stage.grace)
    card = stage.grace.last()["message_id"]
    told = text_of(message_of(stage.grace, card))
    assert "You told the coordinators at 15:00\nReason: Emergency" in told
    await open_card(stage, stage.mei)
    assert "told the coordinators" not in text_of(stage.mei.last())

    await deal_with(stage, f"late_change-{session.id}")

    assert (
        text_of(message_of(stage.grace, card)) == "⬇️ Emily Lim, Wed 25 Nov 18:00-19:30: see below."
    )
    told = "You told the coordinators at 15:00\nReason: Emergency"
    done = "Priya Nair dealt with your message at 15:00. The session stays as it is."
    assert f"{told}\n{done}" in text_of(stage.grace.last())
    assert "told the coordinators" not in text_of(stage.priya.last())
    assert "your message" not in text_of(stage.mei.last())


async def test_who_asked_for_a_replacement_is_told_that_none_is_booked_and_asks_again(
    stage: Stage,
) -> None:
    session = await lost(stage)
    await press(stage, stage.mei, "Ask for replacement")

    await deal_with(stage, f"replacement-{session.id}")

    for phone in (stage.mei, stage.daniel):
        card = phone.last()
        assert (
            "The coordinators closed the request without booking another session, Thu 26 Nov 21:00"
        ) in text_of(card)
        assert "asked for a replacement" not in text_of(card)
        assert "Ask for replacement" in labels(card)
    async with browser_of(stage, stage.mei) as browser:
        page = (await browser.get(f"/sessions/{session.id}")).text
    assert "The coordinators closed the request without booking another session" in page
    assert "Ask for replacement" in page

    toast = await press(stage, stage.mei, "Ask for replacement")

    assert toast.startswith("You asked for a replacement")
    assert "The coordinators closed" not in text_of(stage.mei.last())
    assert "asked for by Mei Lim" in await write(stage, stage.priya, "/pending")
    assert "A replacement has been requested" in text_of(stage.priya_in_group.last())


async def test_who_told_them_reads_who_dealt_with_it_until_the_session_changes(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=3))
    await open_card(stage, stage.daniel)
    daniels = stage.daniel.last()["message_id"]
    for phone in (stage.mei, stage.grace):
        await open_card(stage, phone)
        await press(stage, phone, "Tell the coordinators")
        await press(stage, phone, "Other")
        await write(stage, phone, "She has a dance recital at her school")

    await press(stage, stage.priya_in_group, "Dealt with")

    done = "Priya Nair dealt with your message at 15:00. The session stays as it is."
    for phone in (stage.mei, stage.grace):
        assert "She has a dance recital at her school" in text_of(phone.last())
        assert done in text_of(phone.last())
    assert stage.daniel.last()["message_id"] == daniels
    assert "told the coordinators" not in text_of(stage.daniel.last())
    async with browser_of(stage, stage.mei) as browser:
        page = (await browser.get(f"/sessions/{session.id}")).text
    assert "Priya Nair dealt with this" in page
    async with browser_of(stage, stage.daniel) as browser:
        page = (await browser.get(f"/sessions/{session.id}")).text
    assert "dealt with" not in page

    await press(stage, stage.mei, "Tell the coordinators")
    await press(stage, stage.mei, "Child unwell")
    assert "You told the coordinators at 15:00\nReason: Child unwell" in text_of(stage.mei.last())
    assert "dealt with" not in text_of(stage.mei.last())
    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Move")
    await write(stage, stage.priya, "sat 10am")
    await write(stage, stage.priya, "Agreed by telephone")
    await press(stage, stage.priya, "Move session")

    for phone in (stage.mei, stage.grace):
        assert "Moved to Sat 28 Nov" in text_of(phone.last())
        assert "dealt with" not in text_of(phone.last())
