"""5,000 check-outs within a minute, by webhook; the Bot API is not the limit."""

from benchmarks import families
from benchmarks.databases import sqlite
from benchmarks.families import TUTOR_ACCOUNT
from benchmarks.measuring import Spread, load_average, percentile
from benchmarks.processes import bot_api, deliver, product
from benchmarks.results import Result

COUNT = 5_000
SECONDS = 60.0
API_SECONDS = 0.03


async def measure(*, quick: bool) -> list[Result]:
    """How long tutors wait; a quick run is a sixth of a storm at the same rate."""
    count = COUNT // 6 if quick else COUNT
    with sqlite() as url:
        await families.fill(url, count, families.TO_CHECK_OUT)
        with bot_api(API_SECONDS) as api, product(url, api.address) as subject:
            done = deliver(
                f"{subject.address}/telegram",
                api.address,
                "/checkout",
                first_user=TUTOR_ACCOUNT,
                count=count,
                per_second=COUNT / SECONDS,
                wait_seconds=1_200.0,
            )
    about = f"{count} check-outs, {COUNT / SECONDS:.0f} a second"
    figures = (
        ("acknowledged (webhook answered) p50", percentile(done.acknowledged, 50), ""),
        ("acknowledged (webhook answered) p99", percentile(done.acknowledged, 99), "<= 1 s"),
        ("first answer p50", percentile(done.answered, 50), "<= 2 s"),
        ("first answer p99", percentile(done.answered, 99), ""),
    )
    return [
        Result(f"storm: {name}", Spread.of([value]), "s", goal, about, load_average())
        for name, value, goal in figures
    ]
