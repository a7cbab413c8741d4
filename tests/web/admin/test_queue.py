"""The coordinators' queue: what waits, sorted by what waiting costs (SPEC 10)."""

import re
from datetime import timedelta

from tests.builders import NOW
from tests.services.matters import matters
from tests.services.scenes import another_session, open_thread
from tests.web.visiting import Pages


def keys_in(text: str) -> list[str]:
    """The matters that a page lists, in order."""
    return re.findall(r'<li class="item[^"]*" id="([a-z_]+-\d+)"', text)


async def shown(pages: Pages, query: str = "") -> str:
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await browser.get(f"/admin{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_the_queue_is_sorted_by_what_waiting_costs(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    later = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    patient = open_thread(pages.database, later)

    text = await shown(pages)

    assert keys_in(text) == [*waiting.in_order, f"request-{patient.id}"]
