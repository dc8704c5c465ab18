"""A school year of the pilot's first learner, evening by evening, to completion and certificate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from domain.certificate import Award, CertificateKind
from domain.correction import SessionVoidOrder
from domain.envelope import Actor, Channel, Role
from domain.evaluation import Evaluation
from domain.rules import ReversalReason
from ledger.check_in import CheckIn
from ledger.exams import PaperResult
from ledger.plans import Filing
from tests.acting import DISTRICT, SCHOOL, STARTS, Pilot, envelope, planned
from tests.ledger.test_certificates import make

TYPIST, CHECKER, OFFICER = uuid4(), uuid4(), uuid4()
FAMILIES = ("mental_health", "life_education")


@dataclass
class Year:
    """The pilot with evenings of two hours, a week apart, all attended by the first learner."""

    pilot: Pilot
    sessions: list[UUID] = field(default_factory=list[UUID])

    @property
    def learner(self) -> UUID:
        return self.pilot.learners[0]

    def attend(self, number: int) -> UUID:
        """One evening from plan to award: the n-th week's, in one of two families."""
        begins = STARTS + timedelta(days=7 * number)
        row = planned(
            f"示例讲座{number}", row=number + 2, family=FAMILIES[number % 2], begins_at=begins,
            ends_at=begins + timedelta(minutes=80),
        )  # fmt: skip
        book = self.pilot.book
        [filed] = book.plans.file(Filing(SCHOOL, 2026, 1), [row], envelope(), dry_run=False)
        assert filed.id is not None
        self._hold(filed.id, begins)
        self.sessions.append(filed.id)
        return filed.id

    def _hold(self, session_id: UUID, begins: datetime) -> None:
        book, ends = self.pilot.book, begins + timedelta(minutes=80)
        book.sessions.open(session_id, envelope(begins, Role.HOST, TYPIST))
        own = Actor(id=self.learner, role=Role.PARENT, organisation=SCHOOL)
        book.attendances.check_in(
            CheckIn(
                session_id=session_id, learner_id=self.learner, scan_id=uuid4(),
                channel=Channel.ROTATING_QR, actor=own, at=begins, now=begins,
            )
        )  # fmt: skip
        out = envelope(ends, Role.PARENT, self.learner)
        book.attendances.check_out(session_id, self.learner, uuid4(), out, by_staff=False)
        book.sessions.close(session_id, envelope(ends, Role.HOST, TYPIST))
        book.sessions.count_heads(session_id, 1, None, envelope(ends, Role.HOST, TYPIST))
        book.sessions.attest(session_id, Role.HOST, envelope(ends, Role.HOST, TYPIST))
        last = envelope(ends, Role.COORDINATOR, CHECKER)
        book.sessions.attest(session_id, Role.COORDINATOR, last)
        book.awards.run(session_id, ends, last.command_id)

    def pass_exam(self) -> None:
        book, at = self.pilot.book, STARTS + timedelta(days=60)
        exam_id = book.exams.publish(SCHOOL, "期末考核", at.date(), envelope(at))
        result = [PaperResult(self.learner, 80)]
        assert not book.exams.enter_results(exam_id, result, envelope(at, actor_id=TYPIST))
        assert not book.exams.check_results(exam_id, result, envelope(at, actor_id=CHECKER))
        book.awards.evaluate(self.learner, at, uuid4())

    def certificate(self) -> UUID:
        """Issue the certificate of the annual completion."""
        award = Award(
            kind=CertificateKind.ANNUAL_COMPLETION, learner_id=self.learner, school_code=SCHOOL,
            district_code=DISTRICT, stage="primary", school_year=2026, hours=800,
            achieved_on=STARTS.date(),
        )  # fmt: skip
        [issued] = self.pilot.book.certificates.issue([award], make, envelope())
        assert issued.refusal is None, issued.refusal
        return issued.certificate_id

    def void(self, session_id: UUID, at: datetime) -> None:
        """By the coordinator and the district."""
        corrections = self.pilot.book.corrections
        order = SessionVoidOrder(session_id=session_id, reason_code=ReversalReason.SESSION_VOIDED)
        by = envelope(at, actor_id=CHECKER)
        waiting = corrections.propose(order, corrections.preview(order, by).sha256, by)
        second = envelope(at, Role.DISTRICT_OFFICER, OFFICER)
        corrections.approve(waiting.id, waiting.sha256, second)

    @property
    def evaluation(self) -> Evaluation:
        key = Evaluation.create_id(self.learner, "primary")
        found = self.pilot.book.ledger.find(Evaluation, key)
        assert found is not None
        return found

    @property
    def completed_years(self) -> frozenset[int]:
        return self.evaluation.completed_years
