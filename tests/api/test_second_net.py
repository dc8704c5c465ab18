"""A route whose query forgets its condition: the database leaves out what is not the asker's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from api.asking import InAsking
from api.bootstrap import Runtime
from tests.acting import SCHOOL, SET_UP, envelope
from tests.api.desk import ELSEWHERE, Desk, at_work, two_schools
from tests.clock import TestClock
from tests.projections.test_mesh import VISIT

ROOT = Path(__file__).parents[2]
# Whatever is looked up here is asked for by a number in the hand, or is not simply shown.
WHOLE = {
    "api/certificate_checks.py": ["found"],
    "api/erasing.py": ["school_of"],
    "api/erasure_effects.py": ["effects_of"],
    "api/families.py": ["transfer_of_number"],
    "api/linking.py": ["classes_of"],
    "api/links_waiting.py": ["to_correct"],
    "api/pages/certificate_access.py": ["shared"],
    "api/sheet_codes.py": ["sheet_row_of"],
    "api/v1/changes.py": ["listed"],
    "projections/certificate_register.py": ["_erased_among", "_signed_by"],
    "projections/correction_board.py": ["accusing"],
    "projections/irregularity_board.py": ["of_learners"],
    "projections/status_places.py": ["edition", "taken_back"],
}
SEES_ALL = re.compile(r"everything_in_sight\(\).*\n\s*def (\w+)")


@pytest.fixture
def desk(runtime: Runtime, clock: TestClock) -> Iterator[Desk]:
    """Two schools of one district with a visit each, and routes that forget their condition."""
    with at_work(runtime, clock, two_schools(runtime)) as made:
        with runtime.views.transaction() as tx:
            for school in (SCHOOL, ELSEWHERE):
                tx.execute(VISIT, {"school": school})
        made.app.get("/visits")(visits)
        made.app.post("/visits")(visits)
        made.app.get("/learners")(learners)
        yield made


def visits(asking: InAsking) -> list[str]:
    return asking.runtime.views.cells("SELECT school_code FROM home_visit ORDER BY 1")


def learners(asking: InAsking) -> list[UUID]:
    return asking.runtime.views.cells("SELECT learner_id FROM roster_place")


def seen_by(desk: Desk, asker: str, method: str = "GET") -> list[str]:
    with desk.browser(asker) as browser:
        answer = browser.request(method, "/visits")
    assert answer.status_code == 200
    found: list[str] = answer.json()
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_sees_what_is_theirs(desk: Desk, method: str) -> None:
    assert seen_by(desk, "nobody", method) == []
    assert seen_by(desk, "parent", method) == []
    assert seen_by(desk, "coordinator", method) == [SCHOOL]
    assert seen_by(desk, "coordinator_elsewhere", method) == [ELSEWHERE]
    assert seen_by(desk, "district_officer", method) == [SCHOOL, ELSEWHERE]
    assert seen_by(desk, "district_officer_elsewhere", method) == []
    assert seen_by(desk, "city_administrator", method) == [SCHOOL, ELSEWHERE]


def test_a_parent_sees_their_own_place_and_nobody_the_one_beside_it(desk: Desk) -> None:
    own = desk.pilot.learners[1]
    with desk.browser("parent", own) as phone, desk.browser("nobody") as nobody:
        assert phone.get("/learners").json() == [str(own)]
        assert nobody.get("/learners").json() == []


def test_who_answers_for_a_merged_school_sees_its_papers(desk: Desk) -> None:
    registry = desk.runtime.book.registry
    registry.merge_school(ELSEWHERE, SCHOOL, SET_UP.date(), envelope())
    desk.catch_up(desk.runtime.book.ledger.position())
    assert seen_by(desk, "coordinator") == [SCHOOL, ELSEWHERE]


def test_a_grant_that_has_ended_brings_nothing_into_sight(desk: Desk) -> None:
    desk.authorised_until(SET_UP.date() + timedelta(days=1))
    assert seen_by(desk, "coordinator") == [SCHOOL]
    desk.clock.move(timedelta(days=3))
    assert seen_by(desk, "coordinator") == []


def test_the_net_is_put_aside_in_these_places_and_in_no_other() -> None:
    found: dict[str, list[str]] = {}
    for package in ("api", "projections", "certificates", "ledger"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if path.name != "sight.py" and "everything_in_sight(" in text:
                assert text.count("everything_in_sight(") == len(SEES_ALL.findall(text)), path
                found[path.relative_to(ROOT).as_posix()] = SEES_ALL.findall(text)
    assert found == WHOLE


def test_what_runs_outside_a_request_sees_everything(desk: Desk) -> None:
    assert len(desk.runtime.views.cells("SELECT school_code FROM home_visit")) == 2
