"""The week in Telegram: its four chats and the group, and what is left in them when it is over."""

from dataclasses import dataclass

from sqlmodel import select

from models import Dialogue
from tests.end_to_end.chats import Chat, Offers
from tests.end_to_end.scenes import all_text, asked_of
from tests.end_to_end.week import Week

PROBLEM = "Report a problem"
OVER = (
    "Awaiting Y",
    "Awaiting a",
    "In progress\n",
    "Please answer by",
    "Check-in is open",
    "Check-out",
    "aside",
)
"""What nothing in a chat may say once the week is over."""
HELD = "Emily Lim · Mathematics\nThu 26 Nov 16:00-17:00"
SUMMARY = (
    "Emily Lim · Thu 26 Nov 16:00-17:00\n"
    "Sentences from the tutor's notes, picked by a program without AI."
)
NO_NOTES = (
    "📝 Notes for Emily Lim, Fri 27 Nov 16:00-17:00\nNo notes. You won't be asked for them again."
)
REPORT = "your report on Emily Lim, Thu 26 Nov 16:00-17:00"
VERIFIED = "Verified: the session counts as held.\nEmily Lim · "
LOST = "Not Completed: the tutor will not come, and you are not charged.\nEmily Lim · Mathematics"
REPLACEMENT = "Emily Lim · Mathematics\nTue 8 Dec 16:00-17:00"
OF_EITHER_PARENT: Offers = [
    ("Upheld: you are not charged for this session.\nEmily Lim · Mathematics", [PROBLEM]),
    (
        "Cancelled by the tutor: you can ask for another time.\nEmily Lim · Mathematics",
        ["Sat 5 Dec 16:00", "Sun 6 Dec 16:00", "Mon 7 Dec 16:00", PROBLEM, "Another time"],
    ),
    ("✅ Extra sessions: all are dealt with\n", ["Details 1", "Details 2"]),
    (LOST, [PROBLEM]),
    (REPLACEMENT, ["Change time", "Cancel"]),
    (VERIFIED + "exam practice", ["View notes", "Summary", PROBLEM]),
    (VERIFIED + "exam practice", [PROBLEM]),
    (VERIFIED + "Mathematics", [PROBLEM]),
]
LEFT: dict[str, Offers] = {
    "priya": [
        ("🔔 Problem report 1 from Mei Lim\nEmily Lim · Mathematics", ["The session"]),
        ("Emily Lim · Mathematics\nMon 30 Nov 16:00-17:00", ["Replace"]),
        (VERIFIED + "exam practice", ["View notes", "Summary"]),
    ],
    "group": [
        ("The agency today (15:00)\nSessions today: 0", ["Open"]),
        ("Cancelled by the tutor\nEmily · Mathematics", ["Replace"]),
    ],
    "grace": [
        ("🎓 A new student\nEmily Lim · Mathematics", ["The first session"]),
        (HELD, ["Add notes", "View notes", "Summary"]),
        (
            "📝 Notes for Emily Lim, Thu 26 Nov 16:00-17:00\nDone. Thank you.",
            ["Add notes"],
        ),
        (SUMMARY, ["Wrong", "View notes"]),
        (
            NO_NOTES,
            ["Add notes"],
        ),
        (
            (
                "Upheld: this session is not billed, and you are not paid for it.\n"
                "Emily Lim · Mathematics"
            ),
            ["Add notes"],
        ),
        ("📝 Notes for Emily Lim, Sat 28 Nov 18:00-19:00\nDone. Thank you.", ["Add notes"]),
        (REPLACEMENT, ["Change time", "Cancel"]),
        (VERIFIED + "exam practice", ["Add notes", "View notes", "Summary"]),
        (VERIFIED + "exam practice", ["Add notes"]),
        (VERIFIED + "Mathematics", ["Add notes"]),
        (
            "Pay for November 2026\nSum · SGD\N{NO-BREAK SPACE}160.00 · 4 sessions, 4 h",
            ["Dec 2026"],
        ),
    ],
    "mei": [
        ("Your settings\nLanguage: English", ["Time zone", "Calendar"]),
        (HELD, ["View notes", "Summary", PROBLEM]),
        (SUMMARY, ["View notes"]),
        (
            f"✅ Priya Nair closed {REPORT}. If something is still wrong, please report it again.",
            ["Report a problem"],
        ),
        *OF_EITHER_PARENT,
    ],
    "daniel": [
        ("Your settings\nLanguage: English", ["Time zone", "Calendar"]),
        (HELD, ["View notes", "Summary", PROBLEM]),
        *OF_EITHER_PARENT,
        ("Statement for November 2026\nEmily Lim", ["Dec 2026"]),
    ],
}
"""What can still be tapped once the week is over, and what the messages begin with."""


@dataclass
class WeekOfChats(Week):
    """The week of four with their phones; the coordinators' group, as Priya has it."""

    priya: Chat
    group: Chat
    grace: Chat
    mei: Chat
    daniel: Chat

    def chats(self) -> dict[str, Chat]:
        """Every chat, by whose it is."""
        return {name: getattr(self, name) for name in LEFT}

    def commands_left_out(self) -> set[str]:
        """What is in somebody's menu and was never sent by anybody."""
        there = self.chats().values()
        menus, sent = ([get(one) for one in there] for get in (Chat.menu, Chat.commands))
        return set[str]().union(*menus) - set[str]().union(*sent)

    def questions(self) -> list[str]:
        """The dialogues that are still open, by name; and the group's question for a reply."""
        with self.stage.database.reading() as session:
            open_ones = list(session.exec(select(Dialogue.name)).all())
        return open_ones + ["reply"] * (asked_of(self.group.phone) is not None)

    def offers(self) -> dict[str, Offers]:
        """What can be tapped in each chat."""
        return {name: chat.offers() for name, chat in self.chats().items()}

    def claims(self) -> dict[str, list[str]]:
        """Words that say that something goes on which is over, in each chat."""
        texts = {name: all_text(chat.phone) for name, chat in self.chats().items()}
        return {name: [one for one in OVER if one in text] for name, text in texts.items()}
