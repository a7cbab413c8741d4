"""A history and the log say which it was: the student was absent, or present (SPEC 2, 3)."""

from tests.web.visiting import Pages, send

ABSENT = "marked the student absent on Wed 25 Nov at 15:00"
PRESENT = "marked the student present after all on Wed 25 Nov at 15:00"


async def test_an_absence_and_that_it_was_taken_back_are_told_apart(pages: Pages) -> None:
    there = pages.there
    page = f"/sessions/{there.id}"
    async with pages.browser(there.tutor) as browser:
        told = []
        for absent in ("1", "0"):
            sent = await send(browser, f"{page}/mark-absent", on=page, absent=absent)
            told.append((await browser.get(sent.headers["Location"])).text)
    histories = []
    for person in (there.tutor, there.grace, there.coordinator):
        async with pages.browser(person) as browser:
            histories.append((await browser.get(page)).text.partition("History</h2>")[2])
    async with pages.browser(there.coordinator) as browser:
        log = (await browser.get(f"/admin/log?session={there.id}")).text

    assert "You marked the student absent at 15:00</p>" in told[0]
    assert "You marked the student present after all at 15:00</p>" in told[1]
    for who, history in zip(["You", "Tan Wei Ming", "Tan Wei Ming"], histories, strict=True):
        assert history.index(f"{who} {ABSENT}") < history.index(f"{who} {PRESENT}")
    assert log.index("Present after all") < log.index("Absent")
