"""Inbox, outbox, cards and dialogues (DESIGN 2, 5 to 7)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.cause import current_update
from models.columns import document, identity, index_where, instant, prose, word
from models.enums import ListKind, MessageKind

NOT_HANDLED = "done_at IS NULL AND set_aside_at IS NULL"
NOT_SENT = "sent_at IS NULL AND failed_at IS NULL"
IS_UNSENT = text("outbox_message.sent_at IS NULL AND outbox_message.failed_at IS NULL")
"""The same as a condition of a query; prepared ones take it as it stands."""
UNDELIVERED = "failed_at IS NOT NULL AND set_aside_at IS NULL AND error <> 'expired'"
PARKED = f"{NOT_SENT} AND attempts >= 3"


class InboxUpdate(SQLModel, table=True):
    """Update from Telegram, on disk before it is acknowledged."""

    __tablename__ = "inbox_update"
    __table_args__ = (
        index_where(NOT_HANDLED, "ix_inbox_update_pending", "bot_id", "update_id"),
        index_where(NOT_HANDLED, "ix_inbox_update_pending_of_chat", "chat_id", "update_id"),
        Index(None, "received_at"),
    )

    bot_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    """Bot that counted the update; 0 for one that came before bots were told apart."""
    update_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    """Chat in whose order it is handled; None for updates without a chat."""
    payload: dict[str, Any] = document()
    """As Telegram sent it, without what PostgreSQL refuses in text."""
    received_at: datetime = instant()
    """When it reached us; windows count from this instant (SPEC 2)."""
    done_at: datetime | None = instant(default=None)
    attempts: int = 0
    answer_parts_sent: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many messages of its answer are sent, where an answer has several."""
    set_aside_at: datetime | None = instant(default=None)
    error: str | None = prose(default=None)
    """Kind and place of the last error, without its text: that may hold people's words."""


class OutboxMessage(SQLModel, table=True):
    """Message to somebody other than the person who acted, written with the change itself."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        index_where(NOT_SENT, "ix_outbox_message_pending", "due_at"),
        index_where(NOT_SENT, "ix_outbox_message_pending_of_person", "person_id", "id"),
        index_where(NOT_SENT, "ix_outbox_message_expiring", "expires_at"),
        index_where(UNDELIVERED, "ix_outbox_message_undelivered", "failed_at"),
        index_where(PARKED, "ix_outbox_message_parked", "created_at"),
        index_where("message_id IS NOT NULL", "ix_outbox_message_place", "chat_id", "message_id"),
        Index(None, "created_at"),
    )

    id: int = identity()
    dedupe_key: str = Field(unique=True)
    kind: MessageKind = word(MessageKind)
    """Has no CHECK constraint: a new kind needs no rebuilt table (`chat.messages.registry`)."""
    payload: dict[str, Any] = document()
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    """Recipient; None for the coordinators' group."""
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id", index=True)
    """Session that it is about, if any."""
    created_at: datetime = instant()
    due_at: datetime = instant()
    expires_at: datetime | None = instant(default=None)
    """When it expires and is not sent any more."""
    attempts: int = 0
    sent_at: datetime | None = instant(default=None)
    failed_at: datetime | None = instant(default=None)
    """When it was given up: refused by Telegram for good, or expired."""
    set_aside_at: datetime | None = instant(default=None)
    """When a coordinator found that it need not be sent any more, or its reader needs none."""
    error: str | None = prose(default=None)
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    message_id: int | None = None
    update_id: int | None = Field(
        default_factory=current_update.get,
        sa_type=BigInteger,
        sa_column_kwargs={"default": current_update.get},
    )
    """Update that caused it; None for what time alone caused."""


