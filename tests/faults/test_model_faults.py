"""Every call of the model, times every fault of its server: notes go on, and summaries follow."""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from sqlmodel import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from models import Appointment, NoteSummary
from models.enums import PartKind, Status, SummaryStatus
from services.adapters.openai_client import OpenAiClient
from services.adapters.openai_summariser import OpenAiSummariser
from services.adapters.openai_transcriber import OpenAiTranscriber
from services.lifecycle.actors import Source
from services.notes.batches import add_text, close_batch, open_batch
from services.summaries.making import PAUSES, SummaryMaker
from tests import builders, files
from tests.builders import acting
from tests.contracts.test_summariser import NOT_OBSERVED, said
from tests.databases import SqliteDatabases
from tests.fakes import FixedClock, MemoryMedia
from tests.open_database import OpenDatabase
from tests.openai_server import (
    KEY,
    MODEL,
    TRANSCRIBER,
    ScriptedModel,
    error,
    refusal,
    response,
    running,
)
from tests.services.scenes import carry_out, scene

WORDS = "We practised fractions. She struggled with common denominators. Homework: page 12."
CHAT = 4711
numbers = count(1)
"""Of messages in the chat."""
MEMO = "notes/ab/abcdef.oga"
OF_WORDS = frozenset({"refuses", "stops early", "writes no JSON", "writes another form"})
"""Faults that only an answer in words can have."""
SECONDS = 0.5
"""How long an answer is waited for."""
FOR_EVER = 20
RESPONSES, TRANSCRIPTIONS = "/v1/responses", "/v1/audio/transcriptions"
FAULTS: dict[str, Callable[[], Response]] = {
    **{
        f"says {status}": partial(error, status, "for_a_test")
        for status in (400, 401, 403, 404, 408, 409, 413, 429, 500, 502, 503)
    },
    "says 429 and how long": lambda: error(429, "slow_down", headers={"retry-after": "7"}),
    "page": lambda: Response("<html>", media_type="text/html"),
    "half an answer": lambda: Response('{"id": "resp_', media_type="application/json"),
    "no object": lambda: JSONResponse([]),
    "another object": lambda: JSONResponse({"object": "error"}),
    "refuses": lambda: JSONResponse(refusal()),
    "stops early": lambda: JSONResponse(
        response("{", status="incomplete", incomplete_details={"reason": "max_output_tokens"})
    ),
    "writes no JSON": lambda: JSONResponse(response("Dear parents,")),
    "writes another form": lambda: JSONResponse(response("{}")),
    "does not answer": lambda: Response(headers={"x-hang": "1"}),
}


class FaultyModel(ScriptedModel):
    """A server whose next requests for one path fail."""

    def __init__(self) -> None:
        super().__init__()
        self.transcript = "She was keen and asked many questions."
        self.path, self.fault, self.times, self.failed = "", FAULTS["page"], 0, 0

    async def _fault(self, request: Request) -> Response | None:
        if request.url.path == self.path and self.times > 0:
            self.times -= 1
            self.failed += 1
            answer = self.fault()
            if "x-hang" in answer.headers:
                await asyncio.sleep(SECONDS * 1.5)
            return answer
        return await super()._fault(request)


@dataclass(frozen=True)
class Cell:
    """One kind of request, and what happens to it."""

    path: str
    fault: str
    times: int

    def __str__(self) -> str:
        return f"{self.path}: {self.fault} {self.times} times"


def noted(database: OpenDatabase, number: int, now: datetime) -> tuple[int, int]:
    """Notes with a memo are done, and a summary is due; the ids of their session and text."""
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    actor = acting(there.tutor, now)
    batch = carry_out(database, open_batch, there.id, actor, CHAT)
    text = carry_out(database, add_text, batch.id, actor, WORDS, Source(CHAT, number))
    with database.unit_of_work() as session:
        builders.note_part(
            session,
            session.get_one(Appointment, there.id),
            kind=PartKind.VOICE,
            text=None,
            media_key=MEMO,
            media_type="audio/ogg",
            stored_at=now,
            created_at=now,
        )
    carry_out(database, close_batch, batch.id, actor)
    return there.id, text.last_part_id or 0


def draft(part_id: int) -> str:
    """What the model writes of a text."""
    headline = said("Fractions.", (part_id, "We practised fractions."))
    empty = {
        key: list[str]() for key in ("topics", "patterns", "strengths", "struggles", "next_steps")
    }
    levels = {"engagement": NOT_OBSERVED, "confidence": NOT_OBSERVED}
    return json.dumps({"readings": [], "headline": headline} | levels | empty)


async def play(
    database: OpenDatabase, clock: FixedClock, model: FaultyModel, cell: Cell
) -> list[str]:
    """Play one cell; what is wrong."""
    client = OpenAiClient(KEY, model.base_url, seconds=SECONDS)
    summariser, transcriber = (
        OpenAiSummariser(client, MODEL),
        OpenAiTranscriber(client, TRANSCRIBER),
    )
    media = MemoryMedia({MEMO: files.ogg_voice(3)})
    maker = SummaryMaker(database, summariser, transcriber, media, clock)
    appointment_id, part_id = noted(database, next(numbers), clock.now())
    model.text = draft(part_id)
    model.path, model.fault, model.times, model.failed = (
        *(cell.path, FAULTS[cell.fault], cell.times, 0),
    )
    for pause in (timedelta(0), *PAUSES):
        clock.at += pause
        await maker.make_due()
    await client.close()
    with database.reading() as session:
        rows = session.exec(
            select(NoteSummary).where(NoteSummary.appointment_id == appointment_id)
        ).all()
    wrong = [] if model.failed else [f"{cell}: it met no fault"]
    states = {one.status for one in rows}
    good = {SummaryStatus.MADE} if cell.times == 1 else {SummaryStatus.MADE, SummaryStatus.FAILED}
    if not states or states - good:
        wrong.append(f"{cell}: summaries are {sorted(states)}")
    if any(one.status is SummaryStatus.FAILED and not one.error for one in rows):
        wrong.append(f"{cell}: no reason is kept")
    return wrong


async def test_a_fault_of_the_model_is_passed_or_kept_with_its_reason_and_keeps_nothing_back(
    sqlite: SqliteDatabases,
) -> None:
    cells = [
        Cell(path, fault, times)
        for path in (RESPONSES, TRANSCRIPTIONS)
        for fault in FAULTS
        if path == RESPONSES or fault not in OF_WORDS
        for times in (1, FOR_EVER)
    ]
    wrong: list[str] = []
    clock, model = FixedClock(), FaultyModel()
    with sqlite.fresh() as url:
        database = OpenDatabase(url)
        async with running(model):
            for cell in cells:
                wrong += await play(database, clock, model, cell)
        await database.close()
    sys.stdout.write(f"{len(cells)} cells of the model\n")
    assert wrong == [], "\n".join(wrong)
