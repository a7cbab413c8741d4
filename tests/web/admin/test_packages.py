"""Packages on the coordinators' pages: recorded, read, corrected (SPEC 7, 10)."""

import re
from dataclasses import replace
from datetime import date, timedelta

import httpx
from sqlmodel import col, select

from models import Package
from models.enums import EntryKind, Status
from services.approvals.approvals import acknowledge
from services.packages.corrections import adjust
from services.rules.money import Currency
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.services.packages.scenes import bought, charged, entries, left
from tests.services.scenes import another_session, carry_out
from tests.web.visiting import Pages, send
from web.site import Site

NEW = "/admin/packages/new"
SGD, KWD = Currency("SGD", 2), Currency("KWD", 3)


class WithMoney(Pages):
    """Pages of an agency that has a currency."""

    currency = SGD

    @classmethod
    def of(cls, pages: Pages) -> "WithMoney":
        """The same pages, and the agency has a currency."""
        return cls(pages.database, pages.clock, pages.media, pages.there)

    def site(self, **options: object) -> Site:
        return replace(super().site(**options), agency=replace(AGENCY, currency=self.currency))


class WithDinars(WithMoney):
    """Pages of an agency whose currency has three digits."""

    currency = KWD


def recorded(pages: Pages) -> list[Package]:
    with pages.database.reading() as session:
        return list(session.exec(select(Package).order_by(col(Package.id))).all())


async def record(browser: httpx.AsyncClient, pages: Pages, **over: str) -> httpx.Response:
    """Record a package of ten, or as `over` has it."""
    values = {"child": str(pages.there.student.id), "sessions": "10", "starts_on": "2026-11-01"}
    opened = await browser.get(NEW)
    return await browser.post(NEW, data=_hidden(opened.text) | values | over)


async def test_a_package_is_recorded_once_and_takes_up_what_is_owed(pages: Pages) -> None:
    held = pages.there
    carry_out(pages.database, acknowledge, held.id, acting(held.grace))
    with_money = WithMoney.of(pages)
    async with with_money.browser(held.coordinator) as browser:
        owed = (await browser.get("/admin/packages")).text
        assert f'href="{NEW}?child={held.student.id}">Emily Lim: 1</a>' in owed
        opened = (await browser.get(NEW)).text
        assert '<option value="1">Emily Lim</option>' in opened
        values = {"child": "1", "sessions": "10", "starts_on": "2026-11-01", "price": "640.50"}
        values |= {"expires_on": "2026-12-20", **_hidden(opened)}
        answers = [await browser.post(NEW, data=values) for _ in range(2)]
        page = await browser.get(answers[0].headers["Location"])
        listed = (await browser.get("/admin/packages")).text

    [package] = recorded(pages)
    assert [one.status_code for one in answers] == [303, 303]
    assert len(entries(pages.database, EntryKind.PURCHASE)) == 1
    assert (package.price, package.expires_on) == (64050, date(2026, 12, 20))
    assert charged(pages.database) == [(held.id, package.id)]
    for told in ("9 of 10 sessions left, until Sun 20 Dec", "640.50", "Mathematics, Wed 25 Nov"):
        assert told in page.text
    assert "9 of 10 sessions left" in listed
    assert "Sessions owed" not in listed


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_recorded(pages: Pages) -> None:
    with_money = WithMoney.of(pages)
    async with with_money.browser(pages.there.coordinator) as browser:
        for over, field, told in (
            ({"sessions": "0"}, "sessions", "A package has 1 to 1000 sessions"),
            ({"sessions": "ten"}, "sessions", "A package has 1 to 1000 sessions"),
            ({"starts_on": "soon"}, "starts_on", "choose a day"),
            ({"expires_on": "2026-10-01"}, "expires_on", "must not be before the first"),
            ({"price": "12.345"}, "price", "Please write an amount"),
        ):
            answer = await record(browser, with_money, **over)
            assert answer.status_code == 409
            assert f'id="{field}-error">' in answer.text
            assert told in answer.text
        unknown = await record(browser, with_money, child="99")
    assert unknown.status_code == 404
    assert entries(pages.database) == []


