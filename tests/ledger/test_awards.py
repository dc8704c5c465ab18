"""What follows from a fact: asked twice, by two, too late, or for children in two stages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.attendance import Attendance
from domain.certificate import Award, CertificateKind
from domain.certificate_issue import Issue
from domain.completing import Condition
from domain.envelope import Role
from domain.evaluation import CompletionKind, Evaluation
from domain.learner import Enrolment, Learner
from domain.session_refusals import StayConfirmationOver
from ledger.awards import Awards
from ledger.book import Book
from ledger.certificate_numbers import Draw
from ledger.evaluating import terms_ahead
from ledger.exams import PaperResult
from ledger.plans import Filing
from ledger.rulebooks import default_rulebook
from tests.acting import DISTRICT, ENDS, SCHOOL, SET_UP, STARTS, Pilot, envelope, planned
from tests.ledger.evenings import COORDINATOR, HOST, balance, hold, open_session, wish


def enrol(book: Book, learner_id: UUID, at: datetime = SET_UP, **different: object) -> None:
    values: dict[str, object] = {
        "child_id": uuid4(), "school_code": SCHOOL, "stage": "primary", "grade": "三年级",
        "class_group": "2班", "school_year": 2026,
    }  # fmt: skip
    place = Enrolment.model_validate(values | different)
    by = envelope(at)

    def decide() -> list[Learner]:
        learner = book.learners.get(learner_id)
        learner.link_child(place.child_id, "51", True, "roster", by)
        learner.enrol(place, by)
        return [learner]

    book.ledger.commit(by.command_id, decide)


def four_evenings(pilot: Pilot) -> None:
    """The hours of an annual completion, in two families; the exam is not taken yet."""
    titles = ["读懂孩子的情绪", "生命教育", "读懂孩子的作业", "认识职业"]
    families = ["mental_health", "life_education", "mental_health", "career_experience"]
    for number, (title, family) in enumerate(zip(titles, families, strict=True)):
        later = timedelta(days=7 * number)
        row = planned(title, family=family, row=number, begins_at=STARTS + later,
                      ends_at=ENDS + later)  # fmt: skip
        filed = pilot.book.plans.file(Filing(SCHOOL, 2026, 1), [row], envelope(), dry_run=False)
        [result] = [r for r in filed if r.row == number]
        assert result.id is not None
        pilot.session_id = result.id
        evening(pilot, later)


def evening(pilot: Pilot, later: timedelta) -> None:
    book, session_id, learner = pilot.book, pilot.session_id, pilot.learners[0]
    begins, ends = STARTS + later, ENDS + later
    book.sessions.open(session_id, envelope(begins, Role.HOST, HOST))
    book.attendances.check_in(wish(pilot, learner, 60 * 24 * later.days))
    book.attendances.check_out(
        session_id, learner, uuid4(), envelope(ends, Role.PARENT, learner), by_staff=False
    )
    book.sessions.close(session_id, envelope(ends, Role.HOST, HOST))
    book.sessions.count_heads(session_id, 1, None, envelope(ends, Role.HOST, HOST))
    book.sessions.attest(session_id, Role.HOST, envelope(ends, Role.HOST, HOST))
    book.sessions.attest(session_id, Role.COORDINATOR, envelope(ends, actor_id=COORDINATOR))
    book.awards.run(session_id, ends, uuid4())


def pass_exam(pilot: Pilot, held_on: date = date(2026, 11, 20)) -> None:
    book, learner = pilot.book, pilot.learners[0]
    exam_id = book.exams.publish(SCHOOL, "期末", held_on, envelope())
    assert book.exams.enter_results(exam_id, [PaperResult(learner, 88)], envelope()) == {}
    assert book.exams.check_results(exam_id, [PaperResult(learner, 88)], envelope()) == {}


def evaluation(pilot: Pilot, stage: str = "primary") -> Evaluation:
    key = Evaluation.create_id(pilot.learners[0], stage)
    found = pilot.book.ledger.find(Evaluation, key)
    assert found is not None
    return found


def stars_hours(made: Evaluation, level: int = 2) -> Condition:
    [found] = [c for c in made.last_judged.conditions if c.ref.endswith(f"levels.{level}.hours")]
    return found


def test_two_workers_at_once_award_once(pilot: Pilot) -> None:
    hold(pilot, pilot.learners)

    def run(_: int) -> int:
        return pilot.book.awards.run(pilot.session_id, ENDS, uuid4())

    with ThreadPoolExecutor(4) as workers:
        assert list(workers.map(run, range(4))) == [3] * 4
    assert [balance(pilot, learner) for learner in pilot.learners] == [200] * 3
    for learner in pilot.learners:
        attendance = pilot.book.ledger.find(
            Attendance, Attendance.create_id(pilot.session_id, learner)
        )
        assert attendance is not None
        assert attendance.version == 3


def test_a_run_in_small_batches_awards_the_same(pilot: Pilot) -> None:
    hold(pilot, pilot.learners)
    book = pilot.book

    Awards(book.ledger, book.sessions, book.rulebooks, learners_at_once=1).run(
        pilot.session_id, ENDS, uuid4()
    )

    assert [balance(pilot, learner) for learner in pilot.learners] == [200] * 3


def test_a_run_asked_again_later_records_what_is_new_by_then(pilot: Pilot) -> None:
    """The second asking is under the same cause, and meets another writer."""
    book, learner, cause = pilot.book, pilot.learners[0], uuid4()
    open_session(pilot)
    book.attendances.check_in(wish(pilot, learner))
    book.sessions.close(pilot.session_id, envelope(ENDS, Role.HOST, HOST))
    book.sessions.count_heads(pilot.session_id, 1, None, envelope(ENDS, Role.HOST, HOST))
    book.sessions.attest(pilot.session_id, Role.HOST, envelope(ENDS, Role.HOST, HOST))
    book.sessions.attest(pilot.session_id, Role.COORDINATOR, envelope(ENDS, actor_id=COORDINATOR))
    later = ENDS + timedelta(days=8)
    book.awards.run(pilot.session_id, ENDS, cause)

    def run(_: int) -> int:
        return book.awards.run(pilot.session_id, later, cause)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(run, range(4)))

    assert balance(pilot, learner) == 100


def test_staff_confirm_a_stay_in_time_or_not_at_all(pilot: Pilot) -> None:
    book = pilot.book
    first, second = pilot.learners[:2]
    open_session(pilot)
    for learner in (first, second):
        book.attendances.check_in(wish(pilot, learner))
    book.sessions.close(pilot.session_id, envelope(ENDS, Role.HOST, HOST))
    book.sessions.count_heads(pilot.session_id, 2, None, envelope(ENDS, Role.HOST, HOST))
    book.sessions.attest(pilot.session_id, Role.HOST, envelope(ENDS, Role.HOST, HOST))
    book.sessions.attest(pilot.session_id, Role.COORDINATOR, envelope(ENDS, actor_id=COORDINATOR))
    in_time, too_late = (envelope(ENDS + timedelta(days=d), actor_id=HOST) for d in (6, 7))
    book.attendances.check_out(pilot.session_id, first, uuid4(), in_time, by_staff=True)

    with pytest.raises(StayConfirmationOver):
        book.attendances.check_out(pilot.session_id, second, uuid4(), too_late, by_staff=True)
    book.awards.run(pilot.session_id, ENDS + timedelta(days=7), uuid4())

    assert [balance(pilot, learner) for learner in (first, second)] == [200, 100]


def test_an_attendance_of_nobody_is_no_award(pilot: Pilot) -> None:
    position = pilot.book.ledger.position()
    pilot.book.awards.award_attendance(uuid4(), ENDS, uuid4())
    pilot.book.awards.evaluate(uuid4(), ENDS, uuid4())
    assert pilot.book.ledger.position() == position


def test_an_attendance_is_awarded_by_its_own_id(pilot: Pilot) -> None:
    hold(pilot, pilot.learners)
    learner = pilot.learners[0]
    key = Attendance.create_id(pilot.session_id, learner)
    pilot.book.awards.award_attendance(key, ENDS, uuid4())
    assert [balance(pilot, each) for each in pilot.learners] == [200, 0, 0]


def test_an_exam_checked_in_the_next_school_year_completes_the_year_it_was_of(
    pilot: Pilot,
) -> None:
    four_evenings(pilot)
    pass_exam(pilot, date(2027, 6, 20))

    pilot.book.awards.evaluate(pilot.learners[0], STARTS + timedelta(days=360), uuid4())

    assert evaluation(pilot).completed_years == {2026}


def test_a_late_joiners_stars_ask_for_the_terms_that_were_left(pilot: Pilot) -> None:
    """The pilot's children are in grade three: eight of twelve terms lie ahead."""
    four_evenings(pilot)
    pass_exam(pilot)
    pilot.book.awards.evaluate(pilot.learners[0], STARTS + timedelta(days=80), uuid4())
    _, track = pilot.book.rulebooks.on(STARTS.date()).stars.track_of("primary")

    asked = stars_hours(evaluation(pilot))

    assert track.levels[2].hours * 8 // 12 <= asked.threshold < track.levels[2].hours


