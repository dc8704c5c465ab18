"""Relations to a child."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from domain import relation as relations
from domain.relation import RELATIONS, relation_called, relation_of
from tests.domain.anew import read_anew


def test_every_relation_has_its_own_code_and_every_word_means_one_relation() -> None:
    words = [w for r in RELATIONS for w in (r.code, r.zh, r.identifier, *r.also)]
    assert len(words) == len(set(words))
    assert all(len(r.code) == 2 and r.code.isdigit() and r.en for r in RELATIONS)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("父亲", "51"),
        ("妈妈", "52"),
        ("外婆", "64"),
        ("51", "51"),
        (" 姑妈 ", "90"),
        ("非亲属(委托照护人等)", "99"),
    ],
)
def test_a_relation_is_known_by_its_code_and_by_the_words_of_schools(words: str, code: str) -> None:
    relation = relation_called(words)
    assert relation is not None
    assert relation == relation_of(code)


def test_an_unknown_word_is_no_relation() -> None:
    assert relation_called("邻居") is None


def test_father_and_mother_are_guardians_and_younger_siblings_never_learn() -> None:
    assert [r.code for r in RELATIONS if r.is_father_or_mother] == ["51", "52"]
    assert [r.code for r in RELATIONS if r.counts_as_guardian] == ["51", "52", "57", "58", "59"]
    assert [r.code for r in RELATIONS if not r.may_be_learner] == ["73", "77"]
    assert [r.code for r in RELATIONS if not r.may_be_guardian] == ["99", "73", "77"]


def test_a_relation_says_what_somebody_may_be() -> None:
    called = read_anew(relations).relation_called
    assert [astuple(called(word)) for word in ("爸爸", "姥爷", "妹")] == [
        ("51", "父亲", "father", "father", True, True, ("父", "爸爸", "爸")),
        ("63", "外祖父", "maternal grandfather", "maternal_grandfather",
         True, False, ("外公", "姥爷")),
        ("77", "妹妹", "younger sister", "younger_sister", False, False, ("妹",)),
    ]  # fmt: skip
