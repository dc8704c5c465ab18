"""Streams keep the ids that they were first written under: every ledger out there hangs on them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, get_type_hints
from uuid import UUID

import domain
from domain.account import entry_id_of
from domain.aggregate import LedgerAggregate
from domain.certificate import Award, CertificateKind, completion_certificate_id
from domain.dispute import Subject, SubjectKind
from domain.earned import entry_of, line_id
from domain.enrolment import Enrolment, PlaceKey, Places
from domain.identity import timed_id
from domain.push import JointAnswers
from domain.question_bank import question_id
from domain.re_evaluation import Plan
from domain.rehearsal import Totals
from domain.rulebook_edition import RulebookEdition
from domain.supplement import RuleLevel
from domain.training import Trainings, programme_id_of
from tests.domain.test_star_proposal import proposal
from tests.domain.test_teacher import training

SPOKEN: dict[object, Callable[[int], object]] = {
    UUID: lambda n: UUID(int=n),
    str: lambda n: f"部分{n}",
    int: lambda n: 2020 + n,
    date: lambda n: date(2026, 9, n),
    CertificateKind: lambda _: CertificateKind.ANNUAL_COMPLETION,
    Subject: lambda n: Subject(kind=SubjectKind.ENTRY, id=UUID(int=n)),
    Plan: lambda n: Plan(
        rulebook_id="规则",
        level=RuleLevel.CITY,
        from_version="1",
        to_version="2",
        judged_at=datetime(2026, 9, n, tzinfo=UTC),
        dry_run_id=UUID(int=n),
        dry_run_sha256="0" * 64,
        totals=Totals(),
    ),
    tuple[UUID, ...]: lambda n: (UUID(int=n), UUID(int=n + 1)),
    tuple[UUID, UUID]: lambda n: (UUID(int=n), UUID(int=n + 1)),
}

# Never change a line of these: add one for a new kind of stream.
PINNED = {
    "Account": "4111e54b-1587-5112-8a8c-5c753d0ceddf",
    "Appeal": "7cb1b0c5-9529-5c10-9aef-edfe879d139d",
    "Attempt": "de594c1d-4d44-5ee1-ab25-d6fd1d09ca03",
    "Attendance": "00000000-0000-88d6-8721-debb423cf880",
    "AuditSample": "e04e0594-86df-5635-a034-0dcd918b08a8",
    "CalendarYear": "136b55a8-67f9-505c-a247-4e75a69a4fcb",
    "Correction": "5626aded-5dbe-59c1-bf55-155fab46c220",
    "Course": "1d8f3103-1bb3-56e8-b21e-88bbdd2536db",
    "CustodyChange": "746a5fde-a6c8-533a-a030-46540b957715",
    "Erasure": "a846a0d8-42d6-51fb-bd0c-c9fa5ad557f2",
    "DetailsRequests": "a3eb5cab-34a0-5687-a6d9-d055ada169c3",
    "Dispute": "24fbff51-d98d-59c3-bbf8-bb6eeda7eafa",
    "Evaluation": "138bc5e8-44fd-52d1-9161-0be4252b0107",
    "Exam": "8a2b6326-1529-5fc0-812a-149832af5ee7",
    "ExamRecord": "f27596fa-8d7e-529e-9bb9-74a6bf500d84",
    "ExternalHours": "71593a32-124b-50b3-a097-dcc80a142b1d",
    "Hearing": "198e4214-ce93-55c4-9b55-2ee42d9a9a7b",
    "HomeVisit": "00d7ba53-1cbb-5ac5-95a6-d011ee880087",
    "Irregularity": "b6a4334d-038e-5cde-80f7-69a16cc23604",
    "Leave": "00000000-0000-868e-b457-d64454d8ae6d",
    "LikePair": "120f12f7-4d69-519c-ab4c-6ae087e58bec",
    "Links": "3616b0f6-8002-57c9-82fd-d6b77f61e454",
    "Machine": "21653b15-57da-53ea-8989-d5c01ac642ac",
    "MakeUps": "a47762f6-cc5b-5cda-8917-350170b03f2b",
    "MicroClass": "b7d9bc87-eb7e-59f5-86ea-4260b6f470b8",
    "MicroClassCompletion": "d170279e-1f26-548f-9431-3fbd8c6ffb5b",
    "NumberSeries": "728fe00c-92fe-5a1a-ae59-43ef15f6d6cd",
    "PersonalCode": "a16d277a-3e58-50df-a4d5-dc81a1acc21b",
    "PushItem": "0c1ede73-1669-5e64-8d5c-e2089c7c6b78",
    "PushRecord": "b2cc862b-331d-52fc-af80-5f2ccda7691a",
    "QuestionBank": "cb9e5e09-35ff-53e9-b104-4dc6e884baba",
    "ReEvaluation": "ec4f747c-dd8e-5a2e-afb7-ce930ca52f69",
    "RulebookEdition": "1b22c723-936a-55e4-8645-b3ad958e8198",
    "RulebookShelf": "0844f65f-9504-5a3e-8e41-bda25caae5ef",
    "School": "bc92532c-220f-5a4b-ad3d-f617a048993f",
    "SchoolTerm": "942581b3-83ee-5cff-af25-1dfb6744e5db",
    "Service": "00000000-0000-8584-99ad-fd90566d970c",
    "SessionCredit": "00000000-0000-8888-91a3-0d6f50f3a250",
    "Sheet": "00000000-0000-86af-b2d0-790c5210a770",
    "StarProposal": "dcaa4030-14f3-5cfe-90d9-0779d06cae87",
    "TeacherCorrection": "ac00ea11-503d-5e11-b591-3829cb3a643c",
    "TeacherOfStaff": "fa265310-9d71-59c7-a4d3-653b3d9a038b",
    "TermClosing": "cec73186-adef-5c0b-96be-85c97a1fbcef",
    "TermPlan": "962dd82a-09b7-544e-a127-66d716d5d629",
    "Transfer": "12df7a4d-57e1-5cfa-a849-e9650ab3efd7",
    "WaitingScan": "2b526ae1-d0fa-5bac-8cc3-1d62993f28df",
    "YearClosing": "2cc155d6-4adc-5d63-b6e2-ebd57a02cf1b",
    "completion certificate": "b4bbb9bc-1591-5299-8eb3-9c60cc5c6e25",
    "question": "f331d194-dad8-521d-8994-ec54975c9c47",
}


PINNED_PARTS = {
    "credit": "380e90ed-2867-5632-8954-69bc277d0cc2",
    "credit of an account": "ee849988-fde5-5912-bef4-8037d4f24b06",
    "line of pushes": "2e3975a8-88d7-5760-95dc-4b9d60a773d6",
    "answers of several records": "2401269b-9a62-5df8-986b-5f0472129d14",
    "enrolment": "62867a34-cb1b-520d-819c-496de2034696",
    "enrolment again": "62867a34-cb1b-520d-819c-496de2034696",
    "enrolment elsewhere": "388b3236-9fdd-5b1d-80f9-06d419e6338e",
    "training programme": "a00be278-318e-58ff-867b-faaf12838ca9",
    "session of a plan": "01a0901f-d59e-78eb-926b-adf930c81fb6",
    "certificate of a star": "ff22a70a-d4b7-512c-9957-c2318f3573e3",
    "certificate of a star without a level": "158fe292-2e31-585b-9fed-6b718f46606b",
    "statement of hours": "2862b318-94b2-51de-acaf-40d4f1d28f84",
    "statement of hours without a request": "2805b216-a5ee-55b4-9760-ae98720f144f",
    "city's edition": "09c3478c-2a4f-5233-a23f-33f1f8b7c762",
    "objection": "86fcf112-3302-5a9c-be62-f01e247e2879",
    "training of a teacher": "d204300a-a8e4-5feb-a927-3ea25054fc14",
    "annual completion": "25ccef50-74ef-51ba-a2b3-9cbde4baa2ab",
}

STAR, STATEMENT = CertificateKind.STAR_LEVEL, CertificateKind.STATEMENT_OF_HOURS


def award(kind: CertificateKind, **different: Any) -> Award:
    facts: dict[str, Any] = {
        "kind": kind, "learner_id": UUID(int=1), "school_code": "4401040001",
        "district_code": "440104", "stage": "primary", "school_year": 2026, "hours": 800,
        "achieved_on": date(2027, 1, 15),
    }  # fmt: skip
    return Award.model_validate(facts | different)


def makers() -> Iterator[tuple[str, Callable[..., UUID]]]:
    """Every function of the domain that makes an id of its parts."""
    yield "completion certificate", completion_certificate_id
    yield "question", question_id
    for module in pkgutil.iter_modules(domain.__path__):
        for name, kind in vars(importlib.import_module(f"domain.{module.name}")).items():
            is_own = inspect.isclass(kind) and kind.__module__ == f"domain.{module.name}"
            if is_own and issubclass(kind, LedgerAggregate) and "create_id" in vars(kind):
                yield name, kind.create_id


def made(maker: Callable[..., UUID]) -> UUID:
    hints = get_type_hints(maker)
    hints.pop("return")
    values: list[Any] = [SPOKEN[kind](n) for n, kind in enumerate(hints.values(), start=1)]
    return maker(*values)


def test_the_ids_of_streams_never_change() -> None:
    found = {name: str(made(maker)) for name, maker in makers() if name != "LedgerAggregate"}
    assert found == PINNED


def joint_answers_of(*items: UUID) -> JointAnswers:
    at = datetime(2026, 9, 11, tzinfo=UTC)
    return JointAnswers(items[0], "2026-1", dict.fromkeys(items, at))


def test_ids_of_what_is_no_stream_never_change() -> None:
    """Entries, places, objections and certificates are named in facts that are recorded."""
    one, two = UUID(int=1), UUID(int=2)
    place = PlaceKey(two, 2026, "部分")
    elsewhere = Enrolment(
        child_id=two, school_code="别处", stage="primary", grade="三年级", class_group="2班",
        school_year=2026,
    )  # fmt: skip
    moved = Places({elsewhere.key: elsewhere})
    found = {
        "credit": entry_id_of(one, two, 3),
        "credit of an account": entry_of(one, two),
        "line of pushes": line_id(one, 2),
        "answers of several records": joint_answers_of(two, one).id,
        "enrolment": Places().enrolment_id(one, place),
        "enrolment again": moved.enrolment_id(one, elsewhere.key),
        "enrolment elsewhere": moved.enrolment_id(one, place),
        "training programme": programme_id_of("培训", "学院"),
        "session of a plan": timed_id(datetime(2026, 9, 11, 11, tzinfo=UTC), "学校", 7),
        "certificate of a star": award(STAR, level=4).certificate_id,
        "certificate of a star without a level": award(STAR, level=None).certificate_id,
        "statement of hours": award(STATEMENT, request_id=two).certificate_id,
        "statement of hours without a request": award(STATEMENT).certificate_id,
        "city's edition": RulebookEdition.create_id("规则", "1"),
        "objection": proposal().objection_id_of(two),
        "training of a teacher": Trainings().next_id(one, training()),
        "annual completion": award(CertificateKind.ANNUAL_COMPLETION).certificate_id,
    }
    assert {name: str(key) for name, key in found.items()} == PINNED_PARTS
