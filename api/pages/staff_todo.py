"""What waits at a school for whoever asks: one line each, with how many and where it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

from api.access.actions import Action
from api.asking import Asking
from api.closing import closings_of
from api.compliance import TermOfSchool, asked, has_rules, term_of_school
from api.corrections_waiting import to_sign
from api.pages.parent_words import Words
from api.reaching import may_in
from api.schools_above import organisation_of
from domain.calendar import CITY_ZONE, Term, local_day
from domain.compliance import Light
from domain.hours import as_short_text
from domain.standing import Standing
from projections.schools import School
from projections.session_board import SessionRow
from projections.term_obstacles import counted

LOOKS_AHEAD: Final = timedelta(days=45)
ELSEWHERE: Final = {"session_unattested", "dispute_unanswered"}  # obstacles with their own line
TERMS_BACK: Final = 2  # what is older and open is the district's to close


@dataclass(frozen=True)
class Todo:
    """Something to do; `count` of None: one thing, which nobody counts."""

    code: str
    count: int | None
    address: str
    note: Words | None = None


@dataclass(frozen=True)
class _At:
    """A school on a day, and whether the asker may do something there."""

    asking: Asking
    school: School
    today: date
    terms: list[Term]  # the announced ones that have rules, the newest first

    @property
    def code(self) -> str:
        return self.school.school_code

    def may(self, *actions: Action) -> bool:
        organisation = organisation_of(self.school)
        return any(may_in(self.asking, action, organisation) for action in actions)

    def has_plan(self, term: Term) -> bool:
        plans = self.asking.runtime.models.term_plans
        return bool(plans.of_term(self.code, term.school_year, term.term_no))

    def is_closed(self, term: Term) -> bool:
        return bool(closings_of(self.asking.runtime, self.code, term))


def todos_of(asking: Asking, school: School) -> list[Todo]:
    """Everything that waits, what is nearest to people first; what does not wait is left out."""
    here = _At(asking, school, local_day(asking.runtime.now(), CITY_ZONE), terms_of(asking))
    return [todo for source in SOURCES for todo in source(here) if todo.count != 0]


def terms_of(asking: Asking) -> list[Term]:
    """The newest first; nothing waits in a term that has no rules."""
    known = [each.term for each in reversed(asking.runtime.models.schools.terms())]
    return [term for term in known if has_rules(asking.runtime, term)]


def unfinished(here: _At) -> Iterator[Todo]:
    """What keeps the books of the last terms open, as far as it is the asker's to finish."""
    if not here.may(Action.SESSION_ATTEST_AS_HOST, Action.SESSION_ATTEST_AS_COORDINATOR):
        return
    models = here.asking.runtime.models
    for term in [t for t in here.terms if t.begins <= here.today][:TERMS_BACK]:
        if here.is_closed(term):
            continue
        place = here.code, term.school_year, term.term_no
        mine = [row for row in models.term_plans.of_term(*place) if waits_for(here, row)]
        if mine:
            yield Todo("sessions", len(mine), f"/staff/sessions/{mine[0].session_id}")
        found = counted(models.term_obstacles.of(*place))
        rest = sum(count for code, count in found.items() if code not in ELSEWHERE)
        yield Todo("attendances", rest, of_term(here, term))


def waits_for(here: _At, session: SessionRow) -> bool:
    """Whether a session is over, and waits for the asker's own attestation or that before it."""
    if session.standing not in {Standing.OPENED, Standing.CLOSED}:
        return False
    as_host = session.host_id is None and here.may(Action.SESSION_ATTEST_AS_HOST)
    as_coordinator = session.coordinator_id is None and here.may(
        Action.SESSION_ATTEST_AS_COORDINATOR
    )
    is_over = session.ends_at <= here.asking.runtime.now()
    return is_over and (as_host or as_coordinator)


def waiting(
    code: str, actions: tuple[Action, ...], path: str, count: Callable[[_At], int], here: _At
) -> Iterator[Todo]:
    if here.may(*actions):
        yield Todo(code, count(here), path.format(code=here.code))


def links(here: _At) -> int:
    return here.asking.runtime.models.links.waiting_at(here.code)


def details(here: _At) -> int:
    return len(here.asking.runtime.models.details.waiting_at(here.code))


def leaves(here: _At) -> int:
    return sum(each.waiting for each in here.asking.runtime.models.leaves.waiting_at(here.code))


def cases(here: _At) -> int:
    return here.asking.runtime.models.cases.how_many_of(here.code).waiting


def irregularities(here: _At) -> int:
    return here.asking.runtime.models.irregularities.how_many(school_code=here.code).waiting


