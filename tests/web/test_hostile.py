"""Whatever is put into an address or a form, the answer is a clear page, and bad input writes
nothing (SPEC 10).
"""

import os
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import quote

import httpx
from sqlmodel import col, update

from models import (
    Appointment,
    Cancellation,
    Dispute,
    EvidenceFile,
    Holiday,
    Match,
    NotePart,
    Person,
    ProblemReply,
    ProblemReport,
    RescheduleProposal,
    Student,
    TutorLeave,
)
from tests.services.proofs import every_row
from tests.web.admin.test_packages import WithMoney
from tests.web.every_page import PAGES
from tests.web.test_every_route import browsers
from tests.web.visiting import Pages
from tests.web.ways import Populated, populated

SCRIPT = "\"'><script>alert(1)</script>"
ODD = (
    *("abc", "-1", "0", "9" * 20, "9" * 5000, "1e9", "٣", "²", "½"),
    *("2026-99-99", "0001-01-01", "9999-12-31", "2026-W53-7", "20260101", "99:99", "24:00"),
    *("a\0b", "\0", "%", "_", "\\", "\ud7ff\ufffe", "🙂" * 40, "\u202etxt.exe", SCRIPT),
    *("x" * 3000, " ", "\r\nSet-Cookie: a=b", "//evil.example", "=1+1", "null", "[]"),
)
"""Values that no page asks for."""
WORST = ("-1", "9" * 5000, "a\0b", "0001-01-01", SCRIPT, "x" * 3000)
"""Those that are tried in every test run; `SOAK=1` tries all, and each field by itself."""
SOAK = bool(os.environ.get("SOAK"))
SHORT = 1000
TRIED = ODD if SOAK else WORST
FILTERED = (
    *("/admin", "/admin/bulk", "/admin/sessions", "/admin/log", "/admin/analytics"),
    *("/admin/analytics/sessions", "/admin/people", "/admin/packages", "/admin/matches"),
)
MORE = ("/admin/bulk", "/admin/analytics/sessions", "/admin/people/children/new", "/tutor/adhoc")
QUERY = (
    *("child", "tab", "day", "page", "show", "name", "q", "kind", "person", "text", "from", "to"),
    *("snoozed", "item", "do", "status", "flag", "month", "as", "typed", "at", "proposal"),
    *("country", "summary", "done", "back", "since", "session", "agency", "logged", "tutor"),
    *("held", "guardian"),
)
"""Names in the queries of addresses."""
TYPED = {
    "text": "Because.", "reason": "Because.", "name": "Ann Lee", "subject": "Science",
    "starts_on": "2026-12-28", "ends_on": "2026-12-29", "sessions": "3", "amount": "5",
    "date": "2026-12-30", "weekday1": "3", "start1": "10:00", "day": "2026-12-05", "time": "09:00",
    "length": "60", "parent": "yes", "day-1": "2026-11-24", "start-1": "10:00", "topic-1": "Exams",
    "step": "log", "at": "20261205T0100Z",
}  # fmt: skip
"""What somebody types into fields that are empty."""
TYPED_COLUMNS: tuple[Any, ...] = (
    Person.name, Student.name, Student.address, Appointment.subject, Match.subject, Holiday.name,
    TutorLeave.reason, NotePart.text, NotePart.file_name, Dispute.text, ProblemReport.text,
    ProblemReply.text, EvidenceFile.text, EvidenceFile.file_name, RescheduleProposal.text,
    Cancellation.text,
)  # fmt: skip
"""Columns in which stands what somebody has typed."""
AGAIN = re.compile(r"/snooze$|/send-again$")
"""What can be done again, and is then done anew: another try, another time."""
ENDING = frozenset({"/sign-out", "/devices/end-others"})
"""Forms that sign out whoever sends them."""
ANSWERS = frozenset({200, 303, 400, 404, 409})
READ = frozenset({200, 303, 307, 400, 401, 404, 405, 409, 410, 429})


@dataclass
class SentForm:
    """A form of a page, as a browser would send it."""

    path: str
    fields: dict[str, str] = field(default_factory=dict)


def forms_in(page: str, path: str) -> Iterator[SentForm]:
    """The forms of a page that act, once for each address to which their buttons send them."""
    buttons = re.findall(r'<button[^>]* form="([^"]+)" formaction="([^"]+)"', page)
    for attributes, inside in re.findall(r"<form([^>]*)>(.*?)</form>", page, re.DOTALL):
        if 'method="post"' not in attributes:
            continue
        action, own = (re.search(rf' {one}="([^"]*)"', attributes) for one in ("action", "id"))
        form = SentForm(unescape(action[1]) if action else path)
        elsewhere = [unescape(to) for of, to in buttons if own and of == own[1]]
        for tag in re.findall(r"<(?:input|button|select|textarea)[^>]*>", inside):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            is_off = 'type="radio"' in tag or 'type="checkbox"' in tag
            if name and not (is_off and "checked" not in tag and name[1] in form.fields):
                form.fields[name[1]] = unescape(value[1]) if value else ""
        if action or not elsewhere:
            yield form
        yield from (SentForm(to, dict(form.fields)) for to in elsewhere)


async def sendable(
    opened: Mapping[str, httpx.AsyncClient], there: Populated
) -> AsyncIterator[tuple[str, SentForm]]:
    """Everybody's forms, page by page, but for those that end what the test needs."""
    for who in ("tutor", "grace", "coordinator"):
        for path in PAGES[who]:
            shown = await opened[who].get(path.format(**there.values))
            for form in forms_in(shown.text, str(shown.url.raw_path, "ascii")):
                if form.path not in ENDING:
                    yield who, form


