"""Parents answer matches on the family's page; tutors see whom they teach (SPEC 7, 10)."""

from dataclasses import replace
from datetime import date, time, timedelta

from sqlmodel import col, select

from chat.cards.match import offer_card
from locales.reader import Reader
from models import Appointment, Match
from models.enums import MatchStatus, PriceUnit
from services.matches.answers import accept
from services.matches.offers import Terms, offer
from services.queries.matches import match_view
from services.rules.weekly import WeeklyTime
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.services.scenes import another_session, carry_out
from tests.web.admin.test_packages import SGD, WithMoney
from tests.web.visiting import Pages, hidden_in, send


def offered(pages: Pages, **over: object) -> Match:
    """Mondays at three, from next week on."""
    there = pages.there
    terms = Terms(
        there.tutor.id,
        there.student.id,
        "Physics",
        (WeeklyTime(1, time(15), 90),),
        date(2026, 11, 30),
        **over,  # type: ignore[arg-type]  # what a match may have, or not
    )
    return carry_out(pages.database, offer, acting(there.coordinator), terms, AGENCY).match


def status(pages: Pages) -> MatchStatus:
    with pages.database.reading() as session:
        return session.exec(select(Match)).one().status


def booked(pages: Pages) -> int:
    with pages.database.reading() as session:
        return len(session.exec(select(Appointment).where(col(Appointment.match_id) > 0)).all())


async def test_a_parent_accepts_on_the_familys_page(pages: Pages) -> None:
    match = offered(pages, is_tutor_held_back=True)
    async with pages.browser(pages.there.grace) as browser:
        page = (await browser.get("/family")).text
        offer_shown = page[: page.index("Prepaid sessions")]
        for told in ("We suggest weekly lessons", "Emily Lim · Physics", "Every Monday"):
            assert told in offer_shown
        assert pages.there.tutor.name not in offer_shown
        path = f"/family/matches/{match.id}/accept"
        answers = [await browser.post(path, data=hidden_in(page)) for _ in range(2)]
        told = (await browser.get(answers[0].headers["Location"])).text
        after = (await browser.get("/family")).text

    assert "8 sessions are booked, the first Mon 30 Nov 15:00-16:30." in told
    assert [one.status_code for one in answers] == [303, 303]
    assert status(pages) is MatchStatus.ACCEPTED
    assert booked(pages) == 8
    assert "We suggest weekly lessons" not in after


async def test_what_lessons_cost_is_read_before_they_are_accepted(pages: Pages) -> None:
    with_money = WithMoney.of(pages)
    match = offered(with_money, price=6000, pay=4000, price_unit=PriceUnit.HOUR)
    async with with_money.browser(pages.there.grace) as browser:
        page = (await browser.get("/family")).text
        sure = (await browser.get(f"/family/matches/{match.id}/decline")).text
    with pages.database.reading() as session:
        view = match_view(session, match.id, NOW)
    assert view is not None
    moneyed = replace(AGENCY, currency=SGD)
    shown = str(offer_card(Reader.for_agency(moneyed, NOW), view, None).text)
    without = str(offer_card(Reader.for_agency(AGENCY, NOW), view, None).text)

    for told in (page, sure, shown):
        assert "Price: SGD\N{NO-BREAK SPACE}60.00 an hour" in told
        assert "40.00" not in told
    assert "Price" not in without


async def test_declining_is_asked_about_first(pages: Pages) -> None:
    match = offered(pages)
    path = f"/family/matches/{match.id}/decline"
    async with pages.browser(pages.there.daniel) as browser:
        asked = (await browser.get(path)).text
        assert "Decline this?" in asked
        assert status(pages) is MatchStatus.OFFERED
        await send(browser, path)

    assert status(pages) is MatchStatus.DECLINED
    assert booked(pages) == 0
    assert reason(pages) is None


async def test_a_reason_for_declining_is_read_by_coordinators(pages: Pages) -> None:
    match = offered(pages)
    path = f"/family/matches/{match.id}/decline"
    async with pages.browser(pages.there.daniel) as browser:
        refused = await send(browser, path, text="x" * 1001)
        assert "longer than 1000 characters" in refused.text
        assert "x" * 1001 in refused.text
        assert status(pages) is MatchStatus.OFFERED
        await send(browser, path, text=" Too <far>. ")
    async with pages.browser(pages.there.coordinator) as browser:
        shown = (await browser.get(f"/admin/matches/{match.id}")).text

    assert reason(pages) == "Too <far>."
    assert "Too &lt;far&gt;." in shown


def reason(pages: Pages) -> str | None:
    with pages.database.reading() as session:
        return session.exec(select(Match)).one().decline_reason


async def test_what_was_accepted_is_told_to_the_familys_parents_alone(pages: Pages) -> None:
    match = offered(pages)
    carry_out(pages.database, accept, match.id, acting(pages.there.grace), AGENCY)
    with pages.database.unit_of_work() as session:
        stranger = builders.parent(session, name="Stranger")
        builders.student(session, [stranger], name="Zoe")
    async with pages.browser(stranger) as browser:
        shown = (await browser.get(f"/family?accepted={match.id}")).text

    assert "booked, the first" not in shown


async def test_who_comes_second_is_told_who_decided(pages: Pages) -> None:
    match = offered(pages)
    async with pages.browser(pages.there.daniel) as browser:
        page = (await browser.get("/family")).text
        carry_out(pages.database, accept, match.id, acting(pages.there.grace), AGENCY)
        answer = await browser.post(f"/family/matches/{match.id}/decline", data=hidden_in(page))

    assert answer.status_code == 409
    assert "accepted this" in answer.text


async def test_nobody_else_answers(pages: Pages) -> None:
    match = offered(pages)
    for person in (pages.there.tutor, pages.there.coordinator):
        async with pages.browser(person) as browser:
            data = {"csrf": pages.token(browser)}
            for way in ("accept", "decline"):
                answer = await browser.post(f"/family/matches/{match.id}/{way}", data=data)
                assert answer.status_code in {403, 404, 409}

    assert status(pages) is MatchStatus.OFFERED


async def test_a_tutor_sees_whom_they_teach_and_when(pages: Pages) -> None:
    match = offered(pages)
    async with pages.browser(pages.there.tutor) as browser:
        before = (await browser.get("/tutor/students")).text
        carry_out(pages.database, accept, match.id, acting(pages.there.grace), AGENCY)
        after = (await browser.get("/tutor/students")).text

    assert "No students yet" in before
    for told in ("Emily Lim · Physics", "Every Monday 15:00-16:30", "Next: Mon 30 Nov"):
        assert told in after


async def test_a_student_with_sessions_and_no_match_is_among_them(pages: Pages) -> None:
    another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=2))
    async with pages.browser(pages.there.tutor) as browser:
        shown = (await browser.get("/tutor/students")).text

    assert "Emily Lim · Mathematics" in shown
    assert "Next: Fri 27 Nov" in shown
