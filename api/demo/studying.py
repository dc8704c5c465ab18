"""What earns hours beside evenings: leave and its make-up, a micro-class, pushes, other bodies."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from itertools import cycle
from uuid import UUID

from api.demo import teaching
from api.demo.calendar import evening
from api.demo.disputing import called, parent
from api.demo.loading import GRADES, STAGES, Pilot, family_called, schedule
from api.demo.righting import TALK, TALK_DAYS_AGO
from api.demo.staff import PRIMARY
from api.demo.teaching import Evening
from domain.carriers import Carrier
from domain.external import IssuerKind
from domain.leave import LeaveCategory
from domain.make_up import MakeUpReason
from domain.micro_class import Question, Segment
from domain.push import PushRecord
from domain.studying import MicroClassCompletion, Study, places_of_checks
from ledger.external_hours import NewExternalHours
from ledger.micro_classes import NewMicroClass
from ledger.pushes import NewPush

ON_LEAVE, ASKS_FOR_LEAVE, STUDIES, READS, ELSEWHERE, WAITS = 20, 12, 23, 18, 13, 11
QUIZ = (
    Question(
        text="孩子正在发脾气，家长先做什么？（示例）/ A child is upset: what comes first?",
        choices=("自己先停一停 / Pause, oneself", "讲道理 / Reason", "批评 / Scold"), right=0,
    ),
    Question(
        text="孩子说“作业太难了”，怎样回应更好？（示例）/ “It is too hard”: what helps more?",
        choices=(
            "“这有什么难的” / “It is easy”", "“哪一步卡住了？” / “Where are you stuck?”",
            "替他做完 / Do it for the child",
        ),
        right=1,
    ),
    Question(
        text="和孩子约定屏幕时间，哪种做法更合适？（示例）/ Screen time: which way is better?",
        choices=(
            "临时没收 / Take the phone away", "只管孩子，不管自己 / Rules for the child alone",
            "一起商量，全家遵守 / Agree together, and all keep to it",
        ),
        right=2,
    ),
)  # fmt: skip
PUSHES = 5


def make_up(pilot: Pilot, missed_id: UUID) -> None:
    """Who could not come is let in to another run of the same talk."""
    book, calendar = pilot.runtime.book, pilot.calendar
    again = Evening(
        TALK, teaching.TOGETHER, evening(calendar.today + timedelta(days=9)), place="多功能厅"
    )
    announced = calendar.moment(6, 10)
    other_id = schedule(pilot.runtime, pilot.hosts(PRIMARY), again, announced)
    by = pilot.logins["teacher"].acting(calendar.moment(5, 10), "make-up")
    learner_id = pilot.learner(ON_LEAVE)
    book.make_ups.assign(missed_id, learner_id, other_id, MakeUpReason.LEAVE, by)


def leave(pilot: Pilot, session_id: UUID, number: int, at: datetime) -> None:
    by = parent(pilot, number, at, "leave")
    learner_id = pilot.learner(number)
    pilot.runtime.book.leaves.request(session_id, learner_id, LeaveCategory.WORK, by)


def grant(pilot: Pilot, session_id: UUID, number: int, at: datetime) -> None:
    by = pilot.logins["teacher"].acting(at, "grant", number)
    pilot.runtime.book.leaves.grant(session_id, pilot.learner(number), by)


def micro_class(pilot: Pilot) -> None:
    """Six films with questions on the way; one parent has seen it through."""
    book, calendar = pilot.runtime.book, pilot.calendar
    made = book.micro_classes.publish(
        NewMicroClass(
            school_code=PRIMARY, school_year=calendar.school_year, title="十分钟读懂情绪（示例）",
            family=family_called(teaching.MENTAL), stage=STAGES[PRIMARY],
            carrier=Carrier.IN_SCHOOL.value, grades=(GRADES[PRIMARY][1],), class_hours=100,
            segments=segments(), quiz=QUIZ,
        ),
        pilot.logins["coordinator"].acting(calendar.moment(15, 10), "micro-class"),
    )  # fmt: skip
    learner_id, found = pilot.learner(STUDIES), book.micro_classes.get(made)
    rules = book.micro_classes.rules_of(found).micro_class
    places = places_of_checks(made, found.plan, learner_id, rules)
    study = Study(
        frozenset(range(len(segments()))), frozenset(places), tuple(q.right for q in QUIZ)
    )
    by = parent(pilot, STUDIES, calendar.moment(11), "studied")
    book.micro_classes.complete(made, learner_id, study, by)
    key = MicroClassCompletion.create_id(made, learner_id, calendar.school_year)
    book.earning.of_micro_class(key, by.at, by.command_id)


def segments() -> tuple[Segment, ...]:
    return tuple(
        Segment(
            title=f"第{number}段（示例）", seconds=480,
            sha256=sha256(str(number).encode()).hexdigest(),
            url=f"https://media.example/{number}.mp4",
        )
        for number in range(1, 7)
    )  # fmt: skip


def pushes(pilot: Pilot) -> None:
    """Five short texts, a question each: five right answers come to half a 课时."""
    book, calendar, learner_id = pilot.runtime.book, pilot.calendar, pilot.learner(READS)
    sent, read = calendar.moment(12, 10), calendar.moment(12, 20)
    for number, asked in zip(range(1, PUSHES + 1), cycle(QUIZ), strict=False):
        new = NewPush(
            school_code=PRIMARY, title=f"家教一分钟 {number}（示例）",
            link=f"https://read.example/{number}", family=family_called(teaching.MENTAL),
            stage=STAGES[PRIMARY], carrier=Carrier.IN_SCHOOL.value, grades=(), question=asked,
        )  # fmt: skip
        by = pilot.logins["coordinator"].acting(sent, "push", number)
        item_id = book.pushes.publish(new, by)
        answered = parent(pilot, READS, read, "answer", number)
        book.pushes.answer(item_id, learner_id, asked.right, answered)
    key = PushRecord.create_id(learner_id, calendar.term_of(sent.date()).code)
    cause = parent(pilot, READS, read, "read").command_id
    book.earning.of_pushes(key, read, cause)


def elsewhere(pilot: Pilot) -> None:
    """Hours of a community station: one document confirmed by the district, one waiting."""
    book, calendar = pilot.runtime.book, pilot.calendar
    confirmed = entered(pilot, ELSEWHERE, "SL-0001", calendar.moment(9, 10))
    by = pilot.logins["district"].acting(calendar.moment(8, 15), "external")
    book.external_hours.confirm(confirmed, by)
    book.earning.of_external(confirmed, by.at, by.command_id)
    entered(pilot, WAITS, "SL-0002", calendar.moment(2, 10))


def entered(pilot: Pilot, number: int, document: str, at: datetime) -> UUID:
    term = pilot.calendar.term_of(at.date())
    new = NewExternalHours(
        school_code=PRIMARY, learner_id=pilot.learner(number), issuer=IssuerKind.COMMUNITY_STATION,
        document_number=document, reason="社区家长学校讲座（示例）", hours=100,
        family=family_called(teaching.TOGETHER), school_year=term.school_year,
        term_no=term.term_no,
    )  # fmt: skip
    by = pilot.logins["coordinator"].acting(at, "external", document)
    return pilot.runtime.book.external_hours.enter(new, by)


def missed(pilot: Pilot, session_id: UUID) -> None:
    """Leave from the talk, asked for and granted before it began."""
    begins = evening(pilot.calendar.past(TALK_DAYS_AGO))
    leave(pilot, session_id, ON_LEAVE, begins - timedelta(days=2))
    grant(pilot, session_id, ON_LEAVE, begins - timedelta(days=1))


def asks_for_leave(pilot: Pilot) -> None:
    """From a session to come: the class teacher has not decided yet."""
    session_id = called(pilot, teaching.coming(pilot.calendar)[0].topic)
    leave(pilot, session_id, ASKS_FOR_LEAVE, pilot.calendar.moment(1, 11))
