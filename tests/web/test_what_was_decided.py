"""What coordinators decided about a session, as its page says it (SPEC 5, 7; UX 18)."""

from datetime import timedelta

from models.enums import DisputeReason, Role
from services.approvals.disputes import dispute, uphold
from services.lifecycle.access import for_update
from services.lifecycle.cancelling import cancel_on_behalf
from tests.builders import NOW, acting
from tests.services.scenes import another_session, carry_out
from tests.web.test_session_page import QUOTED, shown
from tests.web.visiting import Pages


async def test_how_a_dispute_was_settled_says_that_its_words_are_the_reason(pages: Pages) -> None:
    there = pages.there
    carry_out(
        pages.database, dispute, there.id, acting(there.grace), DisputeReason.CONDUCT, "He shouted."
    )
    carry_out(pages.database, uphold, 1, acting(there.coordinator), "We asked both.")

    for person in (there.grace, there.tutor, there.coordinator):
        text = await shown(pages, person, there.id)
        assert "upheld the dispute on Wed 25 Nov at 15:00. Reason: We asked both.</dd>" in text
        assert f"{QUOTED}We asked both.</blockquote>" in text


async def test_a_session_that_was_cancelled_for_a_holiday_says_so(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    with pages.database.unit_of_work() as session:
        row = for_update(session, there.id)
        actor, day = acting(there.coordinator), "Founders' day"
        cancel_on_behalf(session, row, actor, Role.TUTOR, day, None, holiday=day)

    for person, role in ((there.grace, "family"), (there.tutor, "tutor")):
        text = await shown(pages, person, there.id)
        async with pages.browser(person) as browser:
            tab = (await browser.get(f"/{role}?tab=past")).text
        for told in (text, tab):
            assert "Cancelled: the agency is closed" in told
            assert "by the tutor" not in told
        assert "cancelled this on Wed 25 Nov at 15:00" in text
        assert "for the tutor" not in text
