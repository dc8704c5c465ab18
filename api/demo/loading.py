"""The pilot's two school years, step by step, through the commands and files a school would use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from api.bootstrap import Runtime
from api.demo import evenings, families, teaching
from api.demo.acting import acting
from api.demo.calendar import CITY, Calendar, evening
from api.demo.evenings import Guest, Hosts
from api.demo.exams import exam_file
from api.demo.families import Family
from api.demo.staff import DISTRICT, JUNIOR, KINDERGARTEN, PRIMARY, Login, hire
from api.demo.teaching import Evening
from api.files.template import Kind
from api.imports.order import Order
from api.imports.taking import take_file
from domain.carriers import Carrier, CourseFamily, Mode
from domain.envelope import Actor, Envelope, Role
from domain.identity import derived
from domain.rehearsal import Digest, Totals
from ledger.plans import Filing, PlannedSession
from ledger.registry import NewSchool
from ledger.rulebooks import default_rulebook

CLASSES = {PRIMARY: ("1班", "2班"), KINDERGARTEN: ("1班",), JUNIOR: ("1班",)}
GRADES = {
    PRIMARY: ("二年级", "三年级"),
    KINDERGARTEN: ("小班", "中班"),
    JUNIOR: ("七年级", "八年级"),
}
PEOPLE_OF = {
    PRIMARY: ("host", "coordinator"),
    KINDERGARTEN: ("kg.host", "kg.coordinator"),
    JUNIOR: ("junior.host", "junior.coordinator"),
}
FAMILIES_IN_A_CLASS = 12
NAMES = {PRIMARY: "示例小学", KINDERGARTEN: "示例幼儿园", JUNIOR: "示例中学"}
STAGES = {PRIMARY: "primary", KINDERGARTEN: "kindergarten", JUNIOR: "junior"}
ON_ONE_PHONE = 5
LACKS_HOURS = 2  # the family whose learner lacks only today's hours
FAITHFUL = 10  # so many came to everything last year and sat the exam


@dataclass
class Pilot:
    """What the loading knows of what it has made."""

    runtime: Runtime
    calendar: Calendar
    logins: dict[str, Login] = field(default_factory=dict[str, Login])
    families: dict[str, list[Family]] = field(default_factory=dict[str, list[Family]])
    learners: dict[tuple[str, str], UUID] = field(  # by school and adult's name
        default_factory=dict[tuple[str, str], UUID]
    )

    def hosts(self, school_code: str) -> Hosts:
        host, coordinator = PEOPLE_OF[school_code]
        return Hosts(self.logins[host], self.logins[coordinator])

    def guests(self, school_code: str, numbers: Sequence[int]) -> list[Guest]:
        rows = self.families[school_code]
        return [
            Guest(self.learners[school_code, rows[n].adult], bool(rows[n].phone), n % 4)
            for n in numbers
            if n < len(rows)
        ]

    def learner(self, number: int, school_code: str = PRIMARY) -> UUID:
        return self.learners[school_code, self.families[school_code][number].adult]


def operator_at(at: datetime, *parts: object) -> Envelope:
    """The operator who sets the installation up."""
    actor = Actor(id=derived("operator", "demo"), role=Role.OPERATOR)
    return acting(actor, at, *parts)


def set_up(pilot: Pilot) -> None:
    """Rulebook, schools, classes, terms, staff: a year and a term before today."""
    book, calendar = pilot.runtime.book, pilot.calendar
    at, year = calendar.set_up, calendar.school_year
    default = default_rulebook()
    # The same figures as an earlier edition, so that last year has rules too.
    first = default.model_copy(
        update={"version": f"{year - 1}.0", "effective_from": date(year - 1, 9, 1)}
    )
    book.rulebooks.publish_at_set_up(first, operator_at(at, "rulebook"))
    for term in calendar.terms:
        book.registry.open_term(term, operator_at(at, term.code))
    for code, name in NAMES.items():
        new = NewSchool(code, name, (STAGES[code],), DISTRICT, established_on=date(2019, 9, 1))
        book.registry.register_school(new, operator_at(at, code))
        for place, grade in enumerate(GRADES[code]):
            classes = [(grade, group) for group in CLASSES[code]]
            by = operator_at(at, code, grade)
            book.registry.open_classes(code, year - 1 + place, classes, by)
    pilot.logins.update(hire(pilot.runtime, calendar, operator_at(at, "staff")))
    if default.effective_from > first.effective_from:
        announce(pilot, default.effective_from)


def announce(pilot: Pilot, effective_from: date) -> None:
    """The edition that ships with the program: drafted by one officer, published by another."""
    default, rulebooks = default_rulebook(), pilot.runtime.book.rulebooks
    at = evening(effective_from - timedelta(days=30), 10)
    if at < pilot.calendar.now:
        rulebooks.draft(default, pilot.logins["city"].acting(at, "draft"))
        # Nobody is enrolled yet: of all that is recorded, the draft changes nothing.
        rulebooks.finish_dry_run(
            rulebooks.edition(default.version),
            derived("demo", "dry run"),
            Digest().sha256,
            None,
            Totals(),
            operator_at(at, "dry run"),
        )
        rulebooks.publish(default.version, pilot.logins["city2"].acting(at, "publish"))


def enrol(pilot: Pilot, code: str, school_year: int) -> None:
    """A school brings its roster of a school year."""
    rows = families.families(code, CLASSES[code], FAMILIES_IN_A_CLASS)
    pilot.families[code] = rows
    grade = GRADES[code][school_year - pilot.calendar.school_year + 1]
    at = evening(date(school_year, 9, 5), 15)
    bring(pilot, Kind.ROSTER, code, families.roster_file(rows, grade), at)
    find_learners(pilot, code, school_year)


def find_learners(pilot: Pilot, code: str, school_year: int) -> None:
    """Keep who is on the rosters of a school by now."""
    pilot.runtime.settle(pilot.runtime.book.ledger.position())
    ids = pilot.runtime.models.roster.learners_of(code, school_year)
    for learner_id, subject in pilot.runtime.book.vault.open(ids).items():
        pilot.learners[code, subject.name] = learner_id


def bring(pilot: Pilot, kind: Kind, code: str, content: bytes, at: datetime) -> None:
    """The coordinator imports a file; every row of the pilot's own files is good."""
    by = pilot.hosts(code).coordinator.acting(at, kind.value, code)
    imported = take_file(pilot.runtime.book, Order(kind, code, by, dry_run=False), content)
    if not imported.report.is_taken:
        raise RuntimeError(imported.report.wrong)


