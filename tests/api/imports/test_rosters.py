"""Rosters brought again and again: who is who, with and without the school's own numbers."""

from __future__ import annotations

from uuid import UUID

from api.bootstrap import Runtime
from api.files.template import Kind
from domain.envelope import Channel
from domain.learner import Learner
from tests.api.imports.conftest import Bring
from tests.api.imports.given import GRANDMOTHER, families, sheet

NO_NUMBER = {"校内学号": ""}
MOTHER = {"家长姓名": "（示例）林美玲", "与学生关系": "母亲", "手机号码": "10000000002"}


def outcomes(bring: Bring, *changes: dict[str, str], dry_run: bool = False) -> list[str | None]:
    report = bring(Kind.ROSTER, sheet(Kind.ROSTER, *changes), dry_run=dry_run).report
    return [row.code or row.outcome for row in report.rows]


def children(runtime: Runtime) -> set[UUID]:
    found = runtime.book.ledger.store.select_notifications(1, 10_000)
    learners = runtime.book.ledger.load({each.originator_id for each in found}).values()
    return {c for each in learners if isinstance(each, Learner) for c in each.guardianships}


def test_two_adults_of_one_child_are_two_learners(bring: Bring, runtime: Runtime) -> None:
    assert outcomes(bring, {}, GRANDMOTHER) == ["new", "new"]
    assert len(children(runtime)) == 1


def test_a_row_without_the_number_means_the_child_of_that_name(
    bring: Bring, runtime: Runtime
) -> None:
    assert outcomes(bring, {**GRANDMOTHER, **NO_NUMBER}, {}) == ["new", "new"]
    assert len(children(runtime)) == 1


def test_a_child_that_gets_its_number_later_stays_the_same_child(
    bring: Bring, runtime: Runtime
) -> None:
    outcomes(bring, NO_NUMBER)

    assert outcomes(bring, {}) == ["same"]
    assert outcomes(bring, NO_NUMBER) == ["same"]
    assert len(children(runtime)) == 1


def test_a_row_that_may_mean_either_of_two_namesakes_is_doubtful(bring: Bring) -> None:
    other = {"校内学号": "20239999", "家长姓名": "（示例）陈远山", "手机号码": "10000000003"}
    assert outcomes(bring, {}, other) == ["new", "new"]

    assert outcomes(bring, {**MOTHER, **NO_NUMBER}) == ["child_ambiguous"]


def test_a_moved_child_is_changed_and_nobody_is_removed(bring: Bring, runtime: Runtime) -> None:
    outcomes(bring, {}, GRANDMOTHER)

    assert outcomes(bring, {"年级": "四年级", "班级": "1班"}) == ["changed"]
    assert len(children(runtime)) == 1


def test_a_new_phone_is_a_change_of_the_same_person(bring: Bring) -> None:
    outcomes(bring, {})

    assert outcomes(bring, {"手机号码": "10000000088"}) == ["changed"]
    assert outcomes(bring, {"手机号码": "10000000088"}) == ["same"]


def test_a_parent_of_two_children_is_one_learner(bring: Bring, runtime: Runtime) -> None:
    second = {"学生姓名": "（示例）陈小亮", "校内学号": "20230999", "年级": "四年级", "班级": "1班"}

    assert outcomes(bring, {}, second) == ["new", "changed"]
    assert len(children(runtime)) == 2


def test_a_preview_says_what_the_import_will_say(bring: Bring) -> None:
    rows = families(230)  # more than are recorded at once
    rows.append({**rows[0], "学生姓名": "（示例）陈小亮", "校内学号": "20230999"})

    preview = outcomes(bring, *rows, dry_run=True)

    assert outcomes(bring, *rows) == preview
    assert outcomes(bring, *rows) == ["same"] * 231


def test_what_was_imported_says_so(bring: Bring, runtime: Runtime) -> None:
    before = runtime.book.ledger.position()
    bring(Kind.ROSTER, sheet(Kind.ROSTER))

    found = runtime.book.ledger.store.select_notifications(before + 1, 100)
    events = [runtime.book.ledger.mapper.to_domain_event(each) for each in found]
    channels = {event.envelope.channel for event in events}  # type: ignore[attr-defined]  # the library's event type
    assert channels == {Channel.FILE_IMPORT}
