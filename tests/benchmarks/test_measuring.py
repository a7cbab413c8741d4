"""What could be wrong without anybody noticing: medians, ratios, percentiles, turns."""

import pytest

from benchmarks.measuring import Spread, Turns, by_turns, percentile
from benchmarks.results import Result, markdown, merged


def test_a_percentile_is_the_nearest_rank() -> None:
    figures = [float(n) for n in range(100, 0, -1)]
    assert percentile(figures, 50) == 50.0
    assert percentile(figures, 99) == 99.0
    assert percentile(figures, 100) == 100.0
    assert percentile([7.0], 99) == 7.0


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="no figures"):
        percentile([], 50)


def test_a_ratio_is_taken_within_each_round() -> None:
    turns = Turns(floor=[1.0, 10.0, 2.0], subject=[3.0, 50.0, 8.0])
    assert turns.ratio == Spread(median=4.0, low=3.0, high=5.0)


async def test_floor_and_subject_take_turns_and_the_first_round_does_not_count() -> None:
    order: list[str] = []

    async def floor(number: int) -> float:
        order.append(f"floor {number}")
        return 1.0 + number

    async def subject(number: int) -> float:
        order.append(f"subject {number}")
        return 10.0 * (1.0 + number)

    turns = await by_turns(floor, subject, rounds=2)
    assert order == ["floor 0", "subject 0", "floor 1", "subject 1", "floor 2", "subject 2"]
    assert turns == Turns(floor=[2.0, 3.0], subject=[20.0, 30.0])


def test_a_result_is_a_row_of_the_table() -> None:
    result = Result("pages", Spread(12.345, 11.0, 1234.0), "times", "<= 15", "2 ms", 0.25)
    assert markdown([result], "Taken today.").splitlines() == [
        "Taken today.",
        "",
        "| measure | median | spread | goal | of | load |",
        "| --- | --- | --- | --- | --- | --- |",
        "| pages | 12.3 | 11 to 1,234 | <= 15 | 2 ms | 0.2 |",
    ]


def test_a_run_of_some_measures_leaves_the_others_in_the_table() -> None:
    def result(measure: str, figure: float) -> Result:
        return Result(measure, Spread.of([figure]), "times")

    table = markdown([result("pages", 2.0), result("start", 3.0)], "Taken yesterday.")

    found = merged(table, [result("start", 1.0), result("storm", 4.0)], "Taken today.")

    expected = [result("pages", 2.0), result("start", 1.0), result("storm", 4.0)]
    assert found == markdown(expected, "Taken today.")
    assert merged("", expected, "Taken today.") == found
