"""How long a parent's pages take in the demo, beside the goal and beside a bare answer."""

from __future__ import annotations

import json
import time
from statistics import quantiles

import httpx

from bench.ground import Ground
from bench.measuring import Figure, Goal, Scale
from tools.walking import Pilot

GOAL_MS = 50.0
PAGES = ("/me", "/me/statement", "/me/certificates", "/me/data", "/me/code", "/me/looks")
BARE = "/livez"


def figures(ground: Ground, scale: Scale) -> list[Figure]:
    """Ask a served demo for every page in turn; the time is that of the whole answer."""
    told = json.loads((ground.settings.var / "demo.json").read_text(encoding="utf-8"))
    pilot, rounds = Pilot(ground.settings.public_url, told), scale.pick(20, 100, 300)
    browser = pilot.browser("parent")
    for path in PAGES:
        assert browser.get(path).status_code == 200, path
    took = {path: [milliseconds(browser, path) for _ in range(rounds)] for path in (*PAGES, BARE)}
    pilot.close()
    slowest, bare = max(PAGES, key=lambda path: high(took[path])), high(took[BARE])
    return [
        figure("a parent's home", took["/me"], bare),
        figure(f"the slowest of a parent's {len(PAGES)} pages, {slowest}", took[slowest], bare),
    ]


def milliseconds(browser: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    browser.get(path)
    return (time.perf_counter() - began) * 1000


def high(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def figure(name: str, times: list[float], bare: float) -> Figure:
    what = f"95th percentile of {name} in the demo, one reader"
    facts = {"median_ms": quantiles(times, n=2)[0], "bare_answer_p95_ms": bare}
    return Goal("pages", what, "ms", GOAL_MS).answer(len(times), [high(times)], facts)
