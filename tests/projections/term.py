"""A term of the pilot school, played through the book: every kind of fact at least once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.account import Account, entry_id_of
from domain.attendance import Attendance
from domain.certificate import Award, CertificateKind
from domain.certificate_issue import Issue
from domain.completing import Condition
from domain.crediting import CreditClaim
from domain.envelope import Actor, Channel, Envelope, Role
from domain.evaluation import CompletionKind, Evaluation
from domain.learner import Learner
from domain.rules import ReversalReason
from ledger.certificate_numbers import Draw
from ledger.check_in import CheckIn
from ledger.exams import PaperResult
from ledger.plans import Filing
from ledger.rulebooks import default_rulebook
from tests.acting import DISTRICT, ENDS, SCHOOL, STARTS, Pilot, envelope, planned
from tests.projections.teaching import teach

HOST, COORDINATOR, HEAD, OFFICER = uuid4(), uuid4(), uuid4(), uuid4()
EXAM_DAY = date(2026, 12, 18)
LATER = STARTS + timedelta(days=120)


@dataclass
class Term:
    """The pilot, and the ids of what happened there."""

    pilot: Pilot
    exam_id: UUID = field(default_factory=uuid4)
    certificates: list[UUID] = field(default_factory=list)
    cancelled_id: UUID = field(default_factory=uuid4)
    teachers: list[UUID] = field(default_factory=list)

    def play(self) -> Term:
        self.staff()
        self.evening(self.pilot.session_id, STARTS, self.pilot.learners)
        self.others()
        self.exam()
        self.issue()
        self.teachers = teach(self.pilot.book)
        return self

    def staff(self) -> None:
        registry, by = self.pilot.book.registry, envelope()
        ends = date(2027, 8, 31)
        registry.register_staff(HOST, by, learner_id=self.pilot.learners[0])
        for person in (COORDINATOR, HEAD):
            registry.register_staff(person, envelope())
        for person, role in (
            (HOST, Role.HOST), (COORDINATOR, Role.COORDINATOR), (HEAD, Role.HEAD),
            (HEAD, Role.HOST),
        ):  # fmt: skip
            registry.authorise(person, role, SCHOOL, date(2026, 8, 1), ends, envelope())
        registry.end_authority(HEAD, Role.HOST, SCHOOL, date(2026, 8, 20), "left", envelope())

    def evening(self, session_id: UUID, starts: datetime, learners: list[UUID]) -> None:
        """Everybody comes; the last one leaves without check-out and is pending."""
        book, ends = self.pilot.book, starts + (ENDS - STARTS)
        book.sessions.open(session_id, self.host(starts - timedelta(minutes=20)))
        for learner in learners:
            self.check_in(session_id, learner, starts)
        for learner in learners[:-1]:
            leave = envelope(ends, Role.PARENT, learner)
            book.attendances.check_out(session_id, learner, uuid4(), leave, by_staff=False)
        book.sessions.close(session_id, self.host(ends))
        book.sessions.count_heads(session_id, len(learners), None, self.host(ends))
        book.sessions.attest(session_id, Role.HOST, envelope(ends, Role.HOST, OFFICER))
        book.sessions.attest(
            session_id, Role.COORDINATOR, envelope(ends, Role.COORDINATOR, COORDINATOR)
        )
        book.awards.run(session_id, ends, uuid4())

    def check_in(self, session_id: UUID, learner: UUID, at: datetime) -> None:
        self.pilot.book.attendances.check_in(
            CheckIn(
                session_id=session_id,
                learner_id=learner,
                scan_id=uuid4(),
                channel=Channel.ROTATING_QR,
                actor=Actor(id=learner, role=Role.PARENT, organisation=SCHOOL),
                at=at,
                now=at - timedelta(seconds=3),
            )
        )

    def others(self) -> None:
        """One session called off, one moved, and one for another grade."""
        rows = [
            planned(row=3, title="亲子沟通", begins_at=STARTS + timedelta(days=14),
                    ends_at=ENDS + timedelta(days=14), family="family_relations"),
            planned(row=4, title="护眼", begins_at=STARTS + timedelta(days=21),
                    ends_at=ENDS + timedelta(days=21)),
            planned(row=5, title="升学", grades=("六年级",), begins_at=STARTS + timedelta(days=28),
                    ends_at=ENDS + timedelta(days=28)),
        ]  # fmt: skip
        filing, book = Filing(SCHOOL, 2026, 1), self.pilot.book
        results = book.plans.file(filing, [planned(), *rows], envelope(), dry_run=False)
        called_off = results[1].id
        assert called_off is not None
        self.cancelled_id = called_off
        book.sessions.cancel(called_off, "typhoon", self.host(STARTS + timedelta(days=13)))
        moved = planned(row=4, title="护眼", begins_at=STARTS + timedelta(days=22),
                        ends_at=ENDS + timedelta(days=22), place="操场")  # fmt: skip
        book.plans.file(filing, [planned(), moved, rows[2]], envelope(), dry_run=False)

    def exam(self) -> None:
        exams = self.pilot.book.exams
        at = STARTS + timedelta(days=92)
        self.exam_id = exams.publish(SCHOOL, "期末", EXAM_DAY, envelope(at))
        scores = [PaperResult(learner, 59 + i) for i, learner in enumerate(self.pilot.learners)]
        exams.enter_results(self.exam_id, scores, envelope(at, actor_id=HEAD))
        exams.check_results(self.exam_id, scores[:2], envelope(at, actor_id=COORDINATOR))
        self.pilot.book.awards.evaluate(self.pilot.learners[1], at, uuid4())
        self.pilot.book.learners.consent(self.pilot.learners[0], "learning", "n/1", envelope(at))

    def issue(self) -> None:
        """Statements of hours: one stands, one is replaced, one revoked, one is proposed for it."""
        commands, by = self.pilot.book.certificates, self.head
        awards = [self.award(self.pilot.learners[0]) for _ in range(4)]
        issued = commands.issue(awards, make, by())
        ids = [each.certificate_id for each in issued]
        commands.reissue(ids[1], "name_changed", make, by())
        for certificate_id in ids[2:]:
            commands.propose_revocation(certificate_id, "issued_in_error", by())
        officer = envelope(LATER, Role.DISTRICT_OFFICER, OFFICER)
        commands.confirm_revocation(ids[2], "issued_in_error", officer)
        self.certificates = ids

    def reverse(self, learner: UUID) -> None:
        """Take the first session's credit back, as a correction does."""
        by = envelope(LATER, actor_id=COORDINATOR)
        account, entry = self.account(learner)
        account.hold((entry,), uuid4(), by)
        account.reverse(entry, ReversalReason.NOT_PRESENT, by)
        self.pilot.book.ledger.save(account)

    def hold(self, learner: UUID) -> UUID:
        account, entry = self.account(learner)
        case = uuid4()
        account.hold((entry,), case, envelope(LATER))
        self.pilot.book.ledger.save(account)
        return case

    def release(self, learner: UUID, case: UUID) -> None:
        account, entry = self.account(learner)
        account.release((entry,), case, envelope(LATER))
        self.pilot.book.ledger.save(account)

    def limit(self, learner: UUID) -> None:
        """Another scan asks for the session that is credited: nothing is left of the claim."""
        account, entry = self.account(learner)
        again = account.credits[entry].model_dump(exclude={"face_to_face", "rulebook_version"})
        claim = CreditClaim(**(again | {"entry_id": uuid4(), "source_id": uuid4()}))
        account.award(claim, default_rulebook(), envelope(LATER))
        self.pilot.book.ledger.save(account)

    def account(self, learner: UUID) -> tuple[Account, UUID]:
        """A learner's account, and the entry of the first session in it."""
        key = Account.create_id(learner)
        account = self.pilot.book.ledger.find(Account, key)
        assert account is not None
        attendance_id = Attendance.create_id(self.pilot.session_id, learner)
        return account, entry_id_of(key, attendance_id)

    def learner(self, number: int) -> Learner:
        learner = self.pilot.book.ledger.find(Learner, self.pilot.learners[number])
        assert learner is not None
        return learner

    def complete(self, learner: UUID, organisation: str = SCHOOL) -> Evaluation:
        """A completion and a star, as an evaluation would say it of more hours than these."""
        ledger, by = self.pilot.book.ledger, envelope(LATER)
        actor = by.actor.model_copy(update={"organisation": organisation})
        by = by.model_copy(update={"actor": actor})
        evaluation = ledger.find(Evaluation, Evaluation.create_id(learner, "primary"))
        assert evaluation is not None
        hours = Condition(ref="stars.tracks.primary.levels.1.hours", value=800, threshold=600)
        who: dict[str, Any] = {"learner_id": learner, "stage": "primary", "envelope": by}
        evaluation._reached(
            kind=CompletionKind.ANNUAL, period="2026", hours=800, face_to_face_hours=400,
            conditions=(hours,), **who,
        )  # fmt: skip
        evaluation._star_evaluated(
            level_before=0, level_after=1, needs_proposal=False, conditions=(hours,),
            as_of=LATER.date(), **who,
        )  # fmt: skip
        evaluation._star_awarded(level=1, from_day=LATER.date(), **who)
        ledger.save(evaluation)
        return evaluation

    def withdraw(self, evaluation: Evaluation) -> None:
        evaluation._withdrawn(
            learner_id=evaluation.learner_id, stage="primary", kind=CompletionKind.ANNUAL,
            period="2026", conditions=(), envelope=envelope(LATER),
        )  # fmt: skip
        self.pilot.book.ledger.save(evaluation)

    def award(self, learner: UUID) -> Award:
        return Award(
            kind=CertificateKind.STATEMENT_OF_HOURS,
            learner_id=learner,
            school_code=SCHOOL,
            district_code=DISTRICT,
            stage="primary",
            hours=200,
            achieved_on=LATER.date(),
            request_id=uuid4(),
        )

    def host(self, at: datetime) -> Envelope:
        return envelope(at, Role.HOST, HOST)

    def head(self) -> Envelope:
        return envelope(LATER, Role.HEAD, HEAD)


def make(award: Award, draw: Draw) -> Issue:
    return Issue(
        number=f"{award.district_code}-{draw.year}-{draw.serial:07}-0",
        key_id="key-1",
        status_list=draw.status_list,
        status_index=draw.status_counter,
        signed_sha256="0" * 64,
        snapshot_sha256="1" * 64,
        name_commitment="2" * 64,
        issued_at=LATER,
        valid_until=LATER + timedelta(days=180),
        wording_version="w/1",
        renderer_version="r/1",
    )
