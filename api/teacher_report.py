"""The cycle report: where each teacher stands, and what a school or a district adds up to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.access.actions import Action
from api.access.policy import CITY, Organisation
from api.asking import Asking
from api.bootstrap import Runtime
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope, Role
from domain.masking import mask_name
from domain.teacher_cycle import CycleRules, CycleStanding
from domain.teacher_service import Service
from projections.teacher_cycle import Closing
from projections.teachers import ServiceRow, Whom

PURPOSE = "teacher_cycle"


@dataclass(frozen=True)
class TeacherInCycle:
    """One teacher: hours of the cycle by calendar year, what is required, where they stand."""

    teacher_id: UUID
    school_code: str
    by_year: dict[int, int]
    required: int
    standing: CycleStanding
    closing: Closing | None

    @property
    def hours(self) -> int:
        return sum(self.by_year.values())


@dataclass(frozen=True)
class CycleReport:
    """The teachers who serve on `day` (or served on the cycle's last one), in no order of merit."""

    rules: CycleRules
    day: date
    teachers: Sequence[TeacherInCycle]

    @property
    def counts(self) -> dict[CycleStanding, int]:
        found = Counter(each.standing for each in self.teachers)
        return {standing: found[standing] for standing in CycleStanding}

    @property
    def trained(self) -> int:
        """Who has any training of the cycle: the x of 全员轮训 x/y."""
        return sum(1 for each in self.teachers if each.hours)

    @property
    def closed(self) -> int:
        return sum(1 for each in self.teachers if each.closing)

    def of_schools(self) -> dict[str, CycleReport]:
        """The same, school by school."""
        found: dict[str, list[TeacherInCycle]] = defaultdict(list)
        for each in self.teachers:
            found[each.school_code].append(each)
        return {code: CycleReport(self.rules, self.day, found[code]) for code in sorted(found)}


@dataclass(frozen=True)
class Named:
    """A teacher's name and staff number, as the vault holds them."""

    name: str
    staff_no: str


UNNAMED = Named("—", "")  # somebody whose data were erased


def today_of(runtime: Runtime) -> date:
    return local_day(runtime.now(), CITY_ZONE)


def rules_asked(runtime: Runtime, cycle: str | None) -> CycleRules:
    """The cycle that is named, or today's. Raises NoTeacherCycle."""
    programmes = runtime.book.teachers.programmes
    return programmes.called(cycle) if cycle else programmes.holding(today_of(runtime))


def cycle_report(
    runtime: Runtime,
    rules: CycleRules,
    school_code: str | None = None,
    district_code: str | None = None,
    teacher_id: UUID | None = None,
) -> CycleReport:
    """Of a school, of a district, or of one teacher alone."""
    today = today_of(runtime)
    day = min(max(today, rules.cycle.begins), rules.cycle.ends)
    whom, models = Whom(day, school_code, district_code, teacher_id), runtime.models
    code = rules.cycle.code
    hours: dict[UUID, dict[int, int]] = defaultdict(dict)
    for line in models.teacher_cycle.hours_by_year(whom, code):
        hours[line.teacher_id][line.year] = line.hours
    closings = {each.teacher_id: each for each in models.teacher_cycle.closings(whom, code)}
    teachers = [
        standing_of(rules, key, services, hours[key], closings.get(key), (today, day))
        for key, services in by_teacher(models.teachers.services(whom)).items()
    ]
    return CycleReport(rules, day, teachers)


def district_report(asking: Asking, region: str, cycle: str | None) -> CycleReport:
    """Of a district's schools, or of all the city's. Raises Forbidden, LoginRequired."""
    district = None if region == CITY else region
    asking.may_in(Action.TEACHER_COVERAGE_READ, Organisation(district=district))
    return cycle_report(asking.runtime, rules_asked(asking.runtime, cycle), district_code=district)


def standing_of(
    rules: CycleRules,
    teacher_id: UUID,
    services: Sequence[Service],
    by_year: dict[int, int],
    closing: Closing | None,
    days: tuple[date, date],
) -> TeacherInCycle:
    """`days`: today, and the day of the cycle on which the school is asked for."""
    today, day = days
    begun = [service for service in services if service.begins <= day] or services
    standing = rules.standing(sum(by_year.values()), services, today)
    if closing:  # what was closed says what its event says, whatever is known by now
        standing = CycleStanding.MET if closing.met else CycleStanding.SHORT
    return TeacherInCycle(
        teacher_id=teacher_id,
        school_code=begun[-1].school_code,
        by_year={year: by_year.get(year, 0) for year in rules.cycle.years},
        required=closing.required if closing else rules.required(services),
        standing=standing,
        closing=closing,
    )


def by_teacher(rows: Iterable[ServiceRow]) -> dict[UUID, list[Service]]:
    found: dict[UUID, list[Service]] = defaultdict(list)
    for row in rows:
        found[row.teacher_id].append(Service(row.school_code, row.begins, row.ends))
    return found


def names_of(runtime: Runtime, ids: Iterable[UUID], by: Envelope) -> dict[UUID, Named]:
    """Names for the school's own staff, masks for an auditor; the reading is recorded first."""
    subjects = runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    if by.actor.role is Role.AUDITOR:
        return {key: Named(mask_name(subject.name), "") for key, subject in subjects.items()}
    return {
        key: Named(subject.name, subject.fields.get("staff_no", ""))
        for key, subject in subjects.items()
    }


def in_order(
    teachers: Iterable[TeacherInCycle], names: dict[UUID, Named]
) -> list[tuple[TeacherInCycle, Named]]:
    """By staff number and name: never by hours."""
    found = [(each, names.get(each.teacher_id, UNNAMED)) for each in teachers]
    return sorted(found, key=lambda pair: (not pair[1].staff_no, pair[1].staff_no, pair[1].name))
