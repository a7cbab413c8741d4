"""A term from one workbook: two months of all roles, in chat and on pages, add up (SPEC 7)."""

import csv
import io
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
from sqlmodel import col, select

from chat.callbacks import Acknowledge, encode
from chat.deep_links import UseInvitation, payload_of
from models import Appointment, Dispute, Person, Student
from models.enums import Kind, Status
from sandbox.demo.term import write_term
from services.people.accounts import make_coordinator
from tests.builders import SIGN_IN
from tests.end_to_end.invariants import require_invariants
from tests.end_to_end.scenes import card_of, marcus, press, write
from tests.end_to_end.stage import Stage, labels, set_up
from tests.end_to_end.test_pages_in_step import pages_beside
from tests.services.imports.runs import PRICED
from tests.web.admin.test_acting import act
from tests.web.importing import import_ended
from tests.web.visiting import hidden_in, send
from tests.web.visiting import press as press_on_page

FIRST, LAST = date(2026, 11, 30), date(2027, 1, 31)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHY = "Agreed by phone"
OLD = 3
"""Sessions that the old system has as held: they have no price here."""


@dataclass
class Term:
    """The agency at work: who is there, and what came of the sessions."""

    stage: Stage
    address: str
    held: Counter[tuple[str, Kind]] = field(default_factory=Counter)
    """Approved sessions, by child's ref and kind."""
    seen: Counter[str] = field(default_factory=Counter)
    """How many sessions of each child there have been."""

    def person(self, ref: str) -> Person:
        with self.stage.database.reading() as session:
            return session.exec(select(Person).where(Person.ref == ref)).one()

    @asynccontextmanager
    async def browser(self, person: Person) -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which somebody is signed in."""
        with self.stage.database.unit_of_work() as session:
            link = f"/sign-in/{SIGN_IN.make_link(session, person, self.stage.now)}"
        async with httpx.AsyncClient(base_url=self.address, timeout=60) as browser:
            await press_on_page(browser, link)
            yield browser

    async def on_page(self, ref: str, path: str, on: str | None = None, **typed: str) -> str:
        """Send a form; where it leads."""
        async with self.browser(self.person(ref)) as browser:
            answer = await send(browser, path, on=on, files=(), **typed)
        assert answer.status_code == 303, (path, answer.text)
        await self.stage.settled()
        return answer.headers["location"]

    async def table(self, ref: str, path: str) -> tuple[bytes, list[list[str]]]:
        """A table of the pages: as it is, and its lines without head and sums."""
        async with self.browser(self.person(ref)) as browser:
            answer = await browser.get(path)
        assert answer.status_code == 200, (path, answer.text)
        if "csv" not in answer.headers["content-type"]:  # the month has no statement of theirs
            return answer.content, []
        rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        return answer.content, [row for row in rows[1:] if row[7] != "Sum"]

    async def until(self, at: datetime) -> None:
        """Move the sandbox's clock on, if it is not there yet."""
        if at > self.stage.now:
            await self.stage.forward(seconds=(at - self.stage.now).total_seconds())

    def next_session(self) -> tuple[Appointment, str] | None:
        """The next scheduled session of the two months, with its child's ref."""
        ends = datetime(2027, 1, 31, 16, tzinfo=UTC)
        with self.stage.database.reading() as session:
            found = session.exec(
                select(Appointment, Student.ref)
                .join(Student, col(Student.id) == Appointment.student_id)
                .where(
                    Appointment.status == Status.SCHEDULED,
                    Appointment.starts_at > self.stage.now,
                    Appointment.starts_at < ends,
                )
                .order_by(col(Appointment.starts_at), col(Appointment.id))
            ).first()
        return None if found is None else (found[0], found[1] or "")


async def test_a_term_runs_for_two_months_and_its_statements_add_up(
    database_url: str, tmp_path: Path
) -> None:
    async with set_up(database_url, tmp_path, agency=PRICED) as stage:
        async with pages_beside(stage) as address:
            term = Term(stage, address)
            await set_up_from_workbook(term, tmp_path)
            while (found := term.next_session()) is not None:
                row, child = found
                await at_the_office(term, row.starts_at)
                term.seen[child] += 1
                await one_session(term, row, child, term.seen[child])
            await term.until(datetime(2027, 2, 3, 2, tzinfo=UTC))
            december = await every_form(term, "2026-12")
            await term.on_page("c-1", "/admin/billing/2027-01/close")
            await require_sums(term)
            assert await every_form(term, "2026-12") == december
        await require_invariants(stage)