async def test_all_that_is_wrong_with_a_package_is_told_at_once(pages: Pages) -> None:
    with_money = WithMoney.of(pages)
    wrong = {"sessions": "1001", "expires_on": "2026-10-01", "price": "12.345"}
    async with with_money.browser(pages.there.coordinator) as browser:
        answer = await record(browser, with_money, **wrong)
    assert sorted(re.findall(r'id="(\w+)-error"', answer.text)) == sorted(wrong)


async def test_a_price_is_taken_as_the_page_writes_it(pages: Pages) -> None:
    with_money = WithMoney.of(pages)
    async with with_money.browser(pages.there.coordinator) as browser:
        first = await record(browser, with_money, price="1640.5")
        written = (await browser.get(first.headers["Location"])).text
        assert "1,640.50" in written
        await record(browser, with_money, price="1,640.50")

    assert [one.price for one in recorded(pages)] == [164050, 164050]


async def test_a_price_with_two_readings_is_asked_about(pages: Pages) -> None:
    dinars = WithDinars.of(pages)
    async with dinars.browser(pages.there.coordinator) as browser:
        answer = await record(browser, dinars, price="1,640")

    assert answer.status_code == 409
    assert "Is that 1.640 or 1640.000? Please write it so." in answer.text
    assert recorded(pages) == []


