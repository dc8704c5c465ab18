"""Every code that a staff page may show has its word, in both languages."""

from __future__ import annotations

from enum import StrEnum

import pytest

from api.language.catalogue import Language, translate
from api.pages.staff_words import KINDS, LOOKS, TABLES, name_of
from domain.account import Account
from domain.aggregate import LedgerEvent
from domain.assessing import Result
from domain.attendance import Attendance
from domain.certificate import Certificate
from domain.envelope import Channel, Role
from domain.evaluation import Evaluation
from domain.exam import Attempt, Exam, ExamRecord
from domain.grades import Stage
from domain.learner import Learner
from domain.relation import RELATIONS
from domain.rules import ReversalReason
from domain.session import Session
from domain.standing import Standing
from domain.star_proposal import StarProposal
from tools.inventory import event_classes


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("standings", Standing),
        ("results", Result),
        ("channels", Channel),
        ("roles", Role),
        ("reasons", ReversalReason),
    ],
)
def test_every_code_has_its_word(table: str, codes: type[StrEnum]) -> None:
    assert set(TABLES[table]) == {code.value for code in codes}


def test_every_word_has_its_english() -> None:
    words = {word for table in TABLES.values() for word in table.values()}

    assert {word for word in words if translate(Language.ENGLISH, word) == word} == set()


def test_every_standing_has_its_look() -> None:
    assert set(LOOKS) == {standing.value for standing in Standing}


def test_carriers_modes_families_stages_and_relations_are_named_in_both_languages() -> None:
    named = [(kind, code.value) for kind, codes in KINDS.items() for code in codes]
    named += [("stage", stage.value) for stage in Stage]
    named += [("relation", relation.code) for relation in RELATIONS]

    for kind, code in named:
        assert name_of(kind, code, Language.CHINESE) != name_of(kind, code, Language.ENGLISH)


def test_a_mode_that_a_rulebook_added_is_shown_by_its_code() -> None:
    assert name_of("mode", "radio_play", Language.ENGLISH) == "radio_play"


def test_the_trail_names_every_topic_it_may_show() -> None:
    kinds = (
        Learner, Session, Attendance, Exam, Attempt, ExamRecord, Account, Evaluation, Certificate,
        StarProposal,
    )  # fmt: skip
    topics = {
        topic
        for kind in kinds
        for each in vars(kind).values()
        if isinstance(each, type) and issubclass(each, LedgerEvent)
        if (topic := getattr(each, "TOPIC", None))
    }

    assert topics <= set(TABLES["topics"]) <= set(event_classes())
