"""School years of one learner as a story: evenings held, exams passed, years closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.account import Account
from domain.calendar import Term
from domain.closing import YearClosing
from domain.envelope import Actor, Channel, Role
from domain.evaluation import Evaluation
from domain.learner import Enrolment
from ledger.book import Book
from ledger.check_in import CheckIn
from ledger.exams import PaperResult
from ledger.plans import Filing
from tests.acting import SCHOOL, envelope, planned

HOST, COORDINATOR, TYPIST, CHECKER = uuid4(), uuid4(), uuid4(), uuid4()
EVENING = 11  # 19:00 in Guangzhou
CLASS_HOUR = {"primary": timedelta(minutes=40), "junior": timedelta(minutes=45)}


def evening_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, EVENING, tzinfo=UTC)


@dataclass
class SchoolYears:
    """One learner with one child at one school."""

    book: Book
    learner: UUID
    child: UUID
    school: str = SCHOOL
    stage: str = "primary"
    grade: str = "三年级"

    def begin(self, school_year: int, grade: str, stage: str = "primary") -> None:
        """The city opens the terms, the child has a place in a class."""
        self.grade, self.stage = grade, stage
        for term in terms_of(school_year):
            self.book.registry.open_term(term, envelope())
        self.enrol(school_year)

    def enrol(self, school_year: int, **different: Any) -> None:
        values = {
            "child_id": self.child, "school_code": self.school, "stage": self.stage,
            "grade": self.grade, "class_group": "2班", "school_year": school_year,
        }  # fmt: skip
        place = Enrolment.model_validate(values | different)
        by = envelope(datetime(school_year, 8, 25, tzinfo=UTC))

        def decide() -> list[Any]:
            learner = self.book.learners.get(self.learner)
            learner.link_child(place.child_id, "51", True, "roster", by)
            learner.enrol(place, by)
            return [learner]

        self.book.ledger.commit(by.command_id, decide)

    def evening(
        self, day: date, title: str, family: str = "mental_health", hours: int = 2,
        mode: str = "on_site",
    ) -> UUID:  # fmt: skip
        """An evening that the learner comes to, from the plan to the award of its hours."""
        book, begins = self.book, evening_of(day)
        ends = begins + hours * CLASS_HOUR[self.stage]
        session_id = self.plan(day, title, family, hours, mode)
        book.sessions.open(session_id, envelope(begins, Role.HOST, HOST))
        self.attend(session_id, begins, ends)
        book.sessions.close(session_id, envelope(ends, Role.HOST, HOST))
        book.sessions.count_heads(session_id, 1, None, envelope(ends, Role.HOST, HOST))
        book.sessions.attest(session_id, Role.HOST, envelope(ends, Role.HOST, HOST))
        second = envelope(ends, Role.COORDINATOR, COORDINATOR)
        book.sessions.attest(session_id, Role.COORDINATOR, second)
        book.awards.run(session_id, ends, second.command_id)
        return session_id

    def plan(self, day: date, title: str, family: str, hours: int, mode: str) -> UUID:
        begins, ends = evening_of(day), evening_of(day) + hours * CLASS_HOUR[self.stage]
        [term] = [t for t in terms_of(school_year_holding(day)) if day in t]
        row = planned(
            title, family=family, mode=mode, grades=(self.grade,), stage=self.stage,
            class_hours=hours * 100, begins_at=begins, ends_at=ends,
        )  # fmt: skip
        filing = Filing(self.school, term.school_year, term.term_no)
        by = envelope(datetime(term.school_year, 8, 26, tzinfo=UTC))
        [result] = self.book.plans.file(filing, [row], by, dry_run=False, supplement=True)
        assert result.id is not None, result
        return result.id

    def attend(self, session_id: UUID, begins: datetime, ends: datetime) -> None:
        own = Actor(id=self.learner, role=Role.PARENT, organisation=self.school)
        self.book.attendances.check_in(
            CheckIn(
                session_id=session_id, learner_id=self.learner, scan_id=uuid4(),
                channel=Channel.ROTATING_QR, actor=own, at=begins, now=begins,
            )
        )  # fmt: skip
        leave = envelope(ends, Role.PARENT, self.learner)
        self.book.attendances.check_out(session_id, self.learner, uuid4(), leave, by_staff=False)

    def exam(self, day: date, score: int = 88) -> UUID:
        """An exam on paper, typed by one person and checked by another."""
        exams, at = self.book.exams, evening_of(day)
        exam_id = exams.publish(self.school, "期末考核", day, envelope(at))
        result = [PaperResult(self.learner, score)]
        assert exams.enter_results(exam_id, result, envelope(at, actor_id=TYPIST)) == {}
        assert exams.check_results(exam_id, result, envelope(at, actor_id=CHECKER)) == {}
        self.book.awards.evaluate(self.learner, at, uuid4())
        return exam_id

    def close(self, school_year: int, offered: int = 1600, **grades: int) -> None:
        """The school closes its year; what follows is judged."""
        at = datetime(school_year + 1, 9, 10, 8, tzinfo=UTC)
        known = {self.grade: offered, **grades}
        self.book.ledger.save(YearClosing(self.school, school_year, known, envelope(at)))
        self.book.awards.evaluate_at_year_close(self.learner, school_year, at, uuid4())

    def evaluation(self, stage: str | None = None) -> Evaluation:
        key = Evaluation.create_id(self.learner, stage or self.stage)
        found = self.book.ledger.find(Evaluation, key)
        assert found is not None
        return found

    @property
    def balance(self) -> int:
        account = self.book.ledger.find(Account, Account.create_id(self.learner))
        return account.balance if account else 0


def terms_of(school_year: int) -> tuple[Term, Term]:
    """Begin and end as in the pilot's own year."""
    half, last = date(school_year + 1, 2, 21), date(school_year + 1, 8, 31)
    first = Term(school_year=school_year, term_no=1, begins=date(school_year, 9, 1), ends=half)
    begins = half + timedelta(days=1)
    return first, Term(school_year=school_year, term_no=2, begins=begins, ends=last)


def school_year_holding(day: date) -> int:
    return day.year if day.month >= 9 else day.year - 1
