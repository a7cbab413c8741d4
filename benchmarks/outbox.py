"""Outbox: CPU for a message to somebody else, over a bare send."""

import time
from datetime import UTC, datetime
from itertools import count

from benchmarks import families, updates
from benchmarks.bare_bot import bare_bot
from benchmarks.databases import sqlite, work_folder
from benchmarks.families import TUTOR_ACCOUNT
from benchmarks.measuring import ROUNDS, Spread, by_turns, load_average
from benchmarks.product import composed
from benchmarks.results import Result
from benchmarks.sql import Filling

ONLY_SENDS = "DELETE FROM outbox_message WHERE sent_at IS NULL AND kind LIKE '%refresh'"
"""Statement that removes edits of older cards: only sent messages are measured."""


async def measure(*, quick: bool) -> list[Result]:
    """Send the parents' cards that check-outs have left in the outbox, one round at a time."""
    a_round = 20 if quick else 200
    numbers = count(1)
    with sqlite() as url, work_folder() as folder:
        await families.fill(url, a_round * (ROUNDS + 1), families.TO_CHECK_OUT)
        filling = Filling(url, datetime.now(UTC))
        async with composed(url, folder) as product, bare_bot(folder) as bare:

            async def subject(number: int) -> float:
                await product.take_in(
                    [
                        updates.message(next(numbers), TUTOR_ACCOUNT + family, "/checkout")
                        for family in range(number * a_round, (number + 1) * a_round)
                    ]
                )
                await product.handled()
                await filling.run([ONLY_SENDS])
                before = product.stub.sent
                began = time.process_time()
                await product.send()
                used = time.process_time() - began
                sent = product.stub.sent - before
                if sent != a_round:
                    raise RuntimeError(f"only {sent} of {a_round} messages were sent")
                return used / sent

            async def floor(_round: int) -> float:
                bot = bare.application.bot
                began = time.process_time()
                for number in range(a_round):
                    await bot.send_message(number + 1, "A session awaits your answer.")
                return (time.process_time() - began) / a_round

            turns = await by_turns(floor, subject)
    ours, bare_send = Spread.of(turns.subject), Spread.of(turns.floor)
    return [
        Result(
            "outbox: CPU a message over a bare send",
            turns.ratio,
            "times",
            "<= 3",
            f"{ours.median * 1000:.2f} ms over {bare_send.median * 1000:.3f} ms",
            load_average(),
        )
    ]