def plan(pilot: Pilot, code: str, rows: list[Evening]) -> dict[str, UUID]:
    """A school brings the plan of its sessions; topic -> session."""
    first = min(row.begins_at for row in rows)
    at = evening(pilot.calendar.term_of(first.date()).begins, 9)
    bring(pilot, Kind.PLAN, code, teaching.plan_file(rows, pilot.calendar), at)
    pilot.runtime.settle(pilot.runtime.book.ledger.position())
    board = pilot.runtime.models.sessions.sessions_of(code, limit=200)
    wanted = {(row.topic, row.begins_at.astimezone(CITY).date()) for row in rows}
    return {
        each.title: each.session_id
        for each in board
        if (each.title, each.begins_at.astimezone(CITY).date()) in wanted
    }


def teach(pilot: Pilot, code: str, rows: list[Evening], who: Sequence[Sequence[int]]) -> None:
    """Hold and attest a list of evenings, each with its guests by number."""
    sessions = plan(pilot, code, rows)
    for row, numbers in zip(rows, who, strict=True):
        session_id, hosts = sessions[row.topic], pilot.hosts(code)
        guests = pilot.guests(code, numbers)
        evenings.hold(pilot.runtime.book, session_id, guests, hosts)
        evenings.attest(pilot.runtime.book, session_id, len(guests), hosts)


def last_year(pilot: Pilot) -> None:
    """示例小学's last school year: ten learners who came to all, others now and then, an exam."""
    count = len(pilot.families[PRIMARY])
    who = [sorted({*range(FAITHFUL), *range(turn, count, 3)}) for turn in range(6)]
    rows = teaching.last_year(pilot.calendar)
    teach(pilot, PRIMARY, rows[:3], who[:3])
    teach(pilot, PRIMARY, rows[3:], who[3:])
    day = pilot.calendar.last_year(6, 10)
    sit(pilot, f"{pilot.calendar.school_year - 1}学年家长学校考核", day, range(FAITHFUL), 0)


def sit(pilot: Pilot, title: str, day: date, numbers: Sequence[int], grade: int) -> None:
    """A paper exam: typed by the coordinator, checked by a class teacher."""
    rows = [pilot.families[PRIMARY][number] for number in numbers]
    content = exam_file(rows, GRADES[PRIMARY][grade], title, day)
    book = pilot.runtime.book
    for checking, user in ((False, "coordinator"), (True, "teacher")):
        login = pilot.logins[user]
        at = evening(day + timedelta(days=1), 16 + checking)
        by = login.acting(at, title, str(checking))
        order = Order(Kind.EXAM, PRIMARY, by, dry_run=False, checking=checking)
        report = take_file(book, order, content).report
        if not report.is_taken:
            raise RuntimeError(report.wrong)
    # The worker would do the same as soon as it sees the checked results.
    at = evening(day + timedelta(days=1), 18)
    for number in numbers:
        learner_id = pilot.learner(number)
        book.awards.evaluate(learner_id, at, derived("demo exam", title, learner_id))


