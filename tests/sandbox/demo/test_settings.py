"""The demo agency's settings; one's own penalty sheet is tried in the sandbox, too (SPEC 11)."""

from pathlib import Path

from sandbox.demo.settings import settings_in


def test_the_demo_has_a_penalty_sheet_unless_there_is_one_of_the_readers_own(
    tmp_path: Path,
) -> None:
    assert settings_in(tmp_path)["penalty_sheet"] == str(tmp_path.resolve() / "penalties.csv")
    assert settings_in(tmp_path, "mine.csv")["penalty_sheet"] == "mine.csv"
