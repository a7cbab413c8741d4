"""The card of a dispute in the coordinators' group, with no more data than needed (UX 13)."""

from dataclasses import replace

from markupsafe import Markup, escape

from chat import deep_links, keyboards
from chat.cards.buttons import settlement_buttons
from chat.cards.notes import notes_line
from chat.cards.session import subject_and_kind
from chat.deep_links import OpenDispute
from chat.screen import Screen
from locales.reader import Reader
from locales.wording import attendance_line, dispute_reason, settlement_done
from models import Dispute
from models.enums import DisputeStatus
from services.queries.sessions import SessionDetail
from services.rules.agency import Agency


def dispute_card(
    reader: Reader,
    detail: SessionDetail,
    dispute: Dispute,
    names: tuple[str | None, str | None],
    agency: Agency,
    bot_username: str,
    page: str | None = None,
) -> Screen:
    """The dispute as the group sees it: with the child's first name only (UX 13).

    `names` are those of the coordinators who claimed and who settled it; `page`: address of the
    dispute's page, where Telegram can open it.
    """
    view, row = detail.view, detail.view.appointment
    claimed_by, settled_by = names
    lines = [
        reader.text("⚠️ <b>Dispute {number}</b>", number=dispute.id),
        Markup("{} · {}").format(view.student.name.split()[0], subject_and_kind(reader, row)),
        escape(reader.dated_slot(row.starts_at, row.ends_at)),
        reader.text("with {tutor}", tutor=view.tutor.name),
        escape(attendance_line(reader, row)),
        reader.text("Reason: {why}", why=dispute_reason(reader, dispute.reason)),
    ]
    if notes := notes_line(reader, detail):
        lines.append(notes)
    if claimed_by and dispute.claimed_at:
        done = settlement_done(reader, DisputeStatus.CLAIMED, claimed_by, dispute.claimed_at)
        lines.append(escape(done))
    buttons = settlement_buttons(reader, replace(detail, dispute=dispute), agency)
    if not buttons and settled_by and dispute.settled_at:
        done = settlement_done(reader, dispute.status, settled_by, dispute.settled_at)
        lines.append(Markup("<b>{}</b>").format(done))
    text = Markup("\n").join(line for line in lines if line)
    true_until = reader.told_until(dispute.claimed_at, dispute.settled_at)
    if not buttons:
        return Screen(text, true_until=true_until)
    details = keyboards.link(
        reader.label("Details"), deep_links.address(bot_username, OpenDispute(dispute.id))
    )
    seen = keyboards.link(reader.label("On the page"), page) if page else None
    return Screen(text, keyboards.in_pairs(*buttons, details, seen), true_until)