def moneyed(pages: Pages) -> tuple[Pages, Populated]:
    """Pages with one of everything, and with prices."""
    there = populated(pages)
    return WithMoney.of(pages), there


def queries(path: str, odd: str) -> Iterator[dict[str, str]]:
    """Odd values of all names, of all but the kind, and, in a soak, of a filter's by itself."""
    at_once = len(QUERY) if len(odd) < SHORT else 8  # no address is longer than 64 kB
    for first in range(0, len(QUERY), at_once):
        yield dict.fromkeys(QUERY[first : first + at_once], odd)
    yield dict.fromkeys(QUERY, odd[:SHORT]) | {"kind": "unanswered", "show": "past", "tab": "past"}
    if SOAK and odd in WORST and path in FILTERED:
        for name in QUERY:
            yield {"kind": "unanswered", name: odd}


async def test_no_odd_value_in_an_address_breaks_a_page(pages: Pages) -> None:
    pages, there = moneyed(pages)
    broken = []
    async with browsers(pages, there) as opened:
        before = every_row(pages.database)
        for who, paths in PAGES.items():
            browser = opened[who]
            for path in {one.format(**there.values).partition("?")[0] for one in (*paths, *MORE)}:
                for odd in TRIED:
                    for query in queries(path, odd):
                        answer = await browser.get(path, params=query)
                        if answer.status_code not in READ or SCRIPT in answer.text:
                            broken.append((who, path, odd[:20], answer.status_code))
        assert every_row(pages.database) == before

    assert broken == []


async def test_no_odd_value_in_a_path_breaks_a_page(pages: Pages) -> None:
    pages, there = moneyed(pages)
    broken = []
    async with browsers(pages, there) as opened:
        before = every_row(pages.database)
        for who, paths in PAGES.items():
            for path in {one.partition("?")[0] for one in paths if "{" in one}:
                for odd in (one for one in TRIED if one.strip() and "\r" not in one):
                    where = re.sub(r"\{\w+\}", quote(odd, safe=""), path)
                    answer = await opened[who].get(where)
                    if answer.status_code not in READ or SCRIPT in answer.text:
                        broken.append((who, path, odd[:20], answer.status_code))
        assert every_row(pages.database) == before

    assert broken == []


async def test_no_odd_value_in_a_form_breaks_it_and_a_refused_one_writes_nothing(
    pages: Pages,
) -> None:
    pages, there = moneyed(pages)
    broken = []
    async with browsers(pages, there) as opened:
        seen = set[str]()
        async for who, form in sendable(opened, there):
            names = [one for one in form.fields if one not in ("csrf", "form")]
            path = re.sub(r"\d+", "N", form.path.partition("?")[0])
            if (kind := f"{who} {path} {sorted(names)}") in seen:
                continue
            seen.add(kind)
            broken += [
                (who, form.path, *one) async for one in broken_by(pages, opened[who], form, names)
            ]

    assert broken == []


async def broken_by(
    pages: Pages, browser: httpx.AsyncClient, form: SentForm, names: list[str]
) -> AsyncIterator[tuple[str, str, int]]:
    """Odd values of single fields, and of all, that break a form."""
    before = every_row(pages.database)
    for odd in TRIED:
        single = [(name,) for name in names] if SOAK and odd in WORST else []
        for changed in (*single, tuple(names)):
            fields = form.fields | dict.fromkeys(changed, odd) | {"form": f"f{odd[:9]}{changed}"}
            answer = await browser.post(form.path, data=fields)
            told = (",".join(changed)[:40], odd[:20], answer.status_code)
            if answer.status_code not in ANSWERS or SCRIPT in answer.text:
                yield told
            after = every_row(pages.database)
            if answer.status_code >= 400 and after != before:
                yield told
            before = after


async def test_nothing_that_was_typed_is_run_or_becomes_part_of_a_page(pages: Pages) -> None:
    pages, there = moneyed(pages)
    with pages.database.unit_of_work() as session:
        for column in TYPED_COLUMNS:
            wanted = update(column.class_).where(col(column).is_not(None))
            session.exec(wanted.values({column: SCRIPT}))
    wrong = []
    async with browsers(pages, there) as opened:
        for who, paths in PAGES.items():
            for path in paths:
                answer = await opened[who].get(path.format(**there.values))
                if answer.status_code >= 500 or "<script>alert" in answer.text:
                    wrong.append((who, path, answer.status_code))
        session_page = (
            await opened["coordinator"].get(f"/sessions/{there.values['session']}")
        ).text

    assert "&lt;script&gt;alert(1)" in session_page
    assert wrong == []


async def test_a_form_that_is_sent_twice_has_its_effect_once(pages: Pages) -> None:
    pages, there = moneyed(pages)
    repeated, sent = [], set[str]()
    async with browsers(pages, there) as opened:
        async for who, form in sendable(opened, there):
            if form.path in sent:
                continue
            browser = opened[who]
            typed = {name: TYPED.get(name, "") for name, v in form.fields.items() if not v}
            first = await browser.post(form.path, data=form.fields | typed)
            if first.status_code >= 400:
                continue
            sent.add(form.path)
            before = every_row(pages.database)
            again = await browser.post(form.path, data=form.fields | typed)
            if AGAIN.search(form.path):
                continue
            if again.status_code >= 500 or every_row(pages.database) != before:
                repeated.append((who, form.path, again.status_code))

    assert len(sent) > 30
    assert not repeated, "\n".join(map(str, repeated))
