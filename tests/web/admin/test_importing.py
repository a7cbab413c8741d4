"""Import and export on pages: checked first, then saved; the same workbook back (SPEC 7, 10)."""

import asyncio
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from sqlmodel import col, select

from models import AuditEvent, Match, Person
from models.enums import Action, Channel
from services.imports.page_runs import ImportRun, ImportRuns, Wanted
from services.imports.progress import Progress, Stage
from tests.builders import AGENCY, NOW
from tests.services.imports import files, hostile_workbooks
from tests.services.proofs import every_row
from tests.web.importing import import_ended
from tests.web.visiting import Pages, hidden_in
from web.admin import importing

PATH = "/admin/import"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BAD = "FFF4C7C3"

Upload = tuple[str, bytes, str]


def workbook(folder: Path, **over: Any) -> Upload:
    """One workbook with every table."""
    given: dict[str, Any] = {
        "people": [files.person(), files.parent()],
        "students": [files.student()],
        "sessions": [files.session()],
        "matches": [files.match()],
        "holidays": [files.holiday()],
    }
    sheets = files.tables(**(given | over))
    path = files.write_workbook(folder / "term.xlsx", sheets)
    return ("term.xlsx", path.read_bytes(), XLSX)


async def upload(browser: httpx.AsyncClient, *given: Upload) -> httpx.Response:
    """Send files from the page's form."""
    hidden = hidden_in((await browser.get(PATH)).text)
    return await browser.post(
        PATH, data={"csrf": hidden["csrf"]}, files=[("files", one) for one in given]
    )


async def shown(browser: httpx.AsyncClient, answer: httpx.Response) -> str:
    """The page to which an answer leads, once nothing runs there any more."""
    return await import_ended(browser, answer.headers["Location"])


def names(pages: Pages) -> list[str]:
    with pages.database.reading() as session:
        return list(session.exec(select(Person.name).order_by(col(Person.id))).all())


async def test_files_are_checked_then_imported_and_a_second_time_nothing_is_new(
    pages: Pages, tmp_path: Path
) -> None:
    book = workbook(tmp_path)
    async with pages.browser(pages.there.coordinator) as browser:
        before = every_row(pages.database)
        answer = await upload(browser, book)
        checked = await shown(browser, answer)
        for text in ("All rows are fine. Nothing is saved yet.", ">matches<", ">Import</button>"):
            assert text in checked
        kept = {name: rows for name, rows in before.items() if name != "media_reservation"}
        now = every_row(pages.database)
        assert {name: rows for name, rows in now.items() if name != "media_reservation"} == kept

        csrf = hidden_in(checked)["csrf"]
        done = await browser.post(answer.headers["Location"], data={"csrf": csrf})
        saved = await shown(browser, done)
        again = await shown(browser, await upload(browser, book))

    assert "Imported." in saved
    assert "All of this is here already." in again
    assert ">Import</button>" not in again
    assert names(pages)[-2:] == ["Tan Wei Ming", "Grace Lim"]
    with pages.database.reading() as session:
        assert session.exec(select(Match.ref)).all() == ["m1"]
        events = session.exec(select(AuditEvent).where(AuditEvent.action == Action.IMPORT)).all()
    assert {(one.actor_id, one.channel) for one in events} == {
        (pages.there.coordinator.id, Channel.IMPORT)
    }


async def test_every_bad_cell_is_listed_and_comes_back_coloured_with_its_reason(
    pages: Pages, tmp_path: Path
) -> None:
    book = workbook(
        tmp_path,
        people=[files.person(name="+65 Tan", roles="boss"), files.parent()],
        matches=[files.match(), files.match("m2", weekday="someday", start_time="4pm")],
        holidays=[],
    )
    async with pages.browser(pages.there.coordinator) as browser:
        before = names(pages)
        answer = await upload(browser, book)
        page = await shown(browser, answer)
        marked = await browser.get(answer.headers["Location"] + "/marked")

    assert names(pages) == before
    assert "3 problems need correcting" in page
    assert ">Import</button>" not in page
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page)
    rows = [tuple(cells[at : at + 2]) for at in range(0, len(cells), 3)]
    assert rows == [
        ("term.xlsx, people, row 2", "roles"),
        ("term.xlsx, matches, row 3", "weekday"),
        ("term.xlsx, matches, row 3", "start_time"),
    ]
    back = openpyxl.load_workbook(io.BytesIO(marked.content))
    assert back.sheetnames == ["people", "students", "sessions", "matches", "holidays"]
    coloured = {
        (sheet.title, cell.coordinate)
        for sheet in back
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.start_color.rgb == BAD
    }
    width = len(files.match()) + 3
    assert {one for one in coloured if one[0] == "people"} == {("people", "C2"), ("people", "G2")}
    assert len({one for one in coloured if one[0] == "matches"}) == 3
    assert back["people"]["B2"].value == "+65 Tan"
    assert {cell.data_type for row in back["people"].iter_rows() for cell in row} <= {"s", "n"}
    reasons = back["matches"].cell(3, back["matches"].max_column).value
    assert back["matches"].max_column >= width - 2
    assert "“someday” is none of" in str(reasons)
    assert "“4pm” is not a time of day" in str(reasons)


