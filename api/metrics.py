"""Figures for those who watch the program, in Prometheus's text format: no ids, nobody's data.

A process tells its own requests; what the database says is the same from each.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import cache, partial
from typing import Final

import psycopg
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bootstrap import Runtime
from api.followers import standings
from api.log_answers import log_told

SECONDS: Final = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12)
EVENTS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
AWAY: Final = (psycopg.OperationalError, psycopg.InterfaceError)
NO_ROUTE: Final = "none"
BUG: Final = 500
BEGUN: Final = "begun"  # in a scope: when a request that came by the short way did
SECONDS_FOR_THE_DATABASE: Final = 2.0  # less than a scraper waits


class Metrics:
    """What this process has seen since it began."""

    def __init__(self, runtime: Runtime) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "parent_credits_request_seconds", "Until the answer began.",
            ["method", "route", "status"], buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self.refusals = Counter(
            "parent_credits_refusals", "What was refused, by its code.", ["code"],
            registry=self.registry,
        )  # fmt: skip
        self.batches = Histogram(
            "parent_credits_intake_batch", "Check-ins that were written together.",
            buckets=EVENTS, registry=self.registry,
        )  # fmt: skip
        self.waiting = Gauge(
            "parent_credits_intake_waiting", "Check-ins that wait to be written.",
            registry=self.registry,
        )  # fmt: skip
        self.registry.register(Figures(runtime))

        self._seen = cache(partial(seen, self.requests))

    def text(self) -> bytes:
        return generate_latest(self.registry)

    def answered(self, scope: Scope, status: int, begun: float) -> None:
        """A request that began at `begun` of `time.perf_counter` has its answer."""
        labels = NO_ROUTE, NO_ROUTE  # what nobody answers may be called anything
        if route := scope.get("route_path"):
            labels = scope["method"], route
        self._seen(*labels, status // 100).observe(time.perf_counter() - begun)


class Figures(Collector):
    """What the database says at the moment it is asked."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def collect(self) -> Iterable[GaugeMetricFamily]:
        is_there = one("parent_credits_database_up", "Whether the database answers.", 1)
        try:
            self._runtime.views.ask(SECONDS_FOR_THE_DATABASE)
            yield from [*self._projections(), *self._log(), is_there]
        except AWAY:
            yield one("parent_credits_database_up", "Whether the database answers.", 0)

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing is asked when the process begins."""
        return []

    def _projections(self) -> list[GaugeMetricFamily]:
        position, lag, age, stopped = (
            GaugeMetricFamily(f"parent_credits_projection_{name}", said, labels=["projection"])
            for name, said in (
                ("position", "Position in the feed that was applied."),
                ("lag_events", "How far behind the newest event."),
                ("checkpoint_age_seconds", "Since anybody looked: a dead one has no lag."),
                ("stopped", "1 where it met what it cannot apply."),
            )
        )
        for each in standings(self._runtime):
            position.add_metric([each.name], each.position)
            lag.add_metric([each.name], each.lag_events)
            age.add_metric([each.name], each.checkpoint_age_seconds)
            stopped.add_metric([each.name], each.stopped_reason is not None)
        newest = self._runtime.projector.feed.head()
        feed = one("parent_credits_feed_position", "Position of the newest event.", newest)
        return [feed, position, lag, age, stopped]

    def _log(self) -> list[GaugeMetricFamily]:
        log = log_told(self._runtime)
        if log is None:
            return []
        return [
            one("parent_credits_log_size", "Events in the transparency log.", log["size"]),
            one("parent_credits_log_overdue", "Events that wait for it over a minute.",
                log["overdue"]),
        ]  # fmt: skip


class Measured:
    """Tells how long each request waited for its answer, by the template of its route."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, answered = scope.get(BEGUN) or time.perf_counter(), False

        async def send_measured(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                self._metrics.answered(scope, message["status"], begun)
            await send(message)

        try:
            await self._app(scope, receive, send_measured)
        except Exception:
            if not answered:  # the answer to a bug is made further out
                self._metrics.answered(scope, BUG, begun)
            raise


def seen(requests: Histogram, method: str, route: str, hundreds: int) -> Histogram:
    """What was seen of a route and a kind of answers: found once, then at hand."""
    return requests.labels(method, route, f"{hundreds}xx")


def one(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=value)
