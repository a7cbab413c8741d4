"""What was chosen while somebody else was first is not lost (SPEC 6; UX 19)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import AuditEvent
from models.enums import Action, ChangeReason, MatchStatus
from services.matches.answers import accept
from services.sessions.cancellations import cancel
from tests.builders import AGENCY, NOW, acting
from tests.services.matches.stage import MONDAY, at, match_as_it_stands, offered, stage
from tests.services.scenes import Scene, another_session, carry_out
from tests.web.visiting import Pages, hidden_in

CHOSEN = "20261130T0700Z"
OFFER = "Ask for Mon 30 Nov 15:00-16:30 as replacement"


def cancelled(pages: Pages, there: Scene) -> None:
    """The tutor cancels a session."""
    reason = (ChangeReason.UNWELL, None, None)
    carry_out(pages.database, cancel, there.id, acting(there.tutor), *reason)


async def test_the_time_goes_into_the_request_for_a_replacement(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    path = f"/sessions/{there.id}/propose"
    async with pages.browser(there.grace) as browser:
        form = hidden_in((await browser.get(f"{path}?at={CHOSEN}")).text)
        cancelled(pages, there)
        typed = {"reason": "other", "text": "He has a fever", "at": CHOSEN}
        refused = (await browser.post(path, data=form | typed)).text
        opened_anew = (await browser.get(f"{path}?at={CHOSEN}")).text
        form = {"csrf": pages.token(browser), "wished": CHOSEN}
        asked = await browser.post(f"/sessions/{there.id}/ask-replacement", data=form)
        told = (await browser.get(asked.headers["Location"])).text

    assert "cancelled this at 15:00" in refused
    assert "He has a fever" in refused
    for text in (refused, opened_anew):
        assert text.index(OFFER) < text.index(">Ask for replacement<")
        assert f'name="wished" value="{CHOSEN}"' in text
    assert "Asked for Mon 30 Nov 15:00-16:30" in told
    with pages.database.reading() as session:
        query = select(AuditEvent).where(AuditEvent.action == Action.ASK_REPLACEMENT)
        event = session.exec(query).one()
    assert event.details == {"wished": "2026-11-30T07:00:00+00:00"}


@pytest.mark.parametrize("why", ["taken", "passed", "none"])
async def test_a_time_that_cannot_be_had_is_not_offered(pages: Pages, why: str) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    if why == "taken":
        another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=5))
    cancelled(pages, there)
    given = {"taken": CHOSEN, "passed": "20261101T0700Z", "none": "soon"}[why]
    async with pages.browser(there.grace) as browser:
        shown = (await browser.get(f"/sessions/{there.id}/propose?at={given}")).text

    assert ">Ask for replacement<" in shown
    assert "as replacement" not in shown


async def test_an_answer_that_comes_second_names_the_offer(pages: Pages) -> None:
    there = stage(pages.database)
    match = offered(pages.database, there, times=(at(MONDAY, "15:00"),))
    path = f"/family/matches/{match.id}"
    carry_out(pages.database, accept, match.id, acting(there.daniel), AGENCY)
    async with pages.browser(there.grace) as browser:
        form = {"csrf": pages.token(browser), "text": "Too expensive"}
        declined = await browser.post(f"{path}/decline", data=form)

    assert declined.status_code == 409
    assert f"<h1>{there.student.name} · {match.subject}</h1>" in declined.text
    assert "Daniel Lim accepted this at" in declined.text
    assert "Every Monday 15:00" in declined.text
    assert "Too expensive" in declined.text
    assert match_as_it_stands(pages.database, match.id).status is MatchStatus.ACCEPTED
