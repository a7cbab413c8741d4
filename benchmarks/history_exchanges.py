"""Requests, disputes, messages and updates of a long history."""

from benchmarks.families import GROUP, PARENT_ACCOUNT, TUTOR_ACCOUNT
from benchmarks.history_rows import (
    ATTENDED,
    AWAITING,
    DISPUTED,
    EVERY,
    FAMILIES,
    FIRST_PARENT,
    MESSAGES,
    OPEN_BEFORE_LATER,
    THREADS,
    TUTORS,
    UPDATES,
    Rows,
)
from benchmarks.stub_request import TOKEN


class Exchanges(Rows):
    """Rows that are mostly settled and sent long ago."""

    def statements(self) -> list[str]:
        """INSERT statements for these tables."""
        return [*self._requests(), *self._disputes(), *self._messages()]

    def _requests(self) -> list[str]:
        at, later = self.at(f"-4000 - i * {EVERY}"), self.count + OPEN_BEFORE_LATER
        thread = {
            "id": "i + 1",
            "appointment_id": "i + 1",
            "status": "'agreed'",
            "opened_at": at,
            "expires_at": at,
            "closed_at": at,
        }
        opened = {
            "id": f"{self.count} + i + 1",
            "appointment_id": f"{later} + i + 1",
            "status": "'open'",
            "opened_at": self.at(-600),
            "expires_at": self.at(f"1440 + i * {EVERY}"),
            "closed_at": "NULL",
        }
        proposal = {
            "thread_id": "i + 1",
            "version": "1",
            "status": "'approved'",
            "side": "'parent'",
            "proposed_by_id": f"{FIRST_PARENT} + i % {FAMILIES}",
            "new_starts_at": self.at(f"3000 - i * {EVERY}"),
            "new_ends_at": self.at(f"3090 - i * {EVERY}"),
            "reason": "'school_event'",
            "proposed_at": at,
        }
        asked = {
            "thread_id": f"{self.count} + i + 1",
            "status": "'open'",
            "proposed_at": self.at(-600),
            "new_starts_at": self.at("4000 + i"),
            "new_ends_at": self.at("4090 + i"),
        }
        return [
            self.insert("reschedule_thread", thread, self.count, "i % 50 = 0"),
            self.insert("reschedule_thread", thread | opened, THREADS),
            self.insert("reschedule_proposal", proposal, self.count, "i % 50 = 0"),
            self.insert("reschedule_proposal", proposal | asked, THREADS),
        ]

    def _disputes(self) -> list[str]:
        at = self.at(f"-2600 - i * {EVERY}")
        settled = {
            "id": "i + 1",
            "appointment_id": "i + 1",
            "opened_by_id": f"{FIRST_PARENT} + i % {FAMILIES}",
            "opened_at": at,
            "reason": "'other'",
            "text": "'It was shorter.'",
            "evidence": "'{}'",
            "status": "'verified'",
            "settled_at": at,
        }
        opened = settled | {
            "id": f"{self.count} + i + 1",
            "appointment_id": f"{self.awaiting + AWAITING} + i + 1",
            "opened_at": self.at(-100),
            "status": "'open'",
            "settled_at": "NULL",
        }
        return [
            self.insert("dispute", settled, self.count, f"{ATTENDED} AND i % 100 = 0"),
            self.insert("dispute", opened, DISPUTED),
        ]

    def _messages(self) -> list[str]:
        at = self.at(f"-2700 - i * {EVERY}")
        sent = {
            "dedupe_key": "'sent:' || i",
            "kind": "'appointment_card'",
            "payload": "'{\"appointment_id\": 1}'",
            "person_id": f"{FIRST_PARENT} + i % {FAMILIES}",
            "appointment_id": "i + 1",
            "created_at": at,
            "due_at": at,
            "attempts": "0",
            "sent_at": at,
        }
        due = {
            "dedupe_key": "'due:' || i",
            "created_at": self.at(-1),
            "due_at": self.at(-1),
            "sent_at": "NULL",
        }
        card = {
            "chat_id": f"{PARENT_ACCOUNT} + i % {FAMILIES}",
            "message_id": "i + 1",
            "person_id": f"{FIRST_PARENT} + i % {FAMILIES}",
            "appointment_id": "i + 1",
            "is_live": "TRUE",
            "content_hash": "'0123456789abcdef'",
        }
        update = {
            "bot_id": TOKEN.partition(":")[0],
            "update_id": "i + 1",
            "chat_id": f"{TUTOR_ACCOUNT} + i % {TUTORS}",
            "payload": '\'{"update_id": 1, "message": {"text": "/checkout"}}\'',
            "received_at": at,
            "done_at": at,
            "attempts": "0",
        }
        new = {
            "update_id": f"{self.count} + i + 1",
            "received_at": self.at(-1),
            "done_at": "NULL",
        }
        return [
            self.insert("outbox_message", sent, self.count, ATTENDED),
            self.insert("outbox_message", sent | due, MESSAGES),
            self.insert("card", card, self.count, ATTENDED),
            self.insert("card", card | {"chat_id": str(GROUP)}, DISPUTED),
            self.insert("inbox_update", update, self.count),
            self.insert("inbox_update", update | new, UPDATES),
        ]
