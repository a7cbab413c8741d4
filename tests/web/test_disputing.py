"""A dispute with evidence, and a problem report, on pages (SPEC 5)."""

import pytest
from sqlmodel import select

from models import Dispute, EvidenceFile, MediaReservation, ProblemReport
from models.enums import Channel, DisputeReason, MessageKind, Status
from services.media.reservations import sweep_orphans
from tests import files
from tests.fakes import MemoryMedia
from tests.services.proofs import as_it_stands, recipients, trail
from tests.web.visiting import Pages, hidden_in, send

PHOTO = ("door.jpg", files.jpeg_photo(), "image/jpeg")
SHEET = ("times.pdf", files.pdf(), "application/pdf")
PROGRAM = ("times.exe", b"MZ" + b"\0" * 600, "application/octet-stream")


def evidence(pages: Pages) -> list[EvidenceFile]:
    with pages.database.reading() as session:
        return list(session.exec(select(EvidenceFile)).all())


async def test_a_dispute_keeps_its_reason_text_and_evidence(pages: Pages) -> None:
    there, path = pages.there, f"/sessions/{pages.there.id}/dispute"
    async with pages.browser(there.grace) as browser:
        answer = await send(
            browser,
            path,
            files=(PHOTO, SHEET),
            reason="shorter_than_booked",
            text="He left at half past two.",
        )
        told = (await browser.get(answer.headers["Location"])).text
        photo = await browser.get(f"/evidence/{evidence(pages)[0].id}")

    with pages.database.reading() as session:
        [dispute] = session.exec(select(Dispute)).all()
        assert session.exec(select(MediaReservation)).all() == []
    assert (dispute.reason, dispute.text) == (
        DisputeReason.SHORTER_THAN_BOOKED,
        "He left at half past two.",
    )
    assert [one.file_name for one in evidence(pages)] == ["door.jpg", "times.pdf"]
    assert as_it_stands(pages.database, there.id).status is Status.DISPUTED
    assert trail(pages.database, there.id)[-1].channel is Channel.WEB
    assert recipients(pages.database, MessageKind.DISPUTE_CARD) == [None]
    assert "You disputed this at 15:00" in told
    assert "Shorter than booked: He left at half past two." in told
    assert ("door.jpg" in told, "times.pdf" in told) == (True, True)
    assert photo.status_code == 302


async def test_evidence_is_for_the_family_and_coordinators_alone(pages: Pages) -> None:
    there, path = pages.there, f"/sessions/{pages.there.id}/dispute"
    async with pages.browser(there.grace) as browser:
        await send(browser, path, files=(PHOTO,), reason="conduct", text="See the photo.")
    [file] = evidence(pages)
    given = []
    for person in (there.grace, there.daniel, there.coordinator, there.tutor, None):
        async with pages.browser(person) as browser:
            given.append((await browser.get(f"/evidence/{file.id}")).status_code)
    async with pages.browser(there.tutor) as browser:
        text = (await browser.get(f"/sessions/{there.id}")).text

    assert given == [302, 302, 302, 404, 401]
    assert "Conduct" in text
    assert ("See the photo." in text, "door.jpg" in text) == (False, False)


async def test_a_file_that_is_refused_says_why_and_what_was_typed_stays(pages: Pages) -> None:
    path = f"/sessions/{pages.there.id}/dispute"
    async with pages.browser(pages.there.grace) as browser:
        answer = await send(browser, path, files=(PROGRAM,), reason="conduct", text="See the file.")

    assert answer.status_code == 409
    assert 'id="files-error">times.exe is a program' in answer.text
    assert "See the file.</textarea>" in answer.text
    assert 'value="conduct" required checked' in answer.text
    assert as_it_stands(pages.database, pages.there.id).status is Status.AWAITING_APPROVAL_PARENT
    assert evidence(pages) == []


async def test_that_the_other_files_have_to_be_chosen_again_is_said(pages: Pages) -> None:
    path = f"/sessions/{pages.there.id}/dispute"
    async with pages.browser(pages.there.grace) as browser:
        answer = await send(browser, path, files=(PHOTO, PROGRAM), reason="conduct")

    assert "times.exe is a program. Please send a photo, PDF or Office file." in answer.text
    assert "Please choose the other files once more, too." in answer.text
    assert "notes" not in answer.text.partition('id="files-error">')[2].partition("<")[0]


async def test_a_store_out_of_reach_loses_nothing_that_was_typed(pages: Pages) -> None:
    store = MemoryMedia({})
    store.is_down = True
    pages.media = store
    path = f"/sessions/{pages.there.id}/dispute"
    async with pages.browser(pages.there.grace) as browser:
        answer = await send(browser, path, files=(PHOTO,), reason="conduct", text="See there.")

    assert answer.status_code == 409
    assert "Files cannot be saved right now." in answer.text
    assert "See there.</textarea>" in answer.text