async def set_up_from_workbook(term: Term, folder: Path) -> None:
    """Marcus imports the workbook on the page, and invites everybody who uses Telegram."""
    stage = term.stage
    with stage.database.unit_of_work() as session:
        token = make_coordinator(session, "Marcus Lee", stage.now)
    marcus(stage).start(payload_of(UseInvitation(token)))
    await stage.settled()
    with stage.database.reading() as session:
        office = session.exec(select(Person).where(Person.name == "Marcus Lee")).one()
    write_term(folder / "term.xlsx", FIRST)
    async with term.browser(office) as browser:
        form = hidden_in((await browser.get("/admin/import")).text)
        book = ("term.xlsx", (folder / "term.xlsx").read_bytes(), XLSX)
        sent = await browser.post(
            "/admin/import", data={"csrf": form["csrf"]}, files=[("files", book)]
        )
        checked = await import_ended(browser, sent.headers["location"])
        assert "All rows are fine. Nothing is saved yet." in checked
        done = await browser.post(sent.headers["location"], data=hidden_in(checked))
        assert "Imported." in await import_ended(browser, done.headers["location"])
        for ref, phone in (
            ("c-1", stage.priya),
            ("t-1", stage.grace),
            ("p-1", stage.mei),
            ("p-2", stage.daniel),
        ):
            there = f"/admin/people/{term.person(ref).id}"
            shown = await send(browser, f"{there}/invite", on=there)
            link = re.search(r"start=([A-Za-z0-9_-]+)", shown.text)
            assert link, shown.text
            phone.start(link[1])
            await stage.settled()


async def one_session(term: Term, row: Appointment, child: str, number: int) -> None:
    """Whatever becomes of a session: most are held and acknowledged."""
    match child, number:
        case "s-1", 3:
            page = f"/sessions/{row.id}/cancel"
            await term.on_page("p-1", page, reason="school_event")
        case "s-1", 6:
            await moved_by_agreement(term, row)
        case "s-1", 8:
            await held(term, row)
            page = f"/sessions/{row.id}/dispute"
            await term.on_page("p-2", page, reason="conduct", text="She was late.")
            with term.stage.database.reading() as session:
                about = session.exec(select(Dispute)).one()
            async with term.browser(term.person("c-1")) as browser:
                done = await act(browser, f"dispute-{about.id}", "uphold", text=WHY)
            assert done.status_code == 303
        case "s-1", 10:
            await held(term, row)
            await term.stage.forward(hours=49)
            await term.on_page("c-1", f"/sessions/{row.id}/verify", text=WHY)
            term.held[child, row.kind] += 1
        case "s-2", 2:
            page = f"/sessions/{row.id}/cancel"
            await term.on_page("t-1", page, reason="unwell")
        case "s-3", 4:
            await term.until(row.ends_at + DAY)
            await term.on_page(
                "c-1", f"/sessions/{row.id}/correct-attendance", times="19:30-20:45", text=WHY
            )
            await acknowledged(term, row, child)
        case _:
            await held(term, row)
            await acknowledged(term, row, child)


async def moved_by_agreement(term: Term, row: Appointment) -> None:
    """Mei asks for another time on a page, and Grace accepts in the chat; it is held later."""
    start = row.starts_at + 2 * HOUR
    page = f"/sessions/{row.id}/propose"
    async with term.browser(term.person("p-1")) as browser:
        opened = await browser.get(f"{page}?at={start:%Y%m%dT%H%MZ}")
        form = hidden_in(opened.text) | {"reason": "school_event"}
        assert (await browser.post(page, data=form)).status_code == 303
    await term.stage.settled()
    await press(term.stage, term.stage.grace, "Accept")
    with term.stage.database.reading() as session:
        assert session.get_one(Appointment, row.id).starts_at == start


async def held(term: Term, row: Appointment) -> None:
    """Grace checks in and out in the chat, Arjun on the pages."""
    stage, about = term.stage, f"/sessions/{row.id}"
    await term.until(row.starts_at - timedelta(minutes=5))
    in_chat = row.tutor_id == term.person("t-1").id
    if in_chat:
        await write(stage, stage.grace, "/checkin")
    else:
        await term.on_page("t-2", f"{about}/check-in", on=about)
    assert stage.status(row) is Status.CHECKED_IN
    await term.until(row.ends_at)
    if in_chat:
        await write(stage, stage.grace, "/checkout")
        await press(stage, stage.grace, "Skip for now")
    else:
        await term.on_page("t-2", f"{about}/check-out", on=about)
    assert stage.status(row) is Status.AWAITING_APPROVAL_PARENT
    await stage.forward(minutes=20)


