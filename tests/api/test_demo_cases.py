"""The demo's pilot holds one example of every case that a newcomer may look at."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.bootstrap import Runtime
from api.demo.pilot import load_unless_there
from api.demo.staff import DISTRICT, PRIMARY
from domain.correction import State
from domain.dispute import SubjectKind
from projections.cases import CaseFile
from tests.clock import TestClock


@pytest.mark.slow
def test_the_pilot_holds_every_case(runtime: Runtime, clock: TestClock) -> None:
    clock.move_to(datetime.now(UTC))
    load_unless_there(runtime)
    corrections_are_there(runtime)
    cases_are_there(runtime)
    studies_are_there(runtime)
    nothing_is_to_come(runtime)


def corrections_are_there(runtime: Runtime) -> None:
    states = sorted(each.state for each in runtime.models.corrections.of_schools([PRIMARY]))
    assert states == [State.APPLIED, State.WAITING]


def cases_are_there(runtime: Runtime) -> None:
    cases = runtime.models.cases
    waiting, ended = cases.open_of(PRIMARY), cases.ended_of(PRIMARY)
    assert len(waiting) == 2  # a dispute before the class teacher, an appeal before the head
    assert len(ended) == 2
    assert {each.subject_kind for each in waiting} == {SubjectKind.ATTENDANCE}


def studies_are_there(runtime: Runtime) -> None:
    models = runtime.models
    assert len(models.leaves.waiting_at(PRIMARY)) == 1
    [micro_class] = models.studies.micro_classes_of(PRIMARY)
    assert micro_class.completed == 1
    assert len(models.studies.pushes_of(PRIMARY)) == 5
    assert len(models.external_hours.of_school(PRIMARY)) == 2


def nothing_is_to_come(runtime: Runtime) -> None:
    """No fact is of a time after the pilot was loaded."""