async def test_kept_evidence_is_no_orphan(pages: Pages) -> None:
    path = f"/sessions/{pages.there.id}/dispute"
    async with pages.browser(pages.there.grace) as browser:
        await send(browser, path, files=(PHOTO,), reason="conduct")
    [kept] = evidence(pages)
    with pages.database.unit_of_work() as session:  # as by the same photo in a form that is refused
        session.add(MediaReservation(key=kept.media_key or "", reserved_at=pages.clock.now()))
    pages.clock.forward(hours=7)
    gone = await sweep_orphans(pages.database, pages.media, pages.clock.now())

    assert gone == []
    assert await pages.media.exists(kept.media_key or "")


async def test_notes_that_do_not_match_are_a_reason_only_where_there_are_notes(
    pages: Pages,
) -> None:
    path = f"/sessions/{pages.there.id}/dispute"
    async with pages.browser(pages.there.grace) as browser:
        without = (await browser.get(path)).text
        forged = await send(browser, path, reason="notes_do_not_match")
        pages.note(text="Halves.")
        with_notes = (await browser.get(path)).text

    assert 'value="notes_do_not_match"' not in without
    assert 'value="notes_do_not_match"' in with_notes
    assert forged.status_code == 409


async def test_other_needs_a_text(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        answer = await send(browser, f"/sessions/{pages.there.id}/dispute", reason="other")

    assert answer.status_code == 409
    assert 'id="text-error">Please say why' in answer.text


async def test_what_was_written_is_offered_as_a_report_where_the_other_parent_was_first(
    pages: Pages,
) -> None:
    there, page = pages.there, f"/sessions/{pages.there.id}"
    async with pages.browser(there.grace) as grace, pages.browser(there.daniel) as daniel:
        form = hidden_in((await grace.get(f"{page}/dispute")).text)
        await send(daniel, f"{page}/acknowledge", on=page)
        typed = {"reason": "conduct", "text": "He shouted."}
        answer = await grace.post(f"{page}/dispute", data=form | typed)
        sent = await grace.post(
            f"{page}/report-problem",
            data=hidden_in(answer.text) | {"text": "He shouted."},
            files=[("files", PHOTO)],
        )

    assert answer.status_code == 409
    assert "Daniel Lim acknowledged this at 15:00. What you wrote is kept" in answer.text
    assert "He shouted.</textarea>" in answer.text
    assert sent.status_code == 303
    with pages.database.reading() as session:
        [report] = session.exec(select(ProblemReport)).all()
    assert (report.reason, report.text) == (DisputeReason.CONDUCT, "He shouted.")
    assert [one.report_id for one in evidence(pages)] == [report.id]


async def test_a_problem_is_told_to_the_coordinators(pages: Pages) -> None:
    path = f"/sessions/{pages.there.id}/report-problem"
    async with pages.browser(pages.there.grace) as browser:
        empty = await send(browser, path, text="  ")
        answer = await send(browser, path, text="The door was locked.")
        told = (await browser.get(answer.headers["Location"])).text

    assert (empty.status_code, 'id="text-error"' in empty.text) == (409, True)
    assert "You reported a problem at 15:00" in told
    with pages.database.reading() as session:
        [report] = session.exec(select(ProblemReport)).all()
    assert (report.text, report.chat_id, report.message_id) == ("The door was locked.", None, None)
    assert recipients(pages.database, MessageKind.PROBLEM_REPORTED) == [None]


@pytest.mark.parametrize("size", [64 * 1024 * 1024 + 1])
async def test_a_form_with_files_has_a_limit_too(pages: Pages, size: int) -> None:
    path = f"/sessions/{pages.there.id}/dispute"
    async with pages.browser(pages.there.grace) as browser:
        answer = await browser.post(path, content=b"x" * size)
        small = await browser.post(
            f"/sessions/{pages.there.id}/acknowledge", content=b"x" * (1024 * 1024 + 1)
        )
    assert (answer.status_code, small.status_code) == (413, 413)


async def test_a_reports_files_stand_with_it_for_its_author_and_coordinators(pages: Pages) -> None:
    there, page = pages.there, f"/sessions/{pages.there.id}"
    async with pages.browser(there.grace) as browser:
        await send(browser, f"{page}/report-problem", text="See there.", files=(PHOTO, SHEET))
        own = (await browser.get(page)).text.partition("What you reported")[2]
    async with pages.browser(there.daniel) as browser:
        others = (await browser.get(page)).text
    photo, sheet = evidence(pages)
    async with pages.browser(there.coordinator) as browser:
        of_cases = [(await browser.get(path)).text for path in ("/admin/problems/1", "/admin")]

    assert "What you reported" not in others
    for told in (own, *of_cases):
        assert f'<img src="/evidence/{photo.id}"' in told
        assert told.count(f'href="/evidence/{sheet.id}">times.pdf</a>') == 1
