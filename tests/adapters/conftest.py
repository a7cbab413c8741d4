"""Which tests need a program that is not everywhere."""

import shutil

AIMOCK = "llmock"
"""The command of the npm package `@copilotkit/aimock`; nothing of it is fetched by a test run."""

collect_ignore = [] if shutil.which(AIMOCK) else ["test_openai_on_aimock.py"]


def pytest_report_collectionfinish() -> str | None:
    """Tell what was left out; the server of our own stands in for it in every other test."""
    return (
        f"no {AIMOCK} on the PATH: {', '.join(collect_ignore)} left out" if collect_ignore else None
    )
