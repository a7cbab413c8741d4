"""What coordinators' pages cost: few statements, however much waits (SPEC 10)."""

import pytest

from tests.builders import NOW
from tests.services.matters import DAY, HOUR, matters, over
from tests.services.scenes import another_session, open_thread
from tests.web.test_costs import hops, statements
from tests.web.test_pages_cost import ALL_IN_ALL, whole_page
from tests.web.visiting import Pages

__all__ = ["hops"]
A_FULL_PAGE = 20


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/admin", 24),
        ("/admin?kind=unanswered&text=emily", 16),
        ("/admin?item=dispute-1&do=verify", 24),
        ("/admin/bulk?kind=unanswered&do=nudge", 10),
        ("/admin/sessions", 6),
        ("/admin/sessions?flag=late_start&text=emily", 6),
        ("/admin/disputes/1", 10),
        ("/admin/problems/1", 8),
        ("/admin/people", 4),
        ("/admin/people?q=lim&role=parent", 4),
        ("/admin/people/1", 8),
        ("/admin/people/children", 4),
        ("/admin/people/children/1", 4),
        ("/admin/find?q=lim", 8),
        ("/admin/log", 4),
        ("/admin/matches", 6),
        ("/admin/packages", 6),
        ("/admin/billing", 8),
        ("/admin/billing/2026-11", 18),
        ("/admin/analytics", 6),
        ("/sessions/1", 9),
    ],
)
async def test_a_page_is_one_hop_and_no_more_statements_for_more_that_waits(
    pages: Pages, hops: list[str], path: str, most: int
) -> None:
    there, database = pages.there, pages.database
    matters(database, there)

    def more(days: int) -> None:
        another_session(database, there, **over(starts_at=NOW - days * DAY))
        another_session(database, there, starts_at=NOW - days * DAY - 3 * HOUR)
        open_thread(database, another_session(database, there, starts_at=NOW + days * DAY))

    counts = []
    for days in (9, 12):
        more(days)
        async with pages.browser(there.coordinator) as browser:  # a site that has kept nothing
            hops.clear()
            with statements() as executed:
                assert (await browser.get(path)).status_code == 200
            assert hops == ["read"]
            counts.append(len(executed))

    assert counts[0] == counts[1] <= most


async def test_a_full_queue_has_room_left_in_what_a_page_may_weigh(pages: Pages) -> None:
    matters(pages.database, pages.there)
    for days in range(3, 3 + A_FULL_PAGE):
        another_session(pages.database, pages.there, **over(starts_at=NOW - days * DAY))
    async with pages.browser(pages.there.coordinator) as browser:
        parts = await whole_page(browser, "/admin?item=dispute-1")

    assert parts[0].count(b'<li class="item') == A_FULL_PAGE
    assert sum(map(len, parts)) < 0.95 * ALL_IN_ALL
