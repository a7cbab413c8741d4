"""Metrics in Prometheus' text form (SPEC 11)."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from services.meters import BOUNDS, Meters
from services.queries.backlog import Backlog

if TYPE_CHECKING:
    from prometheus_client import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(waiting: Backlog, meters: Meters, now: datetime) -> bytes:
    """Every metric, as a scrape gets it."""
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 - 0.1 s
    from prometheus_client.registry import Collector  # noqa: PLC0415

    class Everything(Collector):
        def collect(self) -> "Iterator[Metric]":
            yield from _gauges(waiting, now)
            yield from _counts(meters)

    registry = CollectorRegistry()
    registry.register(Everything())
    return generate_latest(registry)


def _gauges(waiting: Backlog, now: datetime) -> "Iterator[Metric]":
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

    for name, text, value in (
        ("updates_waiting", "Updates that are not handled yet", waiting.updates_waiting),
        ("updates_oldest_seconds", "Age of the oldest one", _age(waiting.oldest_update, now)),
        ("messages_due", "Messages that are due and not sent yet", waiting.messages_due),
        ("messages_oldest_seconds", "Age of the oldest one", _age(waiting.oldest_message, now)),
        ("files_unstored", "Files of notes that are not stored yet", waiting.files_unstored),
        ("summaries_pending", "Summaries that are not made yet", waiting.summaries_pending),
        ("people_unreachable", "People who blocked the bot", waiting.people_unreachable),
    ):
        yield GaugeMetricFamily(f"tutorline_{name}", text, value)


def _counts(meters: Meters) -> "Iterator[Metric]":
    from prometheus_client.core import (  # noqa: PLC0415
        CounterMetricFamily,
        GaugeMetricFamily,
        HistogramMetricFamily,
    )

    calls = CounterMetricFamily(
        "tutorline_telegram_calls", "Calls of the Bot API", labels=["method", "status"]
    )
    for labels, count in meters.telegram_calls.items():
        calls.add_metric(labels, count)
    yield calls
    yield CounterMetricFamily(
        "tutorline_update_failures", "Tries of updates that failed", meters.failed_tries
    )
    if (silent := meters.silent_seconds) is not None:
        text = "Seconds since Telegram's last answer"
        yield GaugeMetricFamily("tutorline_telegram_silent_seconds", text, silent)
    total, buckets = 0, []
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), meters.updates.counts, strict=True):
        total += count
        buckets.append((bound, total))
    durations = HistogramMetricFamily(
        "tutorline_update_seconds", "From an update's arrival until it is done"
    )
    durations.add_metric([], buckets, meters.updates.seconds)
    yield durations


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
