"""A figure is a median with its spread, beside a yardstick of the same rounds; a table says all."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bench.machine import Machine, longer_ms, look
from bench.measuring import Figure, Goal, NotRun, Question, Sample, interleaved
from bench.report import as_json, table

QUESTION = Question("doors", "doors opened", "doors/s", "doors left open", reach=3)
OURS = [Sample(60, 10.0), Sample(90, 10.0), Sample(80, 10.0)]
BESIDE = [Sample(20, 10.0), Sample(20, 10.0), Sample(10, 10.0)]


@pytest.fixture(scope="module")
def seen(server: str) -> Machine:
    return look(server)


def line_of(seen: Machine, figure: Figure | NotRun) -> str:
    return next(line for line in table(seen, [figure]).splitlines() if figure.what in line)


def test_a_figure_has_its_median_its_lowest_and_its_highest_round(seen: Machine) -> None:
    figure = QUESTION.answer(OURS, BESIDE)

    assert (figure.ours, figure.beside, figure.ratio) == (8.0, 2.0, 4.0)
    assert figure.ratios == [3.0, 4.5, 8.0]
    line = line_of(seen, figure)
    assert "8 (6–9) doors/s" in line
    assert "2 (1–2) doors/s" in line
    assert "4 (3–8) | ≥ 3 ✓ | 3" in line


def test_rounds_take_turns_and_each_begins_with_another_side() -> None:
    order: list[str] = []

    def side(name: str) -> Sample:
        order.append(name)
        return Sample(1, 1.0)

    interleaved(2, lambda _: side("ours"), lambda _: side("stock"))
    assert order == ["ours", "stock", "stock", "ours"]


def test_a_figure_whose_rounds_others_disturbed_is_marked(seen: Machine) -> None:
    quiet = [replace(sample, others=0.02) for sample in OURS]
    busy = [
        replace(sample, others=share)
        for sample, share in zip(BESIDE, (0.5, None, 0.1), strict=True)
    ]

    assert QUESTION.answer(quiet, busy).disturbed == 1
    assert line_of(seen, QUESTION.answer(quiet, busy)).endswith("| 1 of 5 ! |")
    assert line_of(seen, QUESTION.answer(quiet, quiet)).endswith("| – |")
    assert line_of(seen, QUESTION.answer(OURS, BESIDE)).endswith("| ? |")


def test_a_fixed_goal_is_kept_by_the_median_and_tells_its_spread(seen: Machine) -> None:
    figure = Goal("pages", "a page", "ms", 80).answer(9, [60.0, 70.0, 90.0])
    assert figure.met
    assert "70 (60–90) ms" in line_of(seen, figure)
    assert not Goal("pages", "a page", "ms", 65).answer(9, [60.0, 70.0, 90.0]).met


def test_a_row_without_a_figure_says_why(seen: Machine) -> None:
    row = NotRun("large", "proof at 20 M leaves", "make bench-data first")
    assert "| proof at 20 M leaves | not run |  | make bench-data first |" in line_of(seen, row)
    assert as_json(seen, [row])["figures"] == [
        {"benchmark": "large", "what": row.what, "not_run": "make bench-data first"}
    ]


def test_the_json_holds_all_that_another_needs_to_judge(seen: Machine) -> None:
    figure = QUESTION.answer(OURS, BESIDE)
    kept = json.loads(json.dumps(as_json(seen, [figure], {"doors": 61.04})))

    machine = kept["machine"]
    assert machine.keys() >= {"cpu", "cores", "program", "eventsourcing", "psycopg", "uvicorn"}
    assert machine["program"].startswith("0.")
    assert machine["flush_ms"] >= 0
    assert kept["took"] == {"doors": 61.0}
    [row] = kept["figures"]
    assert (row["ours_rounds"], row["beside_rounds"]) == ([6.0, 9.0, 8.0], [2.0, 2.0, 1.0])
    assert (row["ratio_lowest"], row["ratio"], row["ratio_highest"]) == (3.0, 4.0, 8.0)
    assert (row["met"], row["disturbed"], row["others"]) == (True, 0, [None] * 6)


def test_a_flush_that_is_lost_in_the_noise_took_nothing() -> None:
    """On tmpfs and a busy machine, a query that writes nothing took longer than a commit."""
    assert longer_ms([(0.0011, 0.0012), (0.0010, 0.0009), (0.0010, 0.0013)]) == 0
    assert longer_ms([(0.0031, 0.0012), (0.0010, 0.0009), (0.0020, 0.0013)]) == 0.7
