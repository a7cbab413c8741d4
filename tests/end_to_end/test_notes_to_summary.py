"""An album, a PDF and a voice memo become a note with a summary: on disk and offline, in an S3
store and with a model behind OpenAI's API, and with either of them hanging (SPEC 4).
"""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from sqlmodel import col, select

from models import Appointment, NotePart, NoteSummary
from models.enums import PartKind, Status, SummarySource, SummaryStatus
from services.adapters.offline_extractor import OfflineExtractor
from services.adapters.openai_client import OpenAiClient
from services.adapters.openai_summariser import OpenAiSummariser
from services.adapters.openai_transcriber import OpenAiTranscriber
from services.adapters.patience import Patience
from services.adapters.r2_media import R2MediaStore
from tests import files
from tests.end_to_end.scenes import card_of, press, under_way, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.files.documents import pdf
from tests.openai_server import KEY, MODEL, TRANSCRIBER, ScriptedModel, running
from tests.raw_server import against, hang
from tests.s3_server import running_s3

SPOKEN = "Emily explained every step by herself."
NOT_OBSERVED = {"level": "not_observed", "statement": "", "evidence": []}
NOTHING: dict[str, object] = {
    "readings": [],
    "headline": None,
    "topics": [],
    "engagement": NOT_OBSERVED,
    "confidence": NOT_OBSERVED,
    "patterns": [],
    "strengths": [],
    "struggles": [],
    "next_steps": [],
}


async def sent(stage: Stage) -> None:
    """Grace checks out and sends an album, a PDF, a voice memo and a text."""
    await write(stage, stage.grace, "/checkout")
    stage.grace.send_album([files.jpeg_photo(), files.jpeg_photo()], "We did fractions together.")
    stage.grace.send_document(pdf(), "worksheet.pdf", "application/pdf")
    stage.grace.send_voice(files.ogg_voice(3), 3)
    stage.grace.send_text("She solved nine of ten alone. Next time we will do decimals.")


def parts(stage: Stage) -> list[NotePart]:
    with stage.database.reading() as session:
        return list(session.exec(select(NotePart).order_by(col(NotePart.id))).all())


def summary(stage: Stage) -> NoteSummary:
    with stage.database.reading() as session:
        return session.exec(select(NoteSummary)).one()


def require_a_summary_on_the_parents_card(stage: Stage, headline: str) -> None:
    kinds = [part.kind for part in parts(stage)]
    assert sorted(kinds) == sorted(
        [PartKind.PHOTO, PartKind.PHOTO, PartKind.DOCUMENT, PartKind.VOICE, PartKind.TEXT]
    )
    assert all(part.stored_at for part in parts(stage) if part.kind is not PartKind.TEXT)
    card = next(one for one in reversed(stage.mei.messages()) if "Acknowledge" in labels(one))
    assert headline in text_of(card)
    assert "Summary" in labels(card)


async def test_on_disk_and_without_a_model(stage: Stage) -> None:
    await under_way(stage)
    await sent(stage)
    await stage.settled()
    await press(stage, stage.grace, "Done")

    require_a_summary_on_the_parents_card(stage, "✨ In the tutor's words: ")
    assert summary(stage).source is SummarySource.OFFLINE