@pytest.mark.parametrize(("grade", "ahead"), [("一年级", 12), ("三年级", 8), ("六年级", 8)])
def test_of_several_children_the_one_with_most_terms_ahead_counts(
    pilot: Pilot, grade: str, ahead: int
) -> None:
    enrol(pilot.book, pilot.learners[0], grade=grade)
    learner = pilot.book.learners.get(pilot.learners[0])

    assert terms_ahead(learner, "primary", default_rulebook()) == ahead


@pytest.mark.parametrize("stage", ["junior", "special"])
def test_where_no_grade_is_known_all_terms_lie_ahead(pilot: Pilot, stage: str) -> None:
    enrol(pilot.book, pilot.learners[0], stage="special", grade="启智班")
    learner = pilot.book.learners.get(pilot.learners[0])

    assert terms_ahead(learner, stage, default_rulebook()) is None


def test_a_year_in_two_stages_is_completed_in_both_and_certified_once(pilot: Pilot) -> None:
    learner = pilot.learners[0]
    enrol(pilot.book, learner, stage="kindergarten", grade="大班")
    four_evenings(pilot)
    pass_exam(pilot)
    pilot.book.awards.evaluate(learner, STARTS + timedelta(days=80), uuid4())
    for stage in ("primary", "kindergarten"):
        assert (CompletionKind.ANNUAL, "2026") in evaluation(pilot, stage).completions
    account = pilot.book.ledger.find(Account, Account.create_id(learner))
    assert account is not None
    assert account.balance == 800

    awards = [
        Award(
            kind=CertificateKind.ANNUAL_COMPLETION, learner_id=learner, school_code=SCHOOL,
            district_code=DISTRICT, stage=stage, school_year=2026, hours=800,
            achieved_on=date(2026, 11, 20),
        )
        for stage in ("primary", "kindergarten")
    ]  # fmt: skip
    issued = pilot.book.certificates.issue(awards, make, envelope())

    assert len({each.certificate_id for each in issued}) == 1
    assert [each.number for each in issued] == ["1", "1"]


def make(award: Award, draw: Draw) -> Issue:
    return Issue(
        number=str(draw.serial), key_id="k1", status_list=draw.status_list,
        status_index=draw.status_counter, signed_sha256="a", snapshot_sha256="b",
        name_commitment="c", issued_at=ENDS, wording_version="1", renderer_version="1",
    )  # fmt: skip


def test_hours_that_complete_a_year_are_judged_in_every_stage_at_once(pilot: Pilot) -> None:
    enrol(pilot.book, pilot.learners[0], stage="kindergarten", grade="大班")
    pass_exam(pilot)
    four_evenings(pilot)

    assert evaluation(pilot, "kindergarten").completed_years == {2026}


def test_an_attendance_of_a_session_that_is_not_attested_waits(pilot: Pilot) -> None:
    open_session(pilot)
    pilot.book.attendances.check_in(wish(pilot, pilot.learners[0]))
    position = pilot.book.ledger.position()
    key = Attendance.create_id(pilot.session_id, pilot.learners[0])

    pilot.book.awards.award_one(pilot.session_id, key, ENDS, uuid4())

    assert pilot.book.ledger.position() == position
