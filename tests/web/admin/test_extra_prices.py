"""Price and pay of an extra session, set on a page (SPEC 7, 10)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import Appointment
from models.enums import Kind, PriceUnit, Status
from tests.builders import NOW
from tests.services.billing.scenes import close
from tests.services.scenes import Scene, another_session
from tests.web.admin.test_packages import WithMoney
from tests.web.visiting import Pages, hidden_in


@pytest.fixture
def pages(pages: Pages) -> WithMoney:
    return WithMoney.of(pages)


def extra(pages: Pages, days: int = 1) -> Scene:
    return another_session(
        pages.database,
        pages.there,
        starts_at=NOW - timedelta(days=days),
        status=Status.APPROVED,
        kind=Kind.ADHOC,
        billed_as_addon=1,
    )


def price_of(pages: Pages, there: Scene) -> tuple[int | None, int | None, PriceUnit | None]:
    with pages.database.reading() as session:
        row = session.exec(select(Appointment).where(Appointment.id == there.id)).one()
    return row.price, row.pay, row.price_unit


async def test_a_coordinator_sets_price_and_pay_of_an_extra_session(pages: WithMoney) -> None:
    there = extra(pages)
    path = f"/admin/billing/extra/{there.id}/price"
    async with pages.browser(there.coordinator) as browser:
        assert path in (await browser.get(f"/sessions/{there.id}")).text
        assert path not in (await browser.get(f"/sessions/{pages.there.id}")).text
        form = hidden_in((await browser.get(path)).text)
        values = {"price": "75,5", "pay": "40", "unit": "hour"}
        done = await browser.post(path, data=form | values)
        statement = (await browser.get(done.headers["location"])).text
        again = (await browser.get(path)).text

    assert done.status_code == 303
    assert price_of(pages, there) == (7550, 4000, PriceUnit.HOUR)
    assert "113.25" in statement
    assert 'value="75.50"' in again


async def test_what_cannot_be_set_is_said(pages: WithMoney) -> None:
    there = extra(pages)
    october = extra(pages, 30)
    close(pages.database, there)
    path = f"/admin/billing/extra/{there.id}/price"
    async with pages.browser(there.coordinator) as browser:
        form = hidden_in((await browser.get(path)).text)
        answer = await browser.post(path, data=form | {"price": "1.234", "pay": "a lot"})
        closed = await browser.get(f"/admin/billing/extra/{october.id}/price")
    async with pages.browser(there.tutor) as browser:
        others = await browser.get(path)

    assert answer.status_code == 409
    assert 'value="1.234"' in answer.text
    assert answer.text.count('class="error"') == 2
    assert (closed.status_code, others.status_code) == (409, 404)
    assert "closed" in closed.text
    assert price_of(pages, there) == price_of(pages, october) == (None, None, None)
