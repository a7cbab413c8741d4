"""What every summariser promises, whoever sums up (SPEC 4)."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from models.enums import Level, PartKind, QuoteOrigin, SummarySource
from services.adapters.openai_client import OpenAiClient
from services.adapters.openai_summariser import OpenAiSummariser
from services.ports import NoteItem, Summariser, SummaryRequest
from services.rules.summaries import STATEMENT_LIMIT, checked, quotes_of
from services.rules.summaries import Source as Quotable
from tests.openai_server import KEY, MODEL, ScriptedModel, running

WORDS = "We practised fractions. [P1] struggled with common denominators. Homework: page 12."
EARLIER = "Common denominators were hard again."
REQUEST = SummaryRequest(
    appointment_id=7,
    subject="Mathematics",
    language="en",
    items=(
        NoteItem(1, 7, PartKind.TEXT, WORDS),
        NoteItem(2, 7, PartKind.VOICE, "She was keen and asked many questions."),
        NoteItem(3, 5, PartKind.TEXT, EARLIER),
    ),
)
SOURCES = [
    Quotable(item.part_id, item.appointment_id, QuoteOrigin.TEXT, item.text)
    for item in REQUEST.items
]


def said(statement: str, *evidence: tuple[int, str]) -> dict[str, object]:
    quotes = [{"part_id": part_id, "quote": quote} for part_id, quote in evidence]
    return {"statement": statement, "evidence": quotes}


NOT_OBSERVED = {"level": "not_observed"} | said("")
DRAFT = {
    "readings": [],
    "headline": said("Fractions, with denominators still hard.", (1, "We practised fractions")),
    "topics": [said("Fractions", (1, "We practised fractions."))],
    "engagement": {"level": "high"} | said("Keen.", (2, "asked many questions")),
    "confidence": NOT_OBSERVED,
    "patterns": [
        said(
            "Common denominators keep being hard.",
            (1, "struggled with common denominators"),
            (3, "Common denominators were hard again"),
        )
    ],
    "strengths": [],
    "struggles": [said("Denominators.", (1, "[P1] struggled with common denominators."))],
    "next_steps": [said("Page 12.", (1, "Homework: page 12."))],
}


@asynccontextmanager
async def openai(*, only_chat: bool = False) -> AsyncIterator[Summariser]:
    async with running(ScriptedModel(only_chat=only_chat)) as server:
        server.text = json.dumps(DRAFT)
        summariser = OpenAiSummariser(OpenAiClient(KEY, server.base_url), MODEL)
        yield summariser
        await summariser.close()


@asynccontextmanager
async def openai_compatible() -> AsyncIterator[Summariser]:
    async with openai(only_chat=True) as summariser:
        yield summariser


Factory = Callable[[], AbstractAsyncContextManager[Summariser]]
SUMMARISERS: list[Factory] = [openai, openai_compatible]


@pytest.fixture(params=SUMMARISERS, ids=lambda factory: factory.__name__)
async def summariser(request: pytest.FixtureRequest) -> AsyncIterator[Summariser]:
    factory: Factory = request.param
    async with factory() as opened:
        yield opened


async def test_a_draft_cites_parts_that_were_given_in_words_that_stand_there(
    summariser: Summariser,
) -> None:
    draft = (await summariser.summarise(REQUEST)).draft

    texts = {item.part_id: item.text for item in REQUEST.items}
    assert quotes_of(draft)
    assert all(one.quote in texts[one.part_id] for one in quotes_of(draft))


async def test_a_draft_comes_through_the_check_as_it_is(summariser: Summariser) -> None:
    draft = (await summariser.summarise(REQUEST)).draft

    assert checked(draft, SOURCES, REQUEST.appointment_id) == draft
    assert not draft.is_empty


async def test_what_is_not_observed_has_no_statement(summariser: Summariser) -> None:
    draft = (await summariser.summarise(REQUEST)).draft

    for observation in (draft.engagement, draft.confidence):
        unseen = observation.level is Level.NOT_OBSERVED
        assert unseen == (not observation.statement) == (not observation.evidence)


async def test_statements_are_short(summariser: Summariser) -> None:
    draft = (await summariser.summarise(REQUEST)).draft

    claims = [*draft.topics, *draft.patterns, *draft.strengths, *draft.struggles, *draft.next_steps]
    assert claims
    assert all(0 < len(claim.statement) <= STATEMENT_LIMIT for claim in claims)


async def test_a_reply_tells_who_made_it_and_with_what(summariser: Summariser) -> None:
    reply = await summariser.summarise(REQUEST)

    assert summariser.source in SummarySource
    assert reply.model
    assert reply.prompt_version
    assert reply.input_tokens >= 0
    assert reply.output_tokens >= 0


async def test_nothing_was_read_where_no_file_was_given(summariser: Summariser) -> None:
    assert dict((await summariser.summarise(REQUEST)).readings) == {}
