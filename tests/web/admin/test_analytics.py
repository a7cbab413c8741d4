"""Analytics: every number leads to as many rows; plots are described; exports are safe (SPEC 7)."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from models.enums import ChangeReason, DisputeReason, Kind, Role, Status
from services.approvals.approvals import acknowledge, verify
from services.approvals.disputes import dispute
from services.sessions.cancellations import cancel_for
from tests.builders import NOW, acting
from tests.services.packages.scenes import approved, awaiting, bought
from tests.services.proofs import every_row
from tests.services.scenes import another_session, carry_out
from tests.web.test_costs import statements
from tests.web.visiting import Pages, shown_in

PATH = "/admin/analytics"
DAY = timedelta(days=1)


@pytest.fixture
def agency(pages: Pages) -> Pages:
    """Two months of a small agency: held, extra, trial, cancelled, disputed, lost."""
    database, there = pages.database, pages.there
    bought(database, there, 10)
    for days in (1, 2, 3, 35):
        approved(database, there, NOW - days * DAY)
    approved(database, there, NOW - 4 * DAY, kind=Kind.ADHOC, billed_as_addon=1)
    approved(database, there, NOW - 5 * DAY, kind=Kind.TRIAL)
    late = awaiting(database, there, NOW - 6 * DAY)
    carry_out(database, dispute, late.id, acting(there.grace), DisputeReason.CONDUCT, None)
    lost = another_session(database, there, starts_at=NOW + timedelta(hours=6))
    carry_out(database, cancel_for, lost.id, acting(there.coordinator), Role.PARENT, "Ill", None)
    another_session(database, there, starts_at=NOW - 7 * DAY, status=Status.NOT_COMPLETED)
    return pages


async def numbers_of(browser: httpx.AsyncClient) -> dict[str, str]:
    """Every number of the page that leads somewhere, by its address."""
    text = (await browser.get(PATH)).text
    cells = re.findall(r'<td class="number"><a href="([^"]+)">([^<]+)</a>', text)
    tops = re.findall(r'<a href="([^"]+)"><b>([^<]+)</b>', text)
    return {unescape(address): number for address, number in (*cells, *tops)}


async def test_every_number_leads_to_as_many_rows(agency: Pages) -> None:
    async with agency.browser(agency.there.coordinator) as browser:
        before = every_row(agency.database)
        numbers = await numbers_of(browser)
        assert len(numbers) > 20
        for address, number in numbers.items():
            rows = (await browser.get(address)).text
            assert len(re.findall(r'<li class="row"', rows)) == int(number), address
        assert every_row(agency.database) == before


async def test_it_counts_what_there_is(agency: Pages) -> None:
    async with agency.browser(agency.there.coordinator) as browser:
        text = (await browser.get(PATH)).text

    tops = re.findall(r"<b>(\d+)</b><span>([^<]+)</span>", text)
    assert tops == [
        ("6", "Sessions held"),
        ("1", "Awaiting parents"),
        ("1", "Disputed"),
        ("1", "Lost to expired requests"),
    ]
    for title, row in (
        ("Sessions and hours by month", ["November 2026", "3", "1", "1", "6 h", "1 h 30 min"]),
        ("By tutor", ["Tan Wei Ming", "6", "1", "7 h 30 min"]),
        ("Cancellations by side", ["Parent", "1", "100 %"]),
        ("Cancellations by notice", ["4 to 24 hours", "1", "100 %"]),
        ("Disputes and outcomes", ["Open", "1", "100 %"]),
        ("How long packages last", ["Emily Lim", "8.0", "6", "3"]),
    ):
        section = text[text.index(f">{title}</h2>") :]
        section = section[: section.index("</section>")]
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", section.split("<tbody>")[1], re.DOTALL)
        found = [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]
        assert row == found[: len(row)] or row == found[len(row) : 2 * len(row)], (title, found)
    assert "Only 6 sessions: too few to read much into them." in text
    assert ChangeReason.OTHER.value in text


async def test_it_is_not_counted_again_until_something_is_recorded(agency: Pages) -> None:
    async with agency.browser(agency.there.coordinator) as browser:
        first = shown_in(await browser.get(PATH))
        with statements() as executed:
            assert shown_in(await browser.get(PATH)) == first
        carry_out(agency.database, acknowledge, agency.there.id, acting(agency.there.grace))
        with statements() as anew:
            after = shown_in(await browser.get(PATH))
        agency.clock.forward(minutes=1)
        with statements() as later:
            await browser.get(PATH)

    assert "<b>6</b><span>Sessions held</span>" in first
    assert "<b>7</b><span>Sessions held</span>" in after
    assert len(anew) == len(later) == len(executed) + 1


@pytest.mark.parametrize("by_parent", [True, False])
async def test_only_what_parents_acknowledge_counts_for_their_times(
    agency: Pages, by_parent: bool
) -> None:
    there = agency.there
    before = await acknowledged_in_time(agency)

    if by_parent:
        carry_out(agency.database, acknowledge, there.id, acting(there.grace))
    else:
        why = "No parent has answered."
        carry_out(agency.database, verify, there.id, acting(there.coordinator), why)

    assert await acknowledged_in_time(agency) == before + by_parent


async def acknowledged_in_time(agency: Pages) -> int:
    """Sessions that were acknowledged within a day, by the page."""
    async with agency.browser(agency.there.coordinator) as browser:
        text = (await browser.get(PATH)).text
    section = text[text.index(">Acknowledgement times</h2>") :]
    section = section[: section.index("</section>")]
    found = re.search(r"Within a day</th><td[^>]*><a[^>]*>(\d+)</a>", section)
    return int(found[1]) if found else 0


async def test_each_plot_has_a_title_a_description_and_its_table(agency: Pages) -> None:
    async with agency.browser(agency.there.coordinator) as browser:
        text = (await browser.get(PATH)).text

    sections = re.findall(r'<section class="card".*?</section>', text, re.DOTALL)
    plots = [section for section in sections if "<svg" in section]
    assert len(plots) > 8
    for section in plots:
        [labelled] = re.findall(r'<svg[^>]*role="img" aria-labelledby="([^"]+)"', section)
        for name in labelled.split():
            assert re.search(rf'<(title|desc) id="{name}">[^<]+</', section)
        assert section.index("<svg") < section.index("<table>")


async def test_periods_and_exports(agency: Pages) -> None:
    async with agency.browser(agency.there.coordinator) as browser:
        october = (await browser.get(f"{PATH}?from=2026-10&to=2026-10")).text
        assert "<b>1</b><span>Sessions held</span>" in october
        for wrong in ("from=2026-11&to=2026-10", "from=2020-01&to=2026-10", "from=x"):
            assert (await browser.get(f"{PATH}?{wrong}")).status_code == 404
        as_csv = await browser.get(f"{PATH}?as=csv")
        as_xlsx = await browser.get(f"{PATH}?as=xlsx")
        assert (await browser.get(f"{PATH}?as=doc")).status_code == 404

    assert "November 2026,3,1,1,6 h,1 h 30 min" in as_csv.text
    assert as_xlsx.content.startswith(b"PK")
