"""A passbook recomputes from nothing but its file, and whatever is touched in it is noticed."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.passbook.checking import derived
from api.passbook.file import Passbook
from domain.rulebook import fingerprint
from ledger.recomputing.figures import Because, Verdict, What
from tests.api.passbooks.touching import Change, Touched

NUMBERS = "0123456789"
ALONE = "00000000-0000-4000-8000-000000000001"


def says(*path: str, to: object) -> Change:
    """Set a value deep inside."""

    def change(state: dict[str, Any]) -> None:
        for name in path[:-1]:
            state = state[name]
        state[path[-1]] = to

    return change


def test_every_figure_of_a_year_comes_out_the_same(book: Passbook) -> None:
    figures = derived(book)

    assert {figure.verdict for figure in figures} == {Verdict.SAME}
    of = {what: [f for f in figures if f.what is what] for what in What}
    assert len(of[What.ATTENDANCE]) == 5
    assert len(of[What.LINE]) == 4  # the fifth was voided
    assert [figure.recorded for figure in of[What.COMPLETION]] == [800]
    assert len(of[What.EXAM]) == 1
    assert of[What.STAR]
    assert {("balance", "8.00"), ("2026 primary", "8.00"), ("primary annual 2026", "8.00")} <= {
        (figure.of, figure.derived) for figure in of[What.HOURS]
    }


def test_it_holds_the_rules_and_no_fact_twice(book: Passbook) -> None:
    assert [rules.version for rules in book.rulebooks] == ["2026.1"]
    assert len({fact.position for fact in book.facts}) == len(book.facts)
    assert book.position >= max(fact.position for fact in book.facts)


EDITS = {
    "minutes of an assessment": ("attendance.assessed", says("minutes", to=79), "attendance"),
    "result of an assessment": ("attendance.assessed", says("result", to="half"), "attendance"),
    "arrival": (
        "attendance.checked_in",
        says("envelope", "occurred_at", to="2026-10-23T11:50:00Z"),
        "line",
    ),
    "departure": (
        "attendance.checked_out",
        says("envelope", "occurred_at", to="2026-10-23T11:10:00Z"),
        "line",
    ),
    "end of a session": (
        "session.closed",
        says("envelope", "occurred_at", to="2026-10-23T11:20:00Z"),
        "line",
    ),
    "class hours of a session": ("session.scheduled", says("plan", "class_hours", to=100), "line"),
    "hours of a line": ("account.credit_awarded", says("credit", "hours", to=300), "line"),
    "ground of a line": ("account.credit_awarded", says("credit", "minutes", to=10), "line"),
    "rules of a line": (
        "account.credit_awarded",
        says("credit", "rulebook_version", to="2025.1"),
        "line",
    ),
    "mark of an exam": ("exam.published", says("pass_mark", to=90), "exam"),
    "lower mark": ("exam.published", says("pass_mark", to=10), "exam"),
    "score": ("attempt.paper_result_checked", says("passed", to=False), "exam"),
    "exam that counts": ("exam_record.result_counted", says("passed", to=False), "exam"),
    "hours of a completion": ("evaluation.completion_reached", says("hours", to=900), "completion"),
    "condition of a completion": (
        "evaluation.completion_reached",
        lambda state: state["conditions"][0].update(threshold=700),
        "completion",
    ),
    "star": ("evaluation.star_awarded", says("level", to=4), "star"),
    "place": ("learner.enrolled", says("enrolment", "school_year", to=2025), "completion"),
    "rules": (
        "rulebook.published",
        says("rules", "completion", "annual", "exams_passed", to=0),
        "rules",
    ),
}  # fmt: skip


@pytest.mark.parametrize("edited", EDITS)
def test_an_edited_fact_is_noticed(touched: Touched, edited: str) -> None:
    topic, change, kind = EDITS[edited]

    touched.change(topic, change)

    assert touched.verdict in {Verdict.DIFFERS, Verdict.UNDERIVED}
    assert kind in touched.wrong()


def test_other_rules_under_their_own_hash_give_other_figures(touched: Touched) -> None:
    """Who makes the hash fit as well is still found out by what the rules say."""

    def softer(state: dict[str, Any]) -> None:
        state["rules"]["modes"]["on_site"]["rate_per_class_hour"] = 200
        state["sha256"] = fingerprint(state["rules"])

    touched.change("rulebook.drafted", softer).change("rulebook.published", softer)
    touched.data["rulebooks"][0]["sha256"] = json.loads(
        next(fact["state"] for fact in touched.facts if fact["topic"] == "rulebook.published")
    )["sha256"]

    assert touched.verdict is Verdict.DIFFERS
    assert "line" in touched.wrong()
    assert "rules" not in touched.wrong()


def test_a_session_that_one_person_attested_alone_is_noticed(touched: Touched) -> None:
    for number in (-1, -2):
        alone = says("envelope", "actor", "id", to=ALONE)
        touched.change("session.attested", alone, number)

    assert touched.wrong() == {"session"}
    assert Because.ATTESTED_ALONE in {figure.because for figure in touched.figures}


@pytest.mark.parametrize(
    "topic", ["session.opened", "account.opened", "attendance.checked_in", "learner.registered"]
)
def test_an_event_that_was_left_out_leaves_a_gap(touched: Touched, topic: str) -> None:
    touched.leave_out(topic)

    assert touched.verdict is Verdict.DIFFERS
    assert Because.GAP in {figure.because for figure in touched.figures}


def test_a_reversal_that_was_left_out_is_missed(touched: Touched) -> None:
    """It is the last event of its stream or followed by others: both ways it shows."""
    touched.leave_out("account.credit_reversed")

    assert touched.verdict is Verdict.DIFFERS


@pytest.mark.parametrize("topic", ["attendance.checked_in", "session.scheduled", "exam.published"])
def test_what_a_figure_rests_on_and_is_not_there_is_said(touched: Touched, topic: str) -> None:
    touched.leave_out_stream(topic)

    assert Because.SOURCE_MISSING in {figure.because for figure in touched.figures}
    assert touched.verdict is not Verdict.SAME


def test_without_the_rules_nothing_is_derived(touched: Touched) -> None:
    touched.leave_out_stream("rulebook.drafted")

    assert Because.RULES_MISSING in {figure.because for figure in touched.figures}


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["summary"].update(hours=1000),
        lambda data: data["summary"]["years"][0].update(face_to_face=0),
        lambda data: data["summary"]["completions"].clear(),
        lambda data: data["summary"]["stars"].append({"stage": "primary", "level": 5}),
        lambda data: data["rulebooks"][0].update(sha256="0" * 64),
        lambda data: data["facts"].append(dict(data["facts"][0])),
        lambda data: data.update(position=data["position"] - 1000),
    ],
)
def test_what_is_said_beside_the_facts_is_compared(touched: Touched, change: Change) -> None:
    change(touched.data)

    assert touched.verdict is Verdict.DIFFERS


@pytest.mark.parametrize(
    ("topic", "path", "number"),
    [
        ("account.credit_awarded", ("credit", "hours"), 2**64),
        ("session.scheduled", ("plan", "class_hours"), -(10**30)),
        ("session.closed", ("envelope", "nobody_knows"), 1),
    ],
)
def test_an_event_that_cannot_be_read_is_named_by_its_topic_and_stream(
    touched: Touched, topic: str, path: tuple[str, ...], number: int
) -> None:
    touched.change(topic, says(*path, to=number))

    stream = [fact["stream"] for fact in touched.facts if fact["topic"] == topic][-1]
    assert [(each.of, each.because) for each in touched.figures] == [
        (f"{topic} {stream}", Because.CONTRADICTS)
    ]


def test_a_name_in_a_file_imports_nothing(touched: Touched) -> None:
    """The library resolves a topic by importing what it names."""
    touched.facts[0]["topic"] = "this:zen"
    touched.change("account.opened", says("originator_topic", to="this"))

    assert touched.verdict is Verdict.DIFFERS
    assert len(touched.figures) == 2
    assert "this" not in sys.modules


@settings(max_examples=40)
@given(data=st.data())
def test_a_file_with_any_digit_changed_is_checked_to_the_end(year: bytes, data: Any) -> None:
    touched = Touched(year)
    fact = data.draw(st.sampled_from(touched.facts))
    places = [at for at, sign in enumerate(fact["state"]) if sign in NUMBERS]
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([each for each in NUMBERS if each != fact["state"][at]]))
    fact["state"] = f"{fact['state'][:at]}{digit}{fact['state'][at + 1 :]}"

    assert touched.verdict in set(Verdict)  # no fault of the program, whatever is said
