"""Carriers, modes and course families have names in both languages."""

from __future__ import annotations

import pytest

from domain.carriers import Carrier, CourseFamily, LecturerKind, Mode, Named

KINDS: list[type[Named]] = [Carrier, Mode, CourseFamily, LecturerKind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_code_is_found_by_its_code_and_by_both_names(kind: type[Named]) -> None:
    for member in kind:
        assert kind.called(member.value) is member
        assert kind.called(member.zh) is member
        assert kind.called(f" {member.en} ") is member


def test_short_forms_and_quoted_names_are_known() -> None:
    assert Mode.called("微课") is Mode.MICRO_CLASS
    assert Carrier.called("“羊城家校学堂”") is Carrier.YANGCHENG_HOME_SCHOOL_CLASS
    assert CourseFamily.called("心理健康") is CourseFamily.MENTAL_HEALTH
    assert Mode.called("跳舞") is None


def test_the_plan_names_seven_families_and_four_modes_come_first() -> None:
    assert sum(family.is_named_by_the_plan for family in CourseFamily) == 7
    assert [m.value for m in Mode][:4] == ["on_site", "theme_activity", "micro_class", "info_push"]
    assert [m for m in Mode if not m.is_a_session] == [
        Mode.PARENT_LECTURER,
        Mode.COMMITTEE_OR_VOLUNTEER,
        Mode.HOME_VISIT,
        Mode.EXTERNAL_RECOGNISED,
    ]


def test_a_lecturer_not_in_the_list_is_another_kind() -> None:
    assert LecturerKind.of("校长") is LecturerKind.SCHOOL_LEADER
    assert LecturerKind.of("民警") is LecturerKind.OTHER
    assert LecturerKind.of("") is LecturerKind.OTHER
