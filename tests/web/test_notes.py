"""The notes of sessions on pages (SPEC 4, 8, 9, 10)."""

from datetime import timedelta
from typing import Any

import pytest

from models import NoteSummary
from models.enums import Level, PartKind, Status, SummarySource, SummaryStatus
from services.queries.noted import A_PAGE
from services.rules.summaries import Claim, Evidence, Observation, Summary
from services.summaries.requests import stored
from tests import builders
from tests.builders import NOW
from tests.services.proofs import every_row
from tests.services.scenes import another_session
from tests.web.visiting import Pages, shown_in

HOSTILE = "<script>alert(1)</script> & \"quoted\" 'words'"


def summed_up(pages: Pages, **over: Any) -> None:
    evidence = (Evidence(1, "halves and thirds"),)
    content = Summary(
        headline=Claim("Fractions went well.", evidence),
        topics=(Claim("Comparing fractions", evidence),),
        engagement=Observation(Level.HIGH, "She asked for more.", evidence),
        next_steps=(Claim("Practise <b>thirds</b>.", evidence),),
    )
    values: dict[str, Any] = {
        "appointment_id": pages.there.id,
        "language": "en",
        "version": 1,
        "status": SummaryStatus.MADE,
        "source": SummarySource.MODEL,
        "content": stored(content),
        "requested_at": NOW,
        "made_at": NOW,
    }
    with pages.database.unit_of_work() as session:
        session.add(NoteSummary(**(values | over)))


async def shown(pages: Pages, who: str = "grace") -> str:
    async with pages.browser(getattr(pages.there, who)) as browser:
        answer = await browser.get(f"/notes/{pages.there.id}")
    assert answer.status_code == 200
    return answer.text


async def test_the_list_leads_to_each_session_with_notes(pages: Pages) -> None:
    pages.note(text="Fractions.")
    async with pages.browser(pages.there.grace) as browser:
        text = (await browser.get("/notes")).text

    assert f'href="/notes/{pages.there.id}"' in text
    for told in ("Emily Lim · Mathematics", "Today 13:30-15:00", "Tan Wei Ming"):
        assert told in text


async def test_an_empty_list_says_what_will_be_in_it(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        assert "Notes appear here as tutors send them." in (await browser.get("/notes")).text


async def test_a_long_list_has_pages_and_takes_nonsense_for_the_first(pages: Pages) -> None:
    for days in range(A_PAGE + 1):
        there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=days))
        pages.note(appointment_id=there.id, text="Fractions.")
    async with pages.browser(pages.there.grace) as browser:
        first, second = [shown_in(await browser.get(f"/notes?page={page}")) for page in (1, 2)]
        for nonsense in ("", "0", "-1", "x", "٣", "9" * 30):
            assert shown_in(await browser.get(f"/notes?page={nonsense}")) == first
        beyond = await browser.get("/notes?page=3")

    assert (beyond.status_code, beyond.headers["Location"]) == (307, "/notes")
    assert (first.count('href="/notes/'), second.count('href="/notes/')) == (A_PAGE, 1)
    assert ("Older" in first, "Newer" in first) == (True, False)
    assert ("Older" in second, "Newer" in second) == (False, True)


@pytest.mark.parametrize("who", ["tutor", "grace", "daniel", "coordinator"])
async def test_those_of_the_session_read_its_notes_in_their_order(pages: Pages, who: str) -> None:
    pages.note(text="Halves and thirds.")
    pages.photo(text="The board")
    pages.note(text="Homework: page 12.", is_late=True)

    text = await shown(pages, who)

    words = ["Emily Lim", "Halves and thirds.", "The board", "Homework: page 12."]
    places = [text.index(word) for word in words]
    assert places == sorted(places)
    assert text.count("added after the acknowledgement") == 1


async def test_nobody_else_is_told_that_the_session_exists(pages: Pages) -> None:
    pages.note(text="Halves and thirds.")
    with pages.database.unit_of_work() as session:
        others = [builders.tutor(session), builders.parent(session)]
    for other in others:
        async with pages.browser(other) as browser:
            theirs = await browser.get(f"/notes/{pages.there.id}")
            nobodys = await browser.get("/notes/4711")
        assert theirs.status_code == 404
        assert shown_in(theirs) == shown_in(nobodys)


async def test_each_part_says_whose_it_is_when_the_session_is_another_tutors(
    pages: Pages,
) -> None:
    pages.note(text="Halves and thirds.")
    with pages.database.unit_of_work() as session:
        arjun = builders.tutor(session, name="Arjun Rao")
        (session.merge(pages.there.session)).tutor_id = arjun.id

    async with pages.browser(arjun) as browser:
        own = (await browser.get(f"/notes/{pages.there.id}")).text
    text = await shown(pages)

    assert "With Arjun Rao" in text
    assert "With Arjun Rao" not in own
    assert text.count("Tan Wei Ming ·") == 1


async def test_what_was_removed_is_not_shown(pages: Pages) -> None:
    pages.note(text="About another child", removed_at=NOW)

    assert "About another child" not in await shown(pages)