def corrections(here: _At) -> Iterator[Todo]:
    wanted = to_sign(here.asking, [organisation_of(here.school)])
    count = here.asking.runtime.models.corrections.how_many_awaited(wanted)
    yield Todo("corrections", count, f"/staff/corrections/{here.code}")


def custody(here: _At) -> int:
    return len(here.asking.runtime.models.custody.waiting_at(here.code))


def exams(here: _At) -> int:
    found = here.asking.runtime.models.exams.exams_of(here.code)
    return sum(each.entered - each.checked for each in found)


def certificates(here: _At) -> int:
    return len(here.asking.runtime.models.certificates.due_of(here.code))


def stars(here: _At) -> int:
    return len(here.asking.runtime.models.star_proposals.candidates_of(here.code))


def closing(here: _At) -> Iterator[Todo]:
    """A term whose books may be closed, and the days until its district closes them."""
    if not here.may(Action.TERM_CLOSE):
        return
    for term in [t for t in here.terms if t.ends < here.today][:TERMS_BACK]:
        days = here.asking.runtime.book.closings.days(term)
        if here.today >= days.school and here.has_plan(term) and not here.is_closed(term):
            yield Todo("closing", None, of_term(here, term), deadline(here, term, days.district))


def deadline(here: _At, term: Term, last_day: date) -> Words:
    """The term, and how long it is still the school's own to close."""
    season = "{year}学年第一学期" if term.term_no == 1 else "{year}学年第二学期"
    values: dict[str, object] = {"term": Words(season, {"year": term.school_year})}
    if here.today >= last_day:
        return Words("{term}：区级已可以代为结账", values)
    values["days"] = (last_day - here.today).days
    return Words("{term}：还有 {days} 天，之后由区级代为结账", values)


def duty(here: _At) -> Iterator[Todo]:
    """How the running term stands, as long as it is not met."""
    term = next((each for each in here.terms if here.today in each), None)
    if term is None or not here.may(Action.PLAN_IMPORT):
        return
    runtime = here.asking.runtime
    found = term_of_school(runtime, here.code, asked(runtime, term.code))
    if found.compliance.light is not Light.MET:
        yield Todo("duty", None, f"/staff/plans/{here.code}/{term.code}", figures(found))


def figures(found: TermOfSchool) -> Words:
    judged, rules = found.compliance, found.rulebook.school_term_compliance
    return Words(
        "活动 {done}/{asked}，课时 {hours}/{hours_asked}，还有 {weeks} 周",
        {
            "done": judged.counted.activities,
            "asked": rules.min_activities,
            "hours": as_short_text(judged.counted.class_hours),
            "hours_asked": as_short_text(rules.min_class_hours),
            "weeks": judged.weeks_left,
        },
    )


def next_plan(here: _At) -> Iterator[Todo]:
    """A term that begins soon, and that nothing is planned for."""
    soon = [t for t in here.terms if here.today < t.begins <= here.today + LOOKS_AHEAD]
    if not here.may(Action.PLAN_IMPORT):
        return
    for term in soon:
        if not here.has_plan(term):
            yield Todo("next_plan", None, f"/staff/plans/{here.code}/{term.code}/copy")


def of_term(here: _At, term: Term) -> str:
    return f"/staff/schools/{here.code}/compliance?term={term.code}"


EXAMS, STARS = (Action.EXAM_CHECK,), (Action.STAR_PROPOSE,)
LEADERS = (Action.CERTIFICATE_AUTHORISE, Action.PLAN_IMPORT)
DUE = "/staff/schools/{code}/certificates"
# In the order in which they are shown.
SOURCES: Final[tuple[Callable[[_At], Iterator[Todo]], ...]] = (
    unfinished,
    partial(waiting, "links", (Action.LEARNER_CONFIRM,), "/staff/links/{code}", links),
    partial(waiting, "details", (Action.LEARNER_CONFIRM,), "/staff/details/{code}", details),
    partial(waiting, "leaves", (Action.LEAVE_DECIDE,), "/staff/leaves/{code}", leaves),
    partial(waiting, "cases", (Action.DISPUTE_ANSWER,), "/staff/cases/{code}", cases),
    partial(
        waiting,
        "irregularities",
        (Action.IRREGULARITY_REVIEW,),
        "/staff/irregularities/{code}",
        irregularities,
    ),
    corrections,
    partial(waiting, "custody", (Action.CUSTODY_CONFIRM,), "/staff/custody/{code}", custody),
    partial(waiting, "exams", EXAMS, "/staff/exams/{code}", exams),
    partial(waiting, "certificates", LEADERS, DUE, certificates),
    partial(waiting, "stars", STARS, "/staff/stars/{code}", stars),
    closing,
    duty,
    next_plan,
)