async def acknowledged(term: Term, row: Appointment, child: str) -> None:
    """Daniel acknowledges on his phone, the other families on the pages."""
    stage, about = term.stage, f"/sessions/{row.id}"
    parents = {"s-3": "p-3", "s-4": "p-4"}
    if child in parents:
        await term.on_page(parents[child], f"{about}/acknowledge", on=about)
    else:
        await press(stage, stage.daniel, encode(Acknowledge(row.id)))
    assert stage.status(row) is Status.APPROVED
    term.held[child, row.kind] += 1


async def at_the_office(term: Term, before: datetime) -> None:
    """What is done once, when its day has come: extra sessions, a package, the closing."""
    stage = term.stage
    if before > datetime(2026, 12, 13, 2, tzinfo=UTC) and not term.held["s-1", Kind.ADHOC]:
        await term.until(datetime(2026, 12, 12, 10, tzinfo=UTC))
        await write(stage, stage.grace, "/adhoc")
        if "Emily Lim" in labels(stage.grace.last()):
            await press(stage, stage.grace, "Emily Lim")
        await write(stage, stage.grace, "12/12 10:00 60 exam revision")
        await press(stage, stage.grace, "Log 1 session")
        with stage.database.reading() as session:
            extra = session.exec(select(Appointment).where(Appointment.kind == Kind.ADHOC)).one()
        card = card_of(stage.daniel, "exam revision")["message_id"]
        await press(stage, stage.daniel, encode(Acknowledge(extra.id)), card)
        assert stage.status(extra) is Status.APPROVED
        term.held["s-1", Kind.ADHOC] += 1
    if before > datetime(2027, 1, 4, 4, tzinfo=UTC) and not term.seen["closed"]:
        await term.until(datetime(2027, 1, 4, 2, tzinfo=UTC))
        await term.on_page("c-1", "/admin/billing/2026-12/close")
        child = _child(term, "s-1")
        values = {"child": child, "sessions": "3", "starts_on": "2027-01-04", "price": "250"}
        await term.on_page("c-1", "/admin/packages/new", **values)
        term.seen["closed"] += 1


def _child(term: Term, ref: str) -> str:
    with term.stage.database.reading() as session:
        return str(session.exec(select(Student.id).where(Student.ref == ref)).one())


async def every_form(term: Term, month: str) -> list[bytes]:
    """A month as the coordinator, a family and a tutor get it."""
    return [
        (await term.table("c-1", f"/admin/billing/{month}?as=csv"))[0],
        (await term.table("p-2", f"/family/statement?month={month}&as=csv"))[0],
        (await term.table("t-1", f"/tutor/statement?month={month}&as=csv"))[0],
    ]


async def require_sums(term: Term) -> None:
    """Require that all statements come to what was held, at the workbook's prices."""
    sums, sessions = Counter[str](), Counter[str]()
    own: dict[str, Counter[str]] = {"families": Counter(), "tutors": Counter()}
    for month in ("2026-11", "2026-12", "2027-01", "2027-02"):
        _, rows = await term.table("c-1", f"/admin/billing/{month}?as=csv")
        for row in rows:
            sums[party(row)] += minor(row[12])
            sessions[party(row)] += int(row[9] or 0)
        for ref, side in (("p-2", "families"), ("t-1", "tutors")):
            path = "/family/statement" if side == "families" else "/tutor/statement"
            _, rows = await term.table(ref, f"{path}?month={month}&as=csv")
            for row in rows:
                own[side][party(row)] += minor(row[12])
    done = term.held
    emily, extra = done["s-1", Kind.REGULAR], done["s-1", Kind.ADHOC]
    ryan, aisha, trial = (
        done["s-2", Kind.REGULAR],
        done["s-3", Kind.REGULAR],
        done["s-4", Kind.TRIAL],
    )
    assert min(emily - 13, ryan - 3, aisha - 4, trial, extra) >= 0
    assert sums == {
        "Emily Lim": 85000 + 25000 + 9000 * (emily - 13) + 7000 * ryan + 6000 * extra,
        "Aisha Rahman": 32000 + 8063 * (aisha - 4),
        "Dev Raj": 3000 * trial,
        "Grace Tan": 6750 * emily + 4500 * extra + 5000 * ryan,
        "Arjun Rao": 6031 * aisha + 3000 * trial,
    }
    assert sessions["Grace Tan"] == sessions["Emily Lim"] == emily + extra + ryan + OLD
    assert own["families"]["Emily Lim"] == sums["Emily Lim"]
    assert own["tutors"]["Grace Tan"] == sums["Grace Tan"]


def party(row: list[str]) -> str:
    """Whose statement a line is on: the first child's, or the tutor's."""
    return row[1].partition(",")[0]


def minor(amount: str) -> int:
    """Minor units of an amount in a table; an empty one is none."""
    return int(Decimal(amount or 0) * 100)
