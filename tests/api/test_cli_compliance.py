"""The duty of a term on the command line: shown, listed, checked, closed by whoever may."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from api.bootstrap import Runtime
from api.closing import force_term
from api.staffing import Newcomer, open_staff
from domain.calendar import Term
from domain.closing import TermNotOver
from domain.envelope import Role
from tests import held
from tests.acting import DISTRICT, SCHOOL, SET_UP, STARTS, Pilot, envelope
from tests.api.test_cli import Command
from tests.clock import TestClock
from tests.database import TestDatabase

FIRST = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
FAR_AWAY = Term(school_year=2090, term_no=1, begins=date(2090, 9, 1), ends=date(2091, 2, 1))
CLOSED_AT = datetime(2027, 4, 1, tzinfo=UTC)


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    return Command(database, runtime.settings.var)


@pytest.fixture
def pilot(runtime: Runtime) -> Pilot:
    made = Pilot(runtime.book).set_up()
    held.hold(made, "亲子共读", 300, made.learners)
    return made


@pytest.fixture
def closed(runtime: Runtime, pilot: Pilot, clock: TestClock) -> Pilot:
    runtime.projector.catch_up()
    clock.move_to(CLOSED_AT)
    force_term(runtime, SCHOOL, FIRST, envelope(CLOSED_AT, Role.DISTRICT_OFFICER))
    return pilot


@pytest.mark.usefixtures("pilot")
def test_a_schools_term_is_shown_with_every_session(command: Command) -> None:
    shown = command("compliance", "school", SCHOOL, "2026-1", "--json")

    body = json.loads(shown.output)
    assert body["counted"] == {"activities": 1, "class_hours": 300}
    assert body["by_grade"] == {"三年级": {"activities": 1, "class_hours": 300}}
    assert {each["title"]: each["verdict"] for each in body["sessions"]}["亲子共读"] == "counts"
    assert "3/8" in command("compliance", "school", SCHOOL, "2026-1").output


@pytest.mark.usefixtures("pilot")
def test_a_district_is_shown_by_school_code(command: Command) -> None:
    listed = command("compliance", "district", DISTRICT, "2026-1", "--json").output

    assert [row["school_code"] for row in json.loads(listed)] == [SCHOOL]
    assert SCHOOL in command("compliance", "district", DISTRICT, "2026-1").output
    covered = json.loads(command("compliance", "coverage", DISTRICT, "2026", "--json").output)
    assert (covered["enrolled"], covered["schools"][0]["parent_school"]) == (None, True)
    assert SCHOOL in command("compliance", "coverage", DISTRICT, "2026").output


@pytest.mark.usefixtures("closed")
def test_a_closed_term_is_listed_and_checked(command: Command, runtime: Runtime) -> None:
    closing = runtime.book.closings.closing(SCHOOL, "2026-1")
    assert closing is not None
    filed = command("compliance", "listing", SCHOOL, "2026-1", "--number", "0").output
    checked = command("compliance", "check", SCHOOL, "2026-1", "--json")

    assert hashlib.sha256(filed.encode()).hexdigest() == closing.sha256
    assert filed == command("compliance", "listing", SCHOOL, "2026-1").output
    assert (checked.exit_code, json.loads(checked.output)["same"]) == (0, True)


def test_books_that_do_not_add_up_are_found(command: Command, closed: Pilot) -> None:
    held.hold(closed, "没有补充的", 200, (), STARTS + timedelta(days=14))

    checked = command("compliance", "check", SCHOOL, "2026-1")

    assert checked.exit_code == 1
    assert checked.output.startswith("≠")


@pytest.mark.usefixtures("pilot")
def test_closing_is_for_those_who_may_and_after_the_term(
    command: Command, runtime: Runtime
) -> None:
    runtime.book.registry.open_term(FAR_AWAY, envelope(SET_UP))
    who = Newcomer("desk", "示例老师", (Role.COORDINATOR,), SCHOOL, date(2099, 8, 31))
    open_staff(runtime, who, "a-long-password-2026", envelope())

    with pytest.raises(TermNotOver):
        command("compliance", "close", SCHOOL, "2090-1", "--as", "desk")