async def test_what_cannot_be_taken_is_said_beside_the_field(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        for given in (
            [("notes.pdf", b"%PDF", "application/pdf")],
            [("people.csv", b"ref\n", CSV), ("folder/people.csv", b"ref\n", CSV)],
            [("people.csv", b"x" * (32 * 1024 * 1024 + 1), CSV)],
        ):
            answer = await upload(browser, *given)
            assert answer.status_code == 409
            assert 'id="files-error"' in answer.text
        for token in ("0" * 64, "x", "..%2f..%2fetc"):
            assert (await browser.get(f"{PATH}/{token}")).status_code == 404


@pytest.mark.parametrize(
    ("make", "reason"),
    [("bomb", "unpacks to more than"), ("damaged", "is not a workbook that can be read")],
)
async def test_a_hostile_workbook_is_one_line(
    pages: Pages, tmp_path: Path, make: str, reason: str
) -> None:
    path = tmp_path / "term.xlsx"
    if make == "bomb":
        part, content = hostile_workbooks.BOMBS["entities"]
        hostile_workbooks.with_parts(path, {part: content()})
    else:
        path.write_bytes(b"PK\x03\x04 no workbook")
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await upload(browser, ("..\\..\\term.xlsx", path.read_bytes(), XLSX))
        page = await shown(browser, answer)
        marked = await browser.get(answer.headers["Location"] + "/marked")

    assert "one problem needs correcting" in page
    assert ">term.xlsx<" in page
    assert reason in page
    back = openpyxl.load_workbook(io.BytesIO(marked.content))
    assert reason in str(back["term"]["A1"].value)


async def test_everything_is_exported_and_can_be_imported_again(
    pages: Pages, tmp_path: Path
) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        book = await browser.get("/admin/export/xlsx")
        archive = await browser.get("/admin/export/csv")
        empty = await browser.get(f"{PATH}/template")
        again = await shown(browser, await upload(browser, ("all.xlsx", book.content, XLSX)))
        assert (await browser.get("/admin/export")).status_code == 200

    assert "All of this is here already." in again
    assert 'filename="tutorline-2026-11-25.xlsx"' in book.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert "people.csv" in opened.namelist()
        assert b"Priya Nair" in opened.read("people.csv")
    sheets = openpyxl.load_workbook(io.BytesIO(empty.content))
    assert sheets.sheetnames[:2] == ["people", "students"]
    assert [cell.value for cell in sheets["holidays"][1]] == ["date", "name"]


async def test_it_is_for_coordinators(pages: Pages, tmp_path: Path) -> None:
    before = every_row(pages.database)
    for person in (pages.there.tutor, pages.there.grace):
        async with pages.browser(person) as browser:
            token = pages.token(browser)
            for path in (PATH, f"{PATH}/template", f"{PATH}/{'0' * 64}", "/admin/export/xlsx"):
                assert (await browser.get(path)).status_code == 404
            for path in (PATH, f"{PATH}/{'0' * 64}"):
                answer = await browser.post(
                    path, data={"csrf": token}, files=[("files", workbook(tmp_path))]
                )
                assert answer.status_code == 404
    now = every_row(pages.database)
    for table in ("person", "appointment", "match", "media_reservation"):
        assert now[table] == before[table]


async def test_a_long_one_shows_how_far_it_is_and_the_page_asks_again(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "QUICK", 0)
    token, runs = "0" * 64, pages.options.setdefault("imports", ImportRuns())
    running = asyncio.create_task(asyncio.sleep(3600))
    for is_dry, stage in ((True, Stage.CHECKING), (False, Stage.SAVING)):
        progress = Progress(stage, 45_000, 100_000)
        runs.runs[token, is_dry] = ImportRun(progress, is_dry=is_dry, task=running)
        async with pages.browser(pages.there.coordinator) as browser:
            page = await browser.get(f"{PATH}/{token}")
        assert page.headers["Refresh"] == "2"
        assert '<progress max="100000" value="45000"' in page.text
        assert "45,000 of 100,000 rows" in page.text
    running.cancel()


async def test_one_that_fails_says_so(pages: Pages) -> None:
    token, runs = "0" * 64, pages.options.setdefault("imports", ImportRuns())
    what = Wanted(pages.database, AGENCY, NOW)
    run = runs.start(token, b"no archive", what)
    assert run.task is not None
    await run.task
    async with pages.browser(pages.there.coordinator) as browser:
        page = await browser.get(f"{PATH}/{token}")
    assert "Nothing was saved: please try again." in page.text
