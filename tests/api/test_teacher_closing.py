"""The worker closes the teachers' cycle when the year is over in Guangzhou: then, and once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from api.bootstrap import Runtime
from api.housekeeping import Housekeeping
from api.teacher_closing import Closed, close_cycles
from api.teacher_report import cycle_report, rules_asked, standing_of
from domain.teacher_cycle import CycleStanding
from domain.teacher_service import Service
from ledger.teacher_names import NamedTeacher
from ledger.teachers import NewTeacher, TypedHours
from projections.teacher_cycle import Closing
from projections.teachers import Whom
from tests.acting import SCHOOL, Pilot, envelope
from tests.clock import TestClock

LAST_SECOND = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Guangzhou
NEW_YEAR = LAST_SECOND + timedelta(seconds=1)
DAY = date(2026, 3, 7)


@pytest.fixture
def teachers(runtime: Runtime) -> list[UUID]:
    """One who has all hours, one who has a few, a newcomer, one who left, one who comes later."""
    Pilot(runtime.book).set_up()
    commands = runtime.book.teachers
    since = [date(2015, 9, 1)] * 2 + [date(2026, 9, 1), date(2015, 9, 1), date(2027, 2, 1)]
    ids = [
        commands.register(NewTeacher(NamedTeacher(SCHOOL, f"（示例）李{name}"), day), envelope())
        for name, day in zip("甲乙丙丁戊", since, strict=True)
    ]
    now = envelope(datetime(2026, 11, 20, tzinfo=UTC))
    for number in range(3):
        day = DAY + timedelta(days=number)
        commands.award(ids[0], TypedHours("研修", "示例学院", day, day, 600), now)
    for teacher_id in ids[1:3]:
        commands.award(teacher_id, TypedHours("研修", "示例学院", DAY, DAY, 200), now)
    commands.leave(ids[3], date(2026, 6, 30), now)
    runtime.projector.catch_up()
    return ids


def closings(runtime: Runtime) -> dict[UUID, tuple[int, int, bool]]:
    runtime.projector.catch_up()
    return {
        each.teacher_id: (each.hours, each.required, each.met)
        for each in runtime.models.teacher_cycle.closings(Whom(date(2026, 6, 1)), "2024-2026")
    }


def test_the_cycle_closes_at_midnight_in_the_city_and_once(
    runtime: Runtime, teachers: list[UUID], clock: TestClock
) -> None:
    housekeeping = Housekeeping(runtime)
    clock.move_to(LAST_SECOND)
    housekeeping.once(clock.at)
    before = closings(runtime)
    clock.move_to(NEW_YEAR)
    housekeeping.once(clock.at)
    position = runtime.book.ledger.position()
    housekeeping.once(clock.at)

    after = closings(runtime)
    assert before == {}
    assert runtime.book.ledger.position() == position
    assert [after.get(each) for each in teachers] == [
        (1800, 1800, True),
        (200, 1800, False),
        None,  # the newcomer did not serve in June: closed all the same, see below
        (0, 1500, False),
        None,
    ]


def test_the_closing_says_how_many_and_the_next_cycle_is_open(
    runtime: Runtime, teachers: list[UUID], clock: TestClock
) -> None:
    clock.move_to(NEW_YEAR)
    assert close_cycles(runtime, clock.at) == [Closed("2024-2026", 4)]
    runtime.projector.catch_up()
    assert close_cycles(runtime, clock.at) == []

    ended = cycle_report(runtime, rules_asked(runtime, "2024-2026"), school_code=SCHOOL)
    running = cycle_report(runtime, rules_asked(runtime, None), school_code=SCHOOL)

    assert {each.teacher_id: each.standing for each in ended.teachers} == {
        teachers[0]: CycleStanding.MET,
        teachers[1]: CycleStanding.SHORT,
        teachers[2]: CycleStanding.MET,
    }
    assert (ended.trained, ended.closed) == (3, 3)
    assert running.rules.cycle.code == "2027-2029"
    assert {each.standing for each in running.teachers} == {CycleStanding.ON_TRACK}


def test_a_closed_cycle_says_what_its_closing_said_whatever_is_known_since(
    runtime: Runtime, teachers: list[UUID]
) -> None:
    """A leaving that was recorded late, as older installations took it."""
    rules, key = rules_asked(runtime, "2024-2026"), teachers[0]
    served = [Service(SCHOOL, date(2010, 9, 1), date(2025, 6, 30))]
    closing = Closing(key, "2024-2026", SCHOOL, 1200, 1800, met=False, closed_at=NEW_YEAR)
    days = (date(2027, 1, 2), rules.cycle.ends)
    line = standing_of(rules, key, served, {2024: 1200}, closing, days)
    assert (line.required, line.standing) == (1800, CycleStanding.SHORT)
    line = standing_of(rules, key, served, {2024: 1200}, None, days)
    assert (line.required, line.standing) == (900, CycleStanding.MET)


def test_an_installation_without_rules_has_no_cycle_to_close(runtime: Runtime) -> None:
    assert close_cycles(runtime, NEW_YEAR) == []