async def test_what_people_wrote_is_text_and_nothing_else(pages: Pages) -> None:
    pages.note(text=HOSTILE)
    pages.photo(text=HOSTILE, kind=PartKind.DOCUMENT, file_name=f"{HOSTILE}.jpg")
    pages.note(
        kind=PartKind.DOCUMENT,
        file_name=HOSTILE,
        media_type="application/pdf",
        media_key="notes/cd/cdef.pdf",
        stored_at=NOW,
    )

    text = await shown(pages)

    assert text.count("<script") == text.count('<script src="/assets/pages.js') == 1
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 5
    assert 'alt="&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;quoted&#34;' in text


async def test_files_are_shown_played_or_offered(pages: Pages) -> None:
    photos = [pages.photo() for _ in range(2)]
    scan = pages.photo(kind=PartKind.DOCUMENT, file_name="scan.jpg")
    memo = pages.photo(kind=PartKind.VOICE, media_type="audio/ogg", file_name="voice.ogg")
    sheet = pages.photo(
        kind=PartKind.DOCUMENT, media_type="application/pdf", file_name="Ohm’s law.pdf"
    )
    pages.photo(media_key=None, stored_at=None, telegram_file_id="telegram-1")

    text = await shown(pages)

    for number, photo in enumerate(photos, start=1):
        assert f'<img src="/files/{photo}" alt="Photo {number}"' in text
    assert f'<img src="/files/{scan}" alt="scan.jpg"' in text
    assert f'src="/files/{memo}" aria-label="Voice memo 1"' in text
    for number, name in ((scan, "scan.jpg"), (memo, "Voice memo 1"), (sheet, "Ohm’s law.pdf")):
        assert f'href="/files/{number}">{name}</a>' in text
    assert text.count("still being saved") == 1


async def test_a_recording_that_browsers_cannot_play_can_be_saved(pages: Pages) -> None:
    number = pages.photo(kind=PartKind.AUDIO, media_type="audio/amr", file_name="memo.amr")

    text = await shown(pages)

    assert "<audio" not in text
    assert f'href="/files/{number}">memo.amr</a>' in text


async def test_without_notes_it_says_when_there_will_be_some(pages: Pages) -> None:
    assert "No notes yet" in await shown(pages)


async def test_the_summary_stands_before_the_notes_and_says_what_it_is(pages: Pages) -> None:
    pages.note(text="We compared halves and thirds.")
    summed_up(pages)

    text = await shown(pages)

    for told in (
        "AI summary of the tutor&#39;s notes. It can be wrong: the notes count.",
        "Fractions went well.",
        "Comparing fractions",
        "<dt>Engagement</dt><dd>High. She asked for more.</dd>",
        "Practise &lt;b&gt;thirds&lt;/b&gt;.",
        "“halves and thirds”",
    ):
        assert told in text
    assert text.index("Fractions went well.") < text.index("We compared halves and thirds.")
    assert "Confidence" not in text  # of which the notes say nothing


async def test_what_no_model_wrote_is_not_called_ai(pages: Pages) -> None:
    summed_up(pages, source=SummarySource.OFFLINE)

    text = await shown(pages)
    assert "picked by a program without AI" in text
    assert "AI summary" not in text


@pytest.mark.parametrize(
    ("who", "reads_it"), [("grace", False), ("tutor", True), ("coordinator", True)]
)
async def test_parents_do_not_read_what_the_tutor_finds_wrong(
    pages: Pages, who: str, reads_it: bool
) -> None:
    summed_up(pages, is_right=False, judgement="It was decimals.", judged_at=NOW)

    text = await shown(pages, who)

    assert ("Fractions went well." in text) is reads_it
    assert ("It was decimals." in text) is reads_it
    assert ("The tutor says the summary was not right." in text) is not reads_it


async def test_a_coordinator_with_a_child_here_reads_as_a_parent(pages: Pages) -> None:
    summed_up(pages, is_right=False, judgement="It was decimals.", judged_at=NOW)
    with pages.database.unit_of_work() as session:
        (session.merge(pages.there.grace)).is_coordinator = True

    assert "It was decimals." not in await shown(pages)


@pytest.mark.parametrize(
    ("who", "status"),
    [("grace", "Awaiting Your Acknowledgement"), ("tutor", "Awaiting acknowledgement")],
)
async def test_the_status_is_worded_for_its_reader(pages: Pages, who: str, status: str) -> None:
    text = await shown(pages, who)

    assert status in text
    assert "Checked in 13:30, checked out 15:00" in text


@pytest.mark.parametrize("path", ["/notes/0", "/notes/x", "/notes/-1", "/notes/" + "9" * 30])
async def test_an_address_without_a_session_is_not_found(pages: Pages, path: str) -> None:
    async with pages.browser(pages.there.grace) as browser:
        assert (await browser.get(path)).status_code == 404


async def test_reading_changes_nothing(pages: Pages) -> None:
    pages.note(text="Fractions.")
    pages.photo()
    summed_up(pages)
    another_session(pages.database, pages.there, status=Status.CHECKED_IN)
    async with pages.browser(pages.there.grace) as browser:
        before = every_row(pages.database)
        pages.clock.forward(days=3)
        for path in ("/", "/notes", f"/notes/{pages.there.id}", "/files/2", "/sign-in", "/no"):
            await browser.get(path)
            await browser.head(path)

        assert every_row(pages.database) == before
