"""The summary of a session's notes: a line on its card, and the whole of it (SPEC 4)."""

from collections.abc import Iterable

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.keyboards import Rows
from chat.screen import Screen
from locales.reader import Reader
from locales.wording import level_label
from models import NoteSummary
from models.enums import Level, QuoteOrigin, Role, SummarySource
from services.queries.sessions import SessionDetail, SessionView
from services.rules.summaries import Claim, Evidence, Observation, Summary, claims_of, quotes_of
from services.summaries import content_of

ROOM = 3300
"""Characters of a summary in one message, which holds 4096; the rest is for its head and end."""


def summary_line(reader: Reader, detail: SessionDetail, role: Role) -> Markup | None:
    """The headline, on the card; or that the tutor took the summary back."""
    summary = detail.summary
    if summary is None:
        return None
    if is_withdrawn(summary, role):
        return reader.text("✨ The tutor says that the summary was not right.")
    headline = content_of(summary).headline
    if headline is None:
        return None
    if summary.source is SummarySource.OFFLINE:
        return reader.text("✨ In the tutor's words: {headline}", headline=headline.statement)
    return reader.text("✨ AI summary: {headline}", headline=headline.statement)


def is_withdrawn(summary: NoteSummary, role: Role) -> bool:
    """Whether this role is not to read it, since its tutor says that it is wrong."""
    return summary.is_right is False and role is Role.PARENT


def summary_screen(reader: Reader, view: SessionView, summary: NoteSummary, role: Role) -> Screen:
    """The whole summary, with what it rests on; the tutor can say whether it is right."""
    row, content = view.appointment, content_of(summary)
    slot = reader.dated_slot(row.starts_at, row.ends_at)
    head = [
        Markup("<b>{}</b> · {}").format(view.student.name, slot),
        _made_by(reader, summary),
    ]
    blocks = [Markup("\n").join(head), *_blocks(reader, content)]
    if summary.is_right is False:
        blocks.append(_judgement(reader, summary))
    text, room = blocks[0], ROOM
    for block in blocks[1:]:
        room -= len(block.striptags())
        if room < 0:
            break
        text += Markup("\n\n") + block
    return Screen(text, _buttons(reader, view, summary, role))


def _made_by(reader: Reader, summary: NoteSummary) -> Markup:
    if summary.source is SummarySource.OFFLINE:
        return reader.text("<i>Sentences of the tutor's notes, picked by a program without AI.</i>")
    return reader.text("<i>AI summary of the tutor's notes. It can be wrong: the notes count.</i>")


def _blocks(reader: Reader, content: Summary) -> list[Markup]:
    blocks = []
    if content.headline is not None:
        blocks.append(Markup("✨ <b>{}</b>").format(content.headline.statement))
    for title, claims in (
        (reader.text("<b>Topics</b>"), content.topics),
        (reader.text("<b>Strengths</b>"), content.strengths),
        (reader.text("<b>Still hard</b>"), content.struggles),
        (reader.text("<b>Next steps</b>"), content.next_steps),
        (reader.text("<b>Over several sessions</b>"), content.patterns),
    ):
        if claims:
            blocks.append(Markup("\n").join([title, *map(_bullet, claims)]))
    observed = [
        _observation(reader, reader.label("Engagement"), content.engagement),
        _observation(reader, reader.label("Confidence"), content.confidence),
    ]
    blocks.append(Markup("\n").join(observed))
    said = {claim.statement for claim in claims_of(content)}
    quotes = list(_quotes(reader, (one for one in quotes_of(content) if one.quote not in said)))
    if quotes:
        title = reader.text("From the notes, word for word:")
        listed = Markup("\n").join([title, *quotes])
        blocks.append(Markup("<blockquote expandable>{}</blockquote>").format(listed))
    return blocks


def _bullet(claim: Claim) -> Markup:
    return Markup("• {}").format(claim.statement)


def _observation(reader: Reader, name: str, observed: Observation) -> Markup:
    level = level_label(reader, observed.level)
    if observed.level is Level.NOT_OBSERVED:
        return Markup("<b>{}</b>: {}").format(name, level)
    return Markup("<b>{}</b>: {}. {}").format(name, level, observed.statement)


def _quotes(reader: Reader, cited: Iterable[Evidence]) -> Iterable[Markup]:
    """Each once, with whose words they are where they are not the tutor's own."""
    for evidence in dict.fromkeys(cited):
        quote = Markup("“{}”").format(evidence.quote)
        match evidence.origin:
            case QuoteOrigin.TRANSCRIPT:
                yield reader.text("{quote} (voice memo, written down by AI)", quote=quote)
            case QuoteOrigin.READING:
                yield reader.text("{quote} (picture, read by AI)", quote=quote)
            case QuoteOrigin.TEXT:
                yield quote


def _judgement(reader: Reader, summary: NoteSummary) -> Markup:
    return reader.text(
        "⚠️ The tutor says that this is not right:\n<blockquote>{why}</blockquote>",
        why=summary.judgement or "",
    )


def _buttons(reader: Reader, view: SessionView, summary: NoteSummary, role: Role) -> Rows:
    judges = role is Role.TUTOR
    return keyboards.in_pairs(
        keyboards.button(reader.label("Looks right"), callbacks.SummaryRight(summary.id))
        if judges and summary.is_right is not True
        else None,
        keyboards.button(reader.label("Wrong"), callbacks.SummaryWrong(summary.id))
        if judges and summary.is_right is not False
        else None,
        keyboards.button(reader.label("View notes"), callbacks.ViewNotes(view.id)),
    )