async def test_in_an_s3_store_and_with_a_model(stage: Stage, tmp_path: Path) -> None:
    async with running_s3(tmp_path / "s3") as s3, running(ScriptedModel()) as server:
        client = OpenAiClient(KEY, server.base_url)
        stage.media = s3.store()
        stage.summariser = OpenAiSummariser(client, MODEL)
        stage.transcriber = OpenAiTranscriber(client, TRANSCRIBER)
        await stage.restart()
        server.transcript = SPOKEN
        await under_way(stage)
        await sent(stage)
        await stage.settled()
        of_kind = {part.kind: part.id for part in parts(stage)}
        spoken = {"part_id": of_kind[PartKind.VOICE], "quote": "explained every step by herself"}
        read = {"part_id": of_kind[PartKind.DOCUMENT], "text": "Exercise 4: one half of a cake"}
        quoted = {"part_id": read["part_id"], "quote": "one half of a cake"}
        server.text = json.dumps(
            NOTHING
            | {
                "readings": [read],
                "headline": {"statement": "She explains it herself.", "evidence": [spoken]},
                "topics": [{"statement": "Halves of cakes.", "evidence": [quoted]}],
            }
        )
        await press(stage, stage.grace, "Done")

        headline = "✨ AI summary: She explains it herself."
        require_a_summary_on_the_parents_card(stage, headline)
        assert summary(stage).readings == {str(read["part_id"]): read["text"]}
        await press(stage, stage.mei, "Summary", card_of(stage.mei, headline)["message_id"])
        told = text_of(stage.mei.last())
        assert "“explained every step by herself” (voice memo, transcribed by AI)" in told
        assert "“one half of a cake” (picture, read by AI)" in told
        stored = {path.suffix for path in s3.folder.rglob("*") if path.is_file()}
        assert {".jpg", ".pdf"} < stored
        asked = b" ".join(body for _, body in server.asked).decode("utf-8", "replace")
        assert "Emily" not in asked
        assert "Grace" not in asked
        await use_local_adapters(stage)


async def use_local_adapters(stage: Stage) -> None:
    """Before the servers end: what runs on must not reach for them."""
    await stage.settled()
    await stage.stop()
    stage.media = stage.disk
    stage.summariser, stage.transcriber = OfflineExtractor(), None
    await stage.start()


async def test_with_a_model_that_hangs_check_outs_go_on(stage: Stage) -> None:
    async with against(hang) as address:
        client = OpenAiClient(KEY, address, seconds=60)
        stage.summariser = OpenAiSummariser(client, MODEL)
        await stage.restart()
        session = await under_way(stage)
        await write(stage, stage.grace, "/checkout")
        await write(stage, stage.grace, "She solved nine of ten alone, all by herself.")
        await require_undisturbed(stage, session)
        await stage.kill()
    stage.summariser = OfflineExtractor()
    await stage.start()
    await stage.settled()
    assert summary(stage).status is SummaryStatus.MADE


async def test_with_a_store_that_hangs_check_outs_go_on(stage: Stage) -> None:
    async with against(hang) as address:
        stage.media = R2MediaStore(
            address, "bucket", "key", "secret", patience=Patience(read_seconds=8, tries=1)
        )
        await stage.restart()
        session = await under_way(stage)
        await write(stage, stage.grace, "/checkout")
        stage.grace.send_photo(files.jpeg_photo())
        await require_undisturbed(stage, session)
        await stage.kill()
    stage.media = stage.disk
    await stage.start()
    await stage.forward(minutes=5)
    assert all(part.stored_at for part in parts(stage))


async def require_undisturbed(stage: Stage, session: Appointment) -> None:
    """*Done*, an acknowledgement and another check-out are handled while somebody hangs."""
    await until_true(lambda: "Done" in labels(stage.grace.last()))
    stage.grace.press("Done")
    await until(stage, session, Status.AWAITING_APPROVAL_PARENT)
    stage.mei.press("Acknowledge")
    await until(stage, session, Status.APPROVED)
    with stage.database.unit_of_work() as rows:
        another = Appointment(
            **session.model_dump(exclude={"id", "status", "checked_in_at", "checked_out_at"}),
            status=Status.CHECKED_IN,
            checked_in_at=session.starts_at,
        )
        rows.add(another)
    stage.grace.send_text("/checkout")
    await until(stage, another, Status.AWAITING_APPROVAL_PARENT)


async def until(stage: Stage, session: Appointment, status: Status) -> None:
    """It stands so before a hanging server is given up."""
    async with asyncio.timeout(20):
        while stage.status(session) is not status:
            await asyncio.sleep(0.02)


async def until_true(holds: Callable[[], bool]) -> None:
    """It holds before a hanging server is given up."""
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.02)
