"""An import's report, as the command line prints it."""

import pytest

from locales.import_wording import problem_line, report_lines
from services.imports.importing import Counts, ImportReport
from services.imports.problems import Place, Problem, ProblemCode
from services.imports.sources import Table

PARAMS = {
    "count": 3,
    "limit_mb": 200,
    "known": "tutor, parent",
    "limit": 200,
    "value": "boss",
    "lowest": 1,
    "highest": 1440,
    "first": Place("people.csv", 2),
    "last": 2100,
    "zone": "Europe/London",
    "name": "Grace Lim",
    "table": "people",
    "role": "tutor",
    "status": "checked_in",
    "columns": "starts_at",
    "than": "starts_on",
    "currency": "SGD",
    "most": 14,
    "example": "60.50",
}
ROW = Place("people.csv", 3)


def test_a_problem_is_one_line_with_file_row_column_and_reason() -> None:
    problem = Problem(ROW, ProblemCode.NOT_ONE_OF, "roles", PARAMS)

    assert problem_line(problem) == "people.csv, row 3, roles: “boss” is none of: tutor, parent"


def test_a_ref_that_is_there_twice_says_where_it_was_first() -> None:
    problem = Problem(ROW, ProblemCode.REF_TWICE, "ref", PARAMS | {"value": "t1"})

    assert problem_line(problem) == (
        "people.csv, row 3, ref: “t1” is the ref of another row too: people.csv, row 2"
    )


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_has_words(code: ProblemCode) -> None:
    line = problem_line(Problem(Place("people.csv"), code, None, PARAMS))

    assert line.startswith("people.csv: ")
    assert "{" not in line


def test_a_report_counts_what_was_saved() -> None:
    report = ImportReport({Table.PEOPLE: Counts(2, 1, 40)}, (), is_saved=True)

    assert report_lines(report) == ["people: 2 new, 1 changed, 40 unchanged", "Saved."]


def test_a_dry_run_says_that_nothing_was_saved() -> None:
    report = ImportReport({Table.PEOPLE: Counts(new=2)}, (), is_saved=False)

    assert report_lines(report)[-1] == "A dry run: nothing was saved."


def test_problems_are_listed_and_nothing_is_counted() -> None:
    problem = Problem(ROW, ProblemCode.EMPTY, "name")
    report = ImportReport({Table.PEOPLE: Counts(new=2)}, (problem,), is_saved=False)

    assert report_lines(report) == [
        "people.csv, row 3, name: must not be empty",
        "Nothing was saved: 1 problem to put right.",
    ]