def this_year(pilot: Pilot) -> dict[str, UUID]:
    """Teach this school year up to now; return the sessions of today and those to come."""
    calendar, count = pilot.calendar, len(pilot.families[PRIMARY])
    past = teaching.this_year(calendar)
    later = [*teaching.coming(calendar), teaching.called_off(calendar)]
    by_term: dict[str, list[Evening]] = {}
    for row in (*past, *later):
        by_term.setdefault(calendar.term_of(row.begins_at.date()).code, []).append(row)
    sessions: dict[str, UUID] = {}
    for rows in by_term.values():
        sessions |= plan(pilot, PRIMARY, rows)
    for row in (teaching.ended_today(calendar), teaching.open_now(calendar)):
        announced = calendar.now - timedelta(days=2)
        sessions[row.topic] = schedule(pilot.runtime, pilot.hosts(PRIMARY), row, announced)
    for turn, row in enumerate(past):
        numbers = sorted({LACKS_HOURS, *range(turn, count, 2)})
        guests, hosts = pilot.guests(PRIMARY, numbers), pilot.hosts(PRIMARY)
        if row is past[-1]:
            guests = on_one_phone(guests)
        evenings.hold(pilot.runtime.book, sessions[row.topic], guests, hosts)
        evenings.attest(pilot.runtime.book, sessions[row.topic], len(guests), hosts)
    sit(pilot, f"{calendar.school_year}学年家长学校考核", calendar.past(6), [LACKS_HOURS, 5, 7], 1)
    return sessions


def on_one_phone(guests: Sequence[Guest]) -> list[Guest]:
    """The last few came with one phone: somebody has to look into it."""
    with_phone = [each for each in guests if each.has_phone]
    last = {each.learner_id for each in with_phone[-ON_ONE_PHONE:]}
    lent = sha256(b"demo phone").hexdigest()
    return [replace(each, lent=lent) if each.learner_id in last else each for each in guests]


def schedule(runtime: Runtime, hosts: Hosts, row: Evening, at: datetime) -> UUID:
    """A session outside the plan's file: it may even run past midnight."""
    by = hosts.coordinator.acting(at, "schedule", row.topic, row.begins_at.isoformat())
    code = hosts.coordinator.organisation
    calendar = Calendar(row.begins_at)
    term = calendar.term_of(row.begins_at.date())
    rows = [
        PlannedSession(
            row=1, title=row.topic, family=family_called(row.family), mode=Mode.ON_SITE.value,
            carrier=Carrier.IN_SCHOOL.value, grades=(), stage=STAGES[code],
            class_hours=row.class_hours * 100, begins_at=row.begins_at, ends_at=row.ends_at,
            place=row.place,
        )
    ]  # fmt: skip
    filing = Filing(code, term.school_year, term.term_no)
    [result] = runtime.book.plans.file(filing, rows, by, dry_run=False, supplement=True)
    if result.id is None:
        raise RuntimeError(result)
    return result.id


def family_called(words: str) -> str:
    family = CourseFamily.called(words)
    assert family is not None
    return family.value


def today(pilot: Pilot, sessions: dict[str, UUID]) -> UUID:
    """One session ended with its count and attestation still to do; one is open. Returns it."""
    book, calendar, hosts = pilot.runtime.book, pilot.calendar, pilot.hosts(PRIMARY)
    ended = sessions[teaching.ended_today(calendar).topic]
    evenings.hold(book, ended, pilot.guests(PRIMARY, [*range(1, 14)]), hosts)
    is_open = sessions[teaching.open_now(calendar).topic]
    evenings.open_door(book, is_open, hosts, calendar.now - timedelta(minutes=4))
    for place, guest in enumerate(pilot.guests(PRIMARY, [14, 19, 20])):
        at = calendar.now - timedelta(seconds=90 - place * 20)
        evenings.come(book, is_open, guest, hosts, at)
    return is_open


def other_schools(pilot: Pilot) -> None:
    """The kindergarten and the junior school: two evenings each, one to come."""
    for code in (KINDERGARTEN, JUNIOR):
        rows = teaching.elsewhere(pilot.calendar, NAMES[code])
        sessions = plan(pilot, code, rows)
        for turn, row in enumerate(rows[:2]):
            guests, hosts = pilot.guests(code, range(turn, 12, 2)), pilot.hosts(code)
            evenings.hold(pilot.runtime.book, sessions[row.topic], guests, hosts)
            evenings.attest(pilot.runtime.book, sessions[row.topic], len(guests), hosts)
