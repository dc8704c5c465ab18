"""A teacher's ledger: hours once, within their days, taken back whole, and cycles closed once."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest

from domain.envelope import Envelope
from domain.rules import ReversalReason
from domain.staff import LinkedOtherwise, OwnCase
from domain.teacher import Teacher
from domain.teacher_cycle import (
    Cycle,
    CycleIsClosed,
    CycleNotClosed,
    CycleNotOver,
    CycleRules,
)
from domain.teacher_of_staff import TeacherOfStaff
from domain.teacher_service import Service, ServiceDatesCross
from domain.training import (
    DayFull,
    HoursAlreadyReversed,
    HoursDiffer,
    HoursMalformed,
    PeriodCrossesCycles,
    ReversedBefore,
    Source,
    Training,
    TrainingNotOver,
    UnknownHours,
    programme_id_of,
)
from tests.domain.given import LIN, RULES, by, history, news
from tests.domain.refusing import refused

LI, WANG, CASE = (uuid5(NAMESPACE_OID, name) for name in ("李示例", "王示例", "更正示例"))
SCHOOL, OTHER = "4401040001", "4401040003"
CYCLE = Cycle(date(2024, 1, 1), date(2026, 12, 31))
JUDGED = CycleRules(CYCLE, RULES.teacher_programme, RULES.version)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LAST_SECOND = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Guangzhou
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in Guangzhou
ERROR = ReversalReason.ENTRY_ERROR


def at(moment: datetime = NOW, actor: UUID = LIN) -> Envelope:
    return by(actor, moment)


def training(hours: int = 600, **changes: Any) -> Training:
    facts: dict[str, Any] = {
        "programme_id": programme_id_of("家庭教育指导师培训", "示例学院"),
        "begins": date(2026, 3, 7), "ends": date(2026, 3, 7), "hours": hours,
        "source": Source.STAFF_ENTRY,
    }  # fmt: skip
    return Training(**{**facts, **changes})


def other(hours: int = 600, **changes: Any) -> Training:
    return training(hours, programme_id=programme_id_of("沟通", "示例学院"), **changes)


def teacher(*trainings: Training, since: date = date(2010, 9, 1)) -> Teacher:
    made = Teacher(id=LI, school_code=SCHOOL, in_service_from=since, envelope=at())
    for each in trainings:
        made.award(each, JUDGED, at())
    news(made)
    return made


def test_hours_are_awarded_once_with_their_cycle_and_rules() -> None:
    li = teacher()
    award_id = li.award(training(), JUDGED, at())
    [awarded] = news(li)

    assert li.award(training(source=Source.PLATFORM_FILE, row=7), JUDGED, at()) == award_id
    assert news(li) == []
    assert isinstance(awarded, Teacher.HoursAwarded)
    assert (awarded.cycle, awarded.overlaps) == ("2024-2026", ())
    assert awarded.envelope.rulebook_version == RULES.version
    assert li.trainings.hours("2024-2026") == 600
    assert li.trainings.hours("2027-2029") == 0


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (training(700), refused(HoursDiffer, recorded=600)),
        (other(0), refused(HoursMalformed, hours=0)),
        (other(ends=date(2026, 3, 6)), refused(HoursMalformed, hours=600)),
        (other(ends=date(2026, 11, 21)), refused(TrainingNotOver, ends=date(2026, 11, 21))),
        (other(begins=date(2023, 12, 31)), refused(PeriodCrossesCycles, cycle="2024-2026")),
        (
            other(1001, ends=date(2026, 3, 8)),
            refused(DayFull, begins=date(2026, 3, 7), ends=date(2026, 3, 8)),
        ),
    ],
)
def test_what_cannot_be_is_refused(
    asked: Training, refusal: AbstractContextManager[object]
) -> None:
    li = teacher(training())
    with refusal:
        li.award(asked, JUDGED, at())
    assert news(li) == []


def test_a_training_of_the_next_cycle_does_not_begin_in_this_one() -> None:
    late = training(begins=date(2026, 12, 30), ends=date(2027, 1, 2))
    with pytest.raises(PeriodCrossesCycles):
        teacher().award(late, JUDGED, at(datetime(2027, 1, 5, tzinfo=UTC)))


def test_two_trainings_on_one_day_count_within_its_hours_and_are_marked() -> None:
    li = teacher(training(400))
    li.award(other(400), JUDGED, at())
    [marked] = news(li)
    assert isinstance(marked, Teacher.HoursAwarded)
    assert marked.overlaps == tuple(list(li.trainings.standing)[:1])


def test_nobody_awards_or_takes_back_their_own_hours() -> None:
    li = teacher(training())
    li.link_to_staff(WANG, at())
    news(li)
    with pytest.raises(OwnCase):
        li.award(other(100), JUDGED, at(actor=WANG))
    with pytest.raises(OwnCase):
        li.reverse(next(iter(li.trainings.standing)), ERROR, at(actor=WANG))
    li.award(other(100), JUDGED, at(actor=LIN))
    assert len(news(li)) == 1


def test_a_reversal_is_whole_and_happens_once() -> None:
    li = teacher()
    award_id = li.award(training(), JUDGED, at())
    news(li)
    li.reverse(award_id, ERROR, at())
    [taken_back] = news(li)

    assert isinstance(taken_back, Teacher.HoursReversed)
    assert (taken_back.hours, taken_back.cycle) == (-600, "2024-2026")
    assert li.trainings.hours("2024-2026") == 0
    with refused(HoursAlreadyReversed, award_id=award_id):
        li.reverse(award_id, ERROR, at())
    with refused(UnknownHours, award_id=CASE):
        li.reverse(CASE, ERROR, at())


def test_what_was_taken_back_does_not_return_with_the_same_file() -> None:
    row = training(source=Source.PLATFORM_FILE)
    li = teacher()
    first = li.award(row, JUDGED, at())
    li.reverse(first, ERROR, at())
    with pytest.raises(ReversedBefore):
        li.award(row, JUDGED, at())

    right = li.award(training(300, source=Source.PLATFORM_FILE), JUDGED, at())
    li.reverse(right, ERROR, at())
    by_hand = li.award(training(), JUDGED, at())
    assert len({first, right, by_hand}) == 3


def test_hours_follow_a_teacher_to_another_school_and_back() -> None:
    li = teacher(training())
    li.move(OTHER, date(2026, 9, 1), at())
    li.move(OTHER, date(2026, 9, 1), at())
    assert li.services == [
        Service(SCHOOL, date(2010, 9, 1), date(2026, 8, 31)),
        Service(OTHER, date(2026, 9, 1)),
    ]
    assert (li.services.school_code, li.trainings.hours("2024-2026")) == (OTHER, 600)
    assert li.services.school_on(date(2026, 8, 31)) == SCHOOL
    assert li.services.school_on(date(2000, 1, 1)) == OTHER
    li.leave(date(2026, 10, 31), at())
    li.leave(date(2026, 10, 31), at())
    li.move(OTHER, date(2026, 11, 1), at())
    assert len(news(li)) == 3
    assert JUDGED.required(li.services) == 1800


@pytest.mark.parametrize("on", [date(2010, 9, 1), date(2009, 1, 1)])
def test_nobody_moves_before_they_came(on: date) -> None:
    with refused(ServiceDatesCross, begins=date(2010, 9, 1), ends=None):
        teacher().move(OTHER, on, at())


def test_times_in_service_do_not_cross() -> None:
    li = teacher()
    first, last = date(2010, 9, 1), date(2026, 8, 31)
    with refused(ServiceDatesCross, begins=first, ends=None):
        li.move(SCHOOL, date(2026, 9, 1), at())
    with refused(ServiceDatesCross, begins=first, ends=None):
        li.leave(date(2010, 8, 31), at())
    li.leave(last, at())
    with refused(ServiceDatesCross, begins=first, ends=last):
        li.leave(date(2026, 9, 30), at())
    with refused(ServiceDatesCross, begins=first, ends=last):
        li.move(OTHER, last, at())


def test_who_leaves_on_the_first_day_served_that_day() -> None:
    li = teacher()
    li.leave(date(2010, 9, 1), at())
    assert li.services == [Service(SCHOOL, date(2010, 9, 1), date(2010, 9, 1))]


def test_on_the_first_day_at_a_school_a_teacher_is_there() -> None:
    li = teacher()
    li.move(OTHER, date(2026, 9, 1), at())
    assert li.services.school_on(date(2026, 9, 1)) == OTHER


def test_a_teacher_is_one_member_of_staff() -> None:
    li = teacher()
    li.link_to_staff(WANG, at())
    li.link_to_staff(WANG, at())
    assert len(news(li)) == 1
    with pytest.raises(LinkedOtherwise):
        li.link_to_staff(LIN, at())
    named = TeacherOfStaff(staff_id=WANG, teacher_id=LI, envelope=at())
    assert (named.id, named.teacher_id) == (TeacherOfStaff.create_id(WANG), LI)


def test_a_cycle_is_closed_once_and_after_its_last_day() -> None:
    li = teacher(training())
    with refused(CycleNotOver, cycle="2024-2026", closes_on=date(2027, 1, 1)):
        li.close(JUDGED, at(LAST_SECOND))
    li.close(JUDGED, at(NEW_YEAR))
    li.close(JUDGED, at(NEW_YEAR))
    [closed] = news(li)

    assert isinstance(closed, Teacher.CycleClosed)
    assert (closed.hours, closed.required, closed.met) == (600, 1800, False)
    assert closed.school_code == SCHOOL
    assert closed.envelope.rulebook_version == RULES.version


def test_a_newcomer_has_met_a_short_cycle() -> None:
    li = teacher(training(200), since=date(2026, 9, 1))
    li.close(JUDGED, at(NEW_YEAR))
    [closed] = news(li)
    assert isinstance(closed, Teacher.CycleClosed)
    assert (closed.required, closed.met) == (200, True)


def test_whoever_came_after_the_cycle_has_none() -> None:
    li = teacher(since=date(2027, 1, 1))
    li.close(JUDGED, at(NEW_YEAR))
    assert news(li) == []


def test_a_closed_cycle_changes_by_correction_only() -> None:
    li = teacher(training())
    [award_id] = li.trainings.standing
    with refused(CycleNotClosed, cycle="2024-2026"):
        li.award_late(other(100), JUDGED, CASE, at())
    with refused(CycleNotClosed, cycle="2024-2026"):
        li.reverse_late(award_id, ERROR, JUDGED, CASE, at())
    li.close(JUDGED, at(NEW_YEAR))
    news(li)
    with refused(CycleIsClosed, cycle="2024-2026"):
        li.award(other(100), JUDGED, at(NEW_YEAR))
    with refused(CycleIsClosed, cycle="2024-2026"):
        li.reverse(award_id, ERROR, at(NEW_YEAR))
    assert li.award(training(), JUDGED, at(NEW_YEAR)) == award_id

    li.award_late(other(1200, ends=date(2026, 3, 9)), JUDGED, CASE, at(NEW_YEAR))
    li.award_late(other(1200, ends=date(2026, 3, 9)), JUDGED, CASE, at(NEW_YEAR))
    li.reverse_late(award_id, ERROR, JUDGED, CASE, at(NEW_YEAR))
    awarded, reached, taken_back, missed = news(li)

    assert isinstance(awarded, Teacher.HoursAwarded)
    assert isinstance(reached, Teacher.CycleAddendumFiled)
    assert isinstance(taken_back, Teacher.HoursReversed)
    assert isinstance(missed, Teacher.CycleAddendumFiled)
    assert reached.envelope.rulebook_version == RULES.version
    assert (awarded.correction_id, taken_back.correction_id) == (CASE, CASE)
    assert [(each.hours, each.met) for each in (reached, missed)] == [(1800, True), (1200, False)]


def test_a_teacher_is_read_back_from_what_was_stored() -> None:
    li = Teacher(id=LI, school_code=SCHOOL, in_service_from=date(2010, 9, 1), envelope=at())
    li.link_to_staff(WANG, at())
    li.award(training(), JUDGED, at())
    li.close(JUDGED, at(NEW_YEAR))
    li.reverse_late(next(iter(li.trainings.standing)), ERROR, JUDGED, CASE, at(NEW_YEAR))
    li.move(OTHER, date(2027, 2, 1), at(NEW_YEAR))
    copy = history(news(li))

    assert isinstance(copy, Teacher)
    assert copy.services == li.services
    assert copy.trainings.reversed == li.trainings.reversed
    assert copy.closed == {"2024-2026"}