class Card(SQLModel, table=True):
    """Message that shows a session, a dispute or a problem report, and is edited with it (UX 2)."""

    __tablename__ = "card"
    __table_args__ = (
        Index(None, "appointment_id", "chat_id"),
        Index(None, "chat_id", "message_id", unique=True),
        index_where("true_until IS NOT NULL", "ix_card_true_until", "true_until"),
        index_where("dispute_id IS NOT NULL", "ix_card_of_dispute", "dispute_id"),
        index_where("report_id IS NOT NULL", "ix_card_of_report", "report_id"),
    )

    id: int = identity()
    chat_id: int = Field(sa_type=BigInteger)
    message_id: int
    person_id: int | None = Field(default=None, foreign_key="person.id")
    """Person who sees it; None for the coordinators' group."""
    appointment_id: int = Field(foreign_key="appointment.id")
    dispute_id: int | None = Field(default=None, foreign_key="dispute.id")
    report_id: int | None = Field(default=None, foreign_key="problem_report.id")
    is_live: bool = True
    """False once a newer card has replaced it and its buttons are removed."""
    content_hash: str = ""
    """Hash of its content, so that it is not edited without a change."""
    true_until: datetime | None = instant(default=None)
    """Midnight after which it reads otherwise; None where it never does, or is being edited."""


class StandingMessage(SQLModel, table=True):
    """Message that is edited when a session or a match that it speaks of changes: a row each."""

    __tablename__ = "standing_message"
    __table_args__ = (
        CheckConstraint("(appointment_id IS NULL) <> (match_id IS NULL)", name="one_subject"),
        Index(None, "chat_id", "message_id"),
    )

    id: int = identity()
    outbox_message_id: int = Field(foreign_key="outbox_message.id", ondelete="CASCADE", index=True)
    """Message of the outbox from which it is composed; it may say several."""
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id", index=True)
    match_id: int | None = Field(default=None, foreign_key="match.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    """Its reader; None for the coordinators' group."""
    chat_id: int = Field(sa_type=BigInteger)
    message_id: int


class ShownList(SQLModel, table=True):
    """List that stands in a private chat, and is edited as what it lists changes (UX 17)."""

    __tablename__ = "shown_list"
    __table_args__ = (
        Index(None, "chat_id", "message_id", unique=True),
        Index(None, "true_until"),
    )

    id: int = identity()
    chat_id: int = Field(sa_type=BigInteger)
    message_id: int
    person_id: int = Field(foreign_key="person.id")
    kind: ListKind = word(ListKind)
    argument: str | None = prose(default=None)
    day: date
    """Calendar day of the agency that it is of: after it, it is over."""
    true_until: datetime | None = instant(default=None)
    """Midnight after which it reads otherwise, or is over; None where it never does, or is being
    edited."""
    content_hash: str = ""
    """Hash of its content, so that it is not edited without a change."""


class ListedAppointment(SQLModel, table=True):
    """Session in a list that stands in a chat."""

    __tablename__ = "listed_appointment"

    list_id: int = Field(foreign_key="shown_list.id", ondelete="CASCADE", primary_key=True)
    appointment_id: int = Field(foreign_key="appointment.id", primary_key=True, index=True)


class Dialogue(SQLModel, table=True):
    """Person's state in a dialogue, and its draft; stored with the update's done mark."""

    __tablename__ = "dialogue"
    __table_args__ = (
        index_where("appointment_id IS NOT NULL", "ix_dialogue_appointment", "appointment_id"),
    )

    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    user_id: int = Field(primary_key=True, sa_type=BigInteger)
    name: str = Field(primary_key=True)
    state: str | None = None
    """Name of the state; None while the dialogue is parked."""
    draft: dict[str, Any] | None = document(default=None)
    updated_at: datetime = instant()
    appointment_id: int | None = None
    """Session that the draft is about, whose question is edited as that changes (UX 17)."""


class ChatMigration(SQLModel, table=True):
    """Group that became a supergroup: messages to the old id go to the new one."""

    __tablename__ = "chat_migration"

    old_chat_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    new_chat_id: int = Field(sa_type=BigInteger)
