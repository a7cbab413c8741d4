"""Agency with a long history: many sessions, nearly all of them approved long ago.

Only the past grows with the size. The number of people, of sessions a day, and of open rows is the
same in all sizes.
"""

import hashlib

from benchmarks.families import PARENT_ACCOUNT, TUTOR_ACCOUNT
from benchmarks.history_exchanges import Exchanges
from benchmarks.history_rows import (
    ATTENDED,
    AWAITING,
    BATCHES,
    COORDINATORS,
    DISPUTED,
    EVERY,
    FAMILIES,
    FILES,
    FIRST_COORDINATOR,
    FIRST_PARENT,
    LATER,
    MISSED,
    RUNNING,
    SOON,
    SUMMARIES,
    TUTORS,
    Rows,
)


class History(Rows):
    """Statements that fill an agency of one size."""

    @property
    def version(self) -> str:
        """Hash that changes whenever the statements do."""
        return hashlib.sha256("".join(self.statements()).encode()).hexdigest()[:8]

    def statements(self) -> list[str]:
        """INSERT statements for every row of every table."""
        exchanges = Exchanges(self.filling, self.count).statements()
        return [
            *self._people(),
            *self._sessions(),
            *self._trail(),
            *self._notes(),
            *exchanges,
        ]

    def _people(self) -> list[str]:
        def person(first: int, account: int, role: str) -> dict[str, object]:
            roles = {f"is_{one}": str(one == role).upper() for one in ("tutor", "parent")}
            return {
                "id": f"{first} + i",
                "name": f"'{role.title()} ' || i",
                **roles,
                "is_coordinator": str(role == "coordinator").upper(),
                "telegram_user_id": f"{account} + i",
                "started_at": self.at(-9_000_000),
            }

        child = {"id": "i + 1", "name": "'Student ' || i", "address": "'12 Orchard Road'"}
        guardian = {"person_id": f"{FIRST_PARENT} + i", "student_id": "i + 1"}
        return [
            self.insert("person", person(1, TUTOR_ACCOUNT, "tutor"), TUTORS),
            self.insert("person", person(FIRST_PARENT, PARENT_ACCOUNT, "parent"), FAMILIES),
            self.insert(
                "person", person(FIRST_COORDINATOR, 3 * 10**9, "coordinator"), COORDINATORS
            ),
            self.insert("student", child, FAMILIES),
            self.insert("guardianship", guardian, FAMILIES),
        ]

    def _sessions(self) -> list[str]:
        over = (
            "CASE (i / 7) % 50 WHEN 3 THEN 'cancelled_by_parent' WHEN 9 THEN 'not_completed'"
            " ELSE 'approved' END"
        )
        ended = f"-2800 - i * {EVERY}"
        groups = (
            (SOON, "'scheduled'", "CASE WHEN i < 10 THEN 5 + i ELSE 40 + i * 3 END"),
            (RUNNING, "'checked_in'", "-60 - i"),
            (AWAITING, "'awaiting_approval_parent'", "-1500 - i * 60"),
            (DISPUTED, "'disputed'", "-3000 - i * 60"),
            (MISSED, "'scheduled'", "-1500 - i * 60"),
            (LATER, "'scheduled'", f"1440 + i * {EVERY}"),
        )
        statements = [self._session(0, self.count, over, ended)]
        first = self.count
        for size, status, starts in groups:
            statements.append(self._session(first, size, status, starts))
            first += size
        return statements

    def _session(self, first: int, size: int, status: str, starts: str) -> str:
        came = "NULL" if "scheduled" in status else self.at(f"{starts} + 1")
        left = self.at(f"{starts} + 91") if _is_over(status) else "NULL"
        values = {
            "id": f"{first} + i + 1",
            "tutor_id": f"i % {TUTORS} + 1",
            "student_id": f"i % {FAMILIES} + 1",
            "subject": "'Mathematics'",
            "starts_at": self.at(starts),
            "ends_at": self.at(f"{starts} + 90"),
            "status": status,
            "kind": "'regular'",
            "origin": "'native'",
            "billed_as_addon": "0",
            "checked_in_at": came,
            "checked_out_at": left,
            "student_absent": "FALSE",
            "created_at": self.at(f"{starts} - 20000"),
        }
        return self.insert("appointment", values, size)

    def _trail(self) -> list[str]:
        def event(action: str, role: str, after: int, to: str) -> dict[str, object]:
            return {
                "appointment_id": "i + 1",
                "actor_id": f"i % {TUTORS} + 1",
                "role": f"'{role}'",
                "channel": "'telegram'",
                "at": self.at(f"-2800 - i * {EVERY} + {after}"),
                "action": f"'{action}'",
                "to_status": f"'{to}'",
            }

        asked = event("check_out", "tutor", 91, "awaiting_approval_parent")
        answered = event("acknowledge", "parent", 200, "approved")
        still_asked = asked | {
            "appointment_id": f"{self.awaiting} + i + 1",
            "at": self.at("-1500 - i * 60 + 91"),
        }
        return [
            self.insert("audit_event", asked, self.count, ATTENDED),
            self.insert("audit_event", answered, self.count, ATTENDED),
            self.insert("audit_event", still_asked, AWAITING),
        ]

    def _notes(self) -> list[str]:
        at = self.at(f"-2700 - i * {EVERY}")
        batch = {
            "id": "i + 1",
            "appointment_id": "i + 1",
            "tutor_id": f"i % {TUTORS} + 1",
            "chat_id": f"{TUTOR_ACCOUNT} + i % {TUTORS}",
            "opened_at": at,
            "last_part_at": at,
            "closed_at": at,
        }
        opened = {
            "id": f"{self.count} + i + 1",
            "appointment_id": f"{self.awaiting} + i + 1",
            "opened_at": self.at(-2),
            "last_part_at": self.at(-2),
            "closed_at": "NULL",
        }
        part = {
            "appointment_id": "i + 1",
            "batch_id": "i + 1",
            "author_id": f"i % {TUTORS} + 1",
            "kind": "'text'",
            "text": "'Fractions went well today; homework is page 12.'",
            "created_at": at,
            "is_late": "FALSE",
            "store_attempts": "0",
        }
        file = part | {
            "kind": "'photo'",
            "telegram_file_id": "'file' || i",
            "media_type": "'image/jpeg'",
        }
        stored = file | {"media_key": "'key' || i", "stored_at": at}
        waiting = file | {
            "appointment_id": f"{self.awaiting} + i + 1",
            "batch_id": f"{self.count} + i + 1",
            "next_try_at": self.at(-1),
            "created_at": self.at(-3),
        }
        summary = {
            "appointment_id": "i + 1",
            "language": "'en'",
            "version": "1",
            "status": "'made'",
            "input_tokens": "0",
            "output_tokens": "0",
            "requested_at": at,
            "attempts": "1",
        }
        wanted = summary | {
            "appointment_id": f"{self.awaiting} + i + 1",
            "status": "'pending'",
            "next_try_at": self.at(-1),
            "requested_at": self.at(-1),
        }
        return [
            self.insert("note_batch", batch, self.count, ATTENDED),
            self.insert("note_batch", batch | opened, BATCHES),
            self.insert("note_part", part, self.count, ATTENDED),
            self.insert("note_part", stored, self.count, f"{ATTENDED} AND i % 20 = 0"),
            self.insert("note_part", waiting, FILES),
            self.insert("note_summary", summary, self.count, f"{ATTENDED} AND i % 4 = 0"),
            self.insert("note_summary", wanted, SUMMARIES),
        ]


def _is_over(status: str) -> bool:
    return not ("scheduled" in status or "checked_in" in status)