async def test_without_a_currency_no_price_is_asked_for(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        assert 'name="price"' not in (await browser.get(NEW)).text
        answer = await record(browser, pages, price="5")
    assert answer.status_code == 409
    assert recorded(pages) == []


async def test_a_package_is_adjusted_with_a_reason_once_for_each_form(pages: Pages) -> None:
    package = bought(pages.database, pages.there)
    here = f"/admin/packages/{package.id}"
    async with pages.browser(pages.there.coordinator) as browser:
        opened = await browser.get(here)
        values = {**_hidden(opened.text), "sessions": "-2", "reason": "Agreed by phone"}
        for _ in range(2):
            assert (await browser.post(here, data=values)).status_code == 303
        assert "Adjusted: Agreed by phone" in (await browser.get(here)).text
        for typed, reason, field in (("0", "x", "sessions"), ("1", " ", "reason")):
            wrong = await send(browser, here, sessions=typed, reason=reason)
            assert wrong.status_code == 409
            assert f'id="{field}-error">' in wrong.text
    assert left(pages.database, package) == 8


async def test_an_entry_is_reversed_once_and_the_page_says_so(pages: Pages) -> None:
    package = bought(pages.database, pages.there)
    carry_out(pages.database, acknowledge, pages.there.id, acting(pages.there.grace))
    [deduction] = entries(pages.database, EntryKind.DEDUCTION)
    with pages.database.unit_of_work() as session:
        second = builders.coordinator(session, name="Ben Ho")
    path = f"/admin/packages/entries/{deduction.id}/reverse"
    async with pages.browser(pages.there.coordinator) as browser:
        listed = (await browser.get(f"/admin/packages/{package.id}")).text
        assert f'href="{path}"' in listed
        assert (await send(browser, path, reason="")).status_code == 409
        form = _hidden((await browser.get(path)).text) | {"reason": "Not held"}
        for _ in range(2):
            assert (await browser.post(path, data=form)).status_code == 303
        again = (await browser.get(path)).text
        listed = (await browser.get(f"/admin/packages/{package.id}")).text
        assert (
            await browser.get(f"/admin/packages/entries/{deduction.id + 1}/reverse")
        ).status_code
    async with pages.browser(second) as browser:
        late = await browser.post(path, data=form | {"csrf": pages.token(browser)})
    assert "cannot be reversed any more" in again
    assert late.status_code == 409
    assert "Priya Nair" in late.text
    for page in (again, late.text):
        assert 'name="reason"' not in page
        assert "Back to the package" in page
    assert f'href="{path}"' not in listed
    assert "(given back later)" in listed
    assert "Given back for Mathematics, Wed 25 Nov 13:30-15:00, Tan Wei Ming: Not held" in listed
    assert left(pages.database, package) == 10


async def test_a_reversed_purchase_names_the_sessions_that_have_used_it_and_bills_them(
    pages: Pages,
) -> None:
    package = bought(pages.database, pages.there)
    carry_out(pages.database, acknowledge, pages.there.id, acting(pages.there.grace))
    [purchase] = entries(pages.database, EntryKind.PURCHASE)
    path = f"/admin/packages/entries/{purchase.id}/reverse"
    async with pages.browser(pages.there.coordinator) as browser:
        asked = (await browser.get(path)).text
        assert "1 session has used what is taken back" in asked
        assert '<li class="numbers">Mathematics, Wed 25 Nov 13:30-15:00, Tan Wei Ming' in asked
        assert 'name="with_sessions" value="1" checked' in asked
        refused = (await send(browser, path, reason="")).text
        assert 'name="with_sessions" value="1">' in refused, "what was unticked stays so"
        answer = await send(browser, path, reason="Paid back", with_sessions="1")
        assert answer.status_code == 303
        listed = (await browser.get(f"/admin/packages/{package.id}")).text
    assert "Given back for Mathematics, Wed 25 Nov 13:30-15:00, Tan Wei Ming: Paid back" in listed
    assert left(pages.database, package) == 0


async def test_open_low_and_over_are_lists_of_their_own(pages: Pages) -> None:
    database, there = pages.database, pages.there
    bought(database, there, 7, expires_on=date(2026, 11, 24))
    bought(database, there, 1, starts_on=date(2026, 10, 1))
    another_session(database, there, status=Status.SCHEDULED)
    carry_out(database, acknowledge, there.id, acting(there.grace, NOW + timedelta(hours=1)))
    async with pages.browser(there.coordinator) as browser:
        shown = {
            name: re.findall(
                r"(-?\d+ of \d+) session", (await browser.get(f"/admin/packages?show={name}")).text
            )
            for name in ("open", "low", "past")
        }
        of_child = (await browser.get(f"/admin/packages?child={there.student.id}")).text
    assert of_child.count("<b>Emily Lim</b>") == 2
    assert shown == {"open": [], "low": ["0 of 1"], "past": ["7 of 7", "0 of 1"]}


async def test_a_package_with_one_session_left_is_nearly_used_up(pages: Pages) -> None:
    there = pages.there
    package = bought(pages.database, there, 6)
    carry_out(pages.database, adjust, package.id, -5, "Counted wrongly", acting(there.coordinator))
    async with pages.browser(there.grace) as browser:
        text = (await browser.get("/family/package")).text
    assert re.findall(r"(\d of \d) sessions left.*?>([\w ]+)</span>", text) == [
        ("1 of 6", "Nearly used up")
    ]


async def test_a_parent_reads_the_same_entries_of_their_own_child_only(pages: Pages) -> None:
    database, there = pages.database, pages.there
    async with pages.browser(there.grace) as browser:
        assert "No package yet" in (await browser.get("/family/package")).text
        bought(database, there, 1)
        carry_out(database, acknowledge, there.id, acting(there.grace))
        text = (await browser.get(f"/family/package?child={there.student.id}")).text
        assert "Mathematics, Wed 25 Nov 13:30-15:00, Tan Wei Ming" in text
        assert "0 of 1 session left" in text
        assert ">Used up<" in text
        assert "Nearly used up" not in text
        assert "Reverse" not in text
        assert (await browser.get("/family/package?child=99")).status_code == 404
        assert "/family/package?child=" in (await browser.get("/family")).text
    async with pages.browser(there.tutor) as browser:
        assert (await browser.get("/family/package")).status_code == 409
