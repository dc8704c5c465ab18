"""Every code that a staff page may show has its word, in both languages."""

from __future__ import annotations

from enum import StrEnum
from uuid import uuid4

import pytest

from api.language.catalogue import Language, translate
from api.pages.case_words import FITTING, STEPS
from api.pages.effect_words import EFFECTS, said
from api.pages.staff_words import KINDS, LOOKS, TABLES, name_of
from domain.account import Account
from domain.aggregate import LedgerEvent
from domain.appeal import Appeal, Ground, Stands
from domain.assessing import Result
from domain.attendance import Attendance
from domain.certificate import Certificate
from domain.custody import CustodyReason, Restoration
from domain.dispute import AnswerReason, Dispute, DisputeReason, SubjectKind
from domain.effects import Effect
from domain.enrolment import Leaving
from domain.envelope import Channel, Role
from domain.evaluation import Evaluation
from domain.exam import Exam, ExamRecord
from domain.exam_attempt import Attempt
from domain.grades import Stage
from domain.learner import Learner
from domain.merging import Evidence
from domain.relation import RELATIONS
from domain.rules import ReversalReason
from domain.session import Session
from domain.standing import Standing
from domain.star_proposal import StarProposal
from domain.transfer import TransferState
from domain.verdict import Outcome
from domain.waiting_scan import ScanRefusal
from tools.inventory import event_classes

SOME_ID = "01999999-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("standings", Standing),
        ("results", Result),
        ("channels", Channel),
        ("roles", Role),
        ("reasons", ReversalReason),
        ("evidence", Evidence),
        ("custody", CustodyReason),
        ("restorations", Restoration),
        ("leaving", Leaving),
        ("transfers", TransferState),
        ("scan_refusals", ScanRefusal),
    ],
)
def test_every_code_has_its_word(table: str, codes: type[StrEnum]) -> None:
    assert set(TABLES[table]) == {code.value for code in codes}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("what", "subject"),
    [
        ("star_awarded", "primary 2"),
        ("star_proposable", "primary 5"),
        ("star_not_proposable", "primary 5"),
        ("star_not_renewed", "primary 2027"),
        ("star_renewed", "primary 2027"),
        ("claim_withdrawn", SOME_ID),
        ("fraud_confirmed", SOME_ID),
        ("fraud_handed_over", SOME_ID),
        ("fraud_taken_over", SOME_ID),
        ("completion_withdrawn", "junior annual 2026"),
        ("certificate_reviewed", "440104-2027-000001"),
        ("certificate_review_closed", SOME_ID),
        ("child_linked", f"{SOME_ID} 51 True"),
        ("child_unlinked", SOME_ID),
        ("place_taken", f"4401040001 {SOME_ID} 2026 三年级 1"),
        ("place_ended", f"4401040001 {SOME_ID} 2026 三年级"),
        ("place_given_back", f"4401040001 {SOME_ID} 2026 三年级"),
    ],
)
def test_every_effect_of_a_correction_is_said(language: Language, what: str, subject: str) -> None:
    words = said(Effect(learner_id=uuid4(), what=what, subject=subject), language)
    assert words
    assert "{" not in words
    assert language is Language.CHINESE or EFFECTS[what] != words


def test_every_effect_has_a_name_and_a_sentence() -> None:
    assert EFFECTS.keys() == TABLES["effects"].keys()
    known = EFFECTS.values()
    assert {word for word in known if translate(Language.ENGLISH, word) == word} == set()


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
        Dispute, Appeal,
    )  # fmt: skip
    topics = {
        topic
        for kind in kinds
        for each in vars(kind).values()
        if isinstance(each, type) and issubclass(each, LedgerEvent)
        if (topic := getattr(each, "TOPIC", None))
    }

    assert topics <= set(TABLES["topics"]) <= set(event_classes())


def test_every_code_of_a_case_has_its_word_and_every_subject_its_reasons() -> None:
    codes = {
        "dispute_reasons": DisputeReason, "answer_reasons": AnswerReason, "subjects": SubjectKind,
        "grounds": Ground, "outcomes": Outcome,
    }  # fmt: skip
    for table, kind in codes.items():
        assert set(TABLES[table]) == {code.value for code in kind}
    assert set(TABLES["case_stands"]) == {"open", "answered", *(each.value for each in Stands)}
    assert set(FITTING) == {kind.value for kind in SubjectKind}
    assert {code for codes in FITTING.values() for code in codes} == set(DisputeReason)
    topics = {Dispute.Opened.TOPIC, Dispute.Answered.TOPIC, Dispute.CorrectionLinked.TOPIC}
    assert {topic for topic in STEPS if topic.startswith("dispute.")} == topics
