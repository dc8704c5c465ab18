"""Codes of records: short, typeable, checked, and of one kind."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access.codes import CodeMalformed
from api.access.record_codes import LEARNER, STAFF, ids_of, is_code, learner_code, staff_code


@given(st.uuids())
def test_a_code_stands_for_the_ids_that_begin_alike(record_id: UUID) -> None:
    first, last = ids_of(learner_code(record_id), LEARNER)

    assert first <= record_id <= last
    assert last.int - first.int == 2**78 - 1
    assert len(learner_code(record_id)) == len("P7QX-2M4F-9K3C")


@given(st.uuids(), st.integers(min_value=1, max_value=11), st.sampled_from("23456789ABCDEFGHJK"))
def test_one_wrong_character_is_noticed(record_id: UUID, place: int, wrong: str) -> None:
    code = learner_code(record_id).replace("-", "")
    typed = code[:place] + wrong + code[place + 1 :]

    assert is_code(typed, LEARNER) is (typed == code)


def test_a_code_is_of_one_kind() -> None:
    record_id = uuid4()
    assert learner_code(record_id)[1:5] == staff_code(record_id)[1:5]
    assert not is_code(learner_code(record_id), STAFF)
    with pytest.raises(CodeMalformed):
        ids_of(staff_code(record_id), LEARNER)
