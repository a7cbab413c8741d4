"""A parent who is unlinked from a child keeps nothing of it in their chat (UX 5, 16, 17)."""

from datetime import timedelta

from sqlmodel import select

from models import Person, Student
from sandbox.phone import Phone
from services.people.families import add_guardian, remove_guardian
from tests.builders import acting
from tests.end_to_end.matching import offer
from tests.end_to_end.scenes import all_text, card_of, just_over, live_buttons, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_adhoc import cast
from tests.services.scenes import carry_out

GONE = "Your agency no longer lists you as a parent of Emily, so nothing more is shown here."


async def changes_family(stage: Stage, phone: Phone, *, to_parent: bool) -> None:
    """Priya links the person of this phone to Emily, or unlinks them."""
    with stage.database.reading() as session:
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
        who = session.exec(select(Person).where(Person.telegram_user_id == phone.user_id)).one()
        emily = session.exec(select(Student)).one()
    use_case = add_guardian if to_parent else remove_guardian
    carry_out(stage.database, use_case, acting(priya, stage.now), emily.id, who.id)
    stage.running.wake()
    await stage.settled()


async def test_an_unlinked_parents_cards_close_and_open_again_with_the_link(stage: Stage) -> None:
    await just_over(stage)
    card = card_of(stage.daniel, "Awaiting")["message_id"]

    await changes_family(stage, stage.daniel, to_parent=False)

    [closed] = [one for one in stage.daniel.messages() if one["message_id"] == card]
    assert (text_of(closed), labels(closed)) == (GONE, [])
    assert labels(card_of(stage.mei, "Awaiting"))[:2] == ["Acknowledge", "Dispute"]

    await changes_family(stage, stage.daniel, to_parent=True)

    [alive] = live_buttons(stage.daniel)
    assert alive == card_of(stage.daniel, "Awaiting Your Acknowledgement")["message_id"]


async def test_an_unlinked_parents_lists_and_offers_lose_the_child(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=1))
    offer(stage, grace, emily, "16:00")
    await stage.settled()
    await write(stage, stage.daniel, "/upcoming")
    assert "Emily Lim" in all_text(stage.daniel)

    await changes_family(stage, stage.daniel, to_parent=False)

    assert "Emily Lim" not in all_text(stage.daniel)
    assert live_buttons(stage.daniel) == []
    assert GONE in all_text(stage.daniel)


async def test_extra_sessions_are_asked_about_once_after_a_parent_is_linked_again(
    stage: Stage,
) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")
    await write(stage, stage.grace, "20/11 15:00 90 exam revision\n21/11 15:00 90 fractions")
    await press(stage, stage.grace, "Log 2 sessions")
    asked = card_of(stage.daniel, "Please answer for each")["message_id"]

    await changes_family(stage, stage.daniel, to_parent=False)

    [closed] = [one for one in stage.daniel.messages() if one["message_id"] == asked]
    assert (text_of(closed), labels(closed)) == (GONE, [])

    await changes_family(stage, stage.daniel, to_parent=True)

    waiting = [
        one
        for one in stage.daniel.messages()
        if any(label.startswith("Acknowledge") for label in labels(one))
    ]
    assert len(waiting) == 2
    assert asked not in [one["message_id"] for one in waiting]
