"""Forms: only those of this browser's own pages count, and each counts once (SPEC 10)."""

from sqlmodel import select

from models import AuditEvent, ProblemReply, ProblemReport
from models.enums import Action, Status
from tests.services.proofs import as_it_stands, every_row
from tests.web.visiting import Pages, hidden_in, send

TOLD = "This page was out of date, so nothing was done."


async def test_a_form_without_this_browsers_token_does_nothing(pages: Pages) -> None:
    path = f"/sessions/{pages.there.id}/acknowledge"
    async with (
        pages.browser(pages.there.grace) as browser,
        pages.browser(pages.there.daniel) as other,
    ):
        theirs = hidden_in((await other.get("/family")).text)["csrf"]
        before = every_row(pages.database)
        for forged in ({}, {"csrf": ""}, {"csrf": "x" * 64}, {"csrf": "é"}, {"csrf": theirs}):
            answer = await browser.post(path, data=forged)
            assert answer.status_code == 403
            assert TOLD in answer.text
        assert every_row(pages.database) == before
        assert (await send(browser, path, on="/family")).status_code == 303

    assert as_it_stands(pages.database, pages.there.id).status is Status.APPROVED


async def test_a_token_ends_with_its_session(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        old = hidden_in((await browser.get("/family")).text)["csrf"]
    async with pages.browser(pages.there.grace) as browser:
        path = f"/sessions/{pages.there.id}/acknowledge"
        assert (await browser.post(path, data={"csrf": old})).status_code == 403


async def test_a_form_that_is_sent_twice_counts_once(pages: Pages) -> None:
    path = f"/sessions/{pages.there.id}/report-problem"
    async with pages.browser(pages.there.grace) as browser:
        form = hidden_in((await browser.get(path)).text) | {"text": "He came late."}
        answers = [await browser.post(path, data=form) for _ in range(2)]
        with pages.database.reading() as session:
            assert len(session.exec(select(ProblemReport)).all()) == 1
        again = await send(browser, path, text="He came late.")  # another form: it counts, too

    assert [one.status_code for one in (*answers, again)] == [303, 303, 303]
    with pages.database.reading() as session:
        assert [one.text for one in session.exec(select(ProblemReply)).all()] == ["He came late."]


async def test_a_row_leads_back_to_its_list_and_nowhere_else(pages: Pages) -> None:
    path, page = f"/sessions/{pages.there.id}/acknowledge", f"/sessions/{pages.there.id}"
    async with pages.browser(pages.there.grace) as browser:
        listed = await send(browser, path, on="/family?tab=awaiting")
        token = pages.token(browser)
        for elsewhere in ("//evil.example", "https://evil.example/family", "/familys", "/sign-out"):
            answer = await browser.post(path, data={"csrf": token, "back": elsewhere})
            assert answer.headers["Location"] == f"{page}?done=acknowledge"

    address, _, event = listed.headers["Location"].rpartition("&done=")
    assert address == f"/family?child={pages.there.student.id}&tab=awaiting"
    with pages.database.reading() as session:
        done = session.get_one(AuditEvent, int(event))
    assert (done.action, done.actor_id) == (Action.ACKNOWLEDGE, pages.there.grace.id)
