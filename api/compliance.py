"""Compliance as it is shown: a school's term, and all schools of a district, as of a moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from api.access.policy import CITY, Organisation
from api.bootstrap import Runtime, midnight
from domain.calendar import Term
from domain.compliance import Compliance, Verdict, comply
from domain.refusals import Refused
from domain.rulebook import Rulebook
from domain.school import UnknownSchool
from domain.standing import Standing
from projections.closings import Closing
from projections.compliance import NOW, AsOf, SessionVersion
from projections.schools import School

_TERM: Final = re.compile(r"(\d{4})-([12])", re.ASCII)
_MOMENT: Final = timedelta(microseconds=1)


class TermMalformed(Refused):
    """A term is named by its school year and number, as in 2026-1."""

    code = "term_malformed"


@dataclass(frozen=True)
class TermOfSchool:
    """A school's term: its sessions, what they come to, and how it was closed."""

    school: School
    term: Term
    rulebook: Rulebook
    sessions: list[SessionVersion]
    compliance: Compliance
    closings: list[Closing]

    @property
    def last_closing(self) -> Closing | None:
        return self.closings[-1] if self.closings else None

    @property
    def is_due(self) -> bool:
        """Whether the school answers for the term: once merged, only for what it held or closed."""
        held = any(not Standing(each.standing).is_off for each in self.sessions)
        return self.school.stands_on(self.term.begins) or held or bool(self.closings)

    def verdict(self, session: SessionVersion) -> Verdict:
        return self.compliance.verdicts[session.session_id]


@dataclass(frozen=True)
class Asked:
    """The term and the day that are asked for: of today where no day is named."""

    term: Term
    at: datetime
    as_of: AsOf


def region(district_code: str) -> Organisation:
    """A district by its code; 440100 is the city."""
    return Organisation() if district_code == CITY else Organisation(district=district_code)


def term_called(runtime: Runtime, code: str) -> Term:
    """Raises TermMalformed, UnknownTerm."""
    named = _TERM.fullmatch(code)
    if named is None:
        raise TermMalformed
    return runtime.book.registry.term(int(named[1]), int(named[2]))


def asked(
    runtime: Runtime, term: str, day: date | None = None, known_by: datetime | None = None
) -> Asked:
    """What is asked of a term: its state at the end of a day. Raises TermMalformed, UnknownTerm."""
    now = runtime.now()
    at = min(now, midnight(day + timedelta(days=1)) - _MOMENT) if day else now
    return Asked(term_called(runtime, term), at, AsOf(day, known_by) if day or known_by else NOW)


def has_rules(runtime: Runtime, term: Term) -> bool:
    """A term before the first rulebook has no duty, and nobody closes it."""
    return runtime.book.rulebooks.hold_on(term.begins)


def term_of_school(runtime: Runtime, school_code: str, asking: Asked) -> TermOfSchool:
    """Raises UnknownSchool, NoRulebookInForce (see `has_rules`)."""
    school = runtime.models.schools.school(school_code)
    if school is None:
        raise UnknownSchool(school_code=school_code)
    grades = grades_of(runtime, school_code, asking.term.school_year)
    return terms_of(runtime, [school], asking, grades)[0]


def terms_of_district(
    runtime: Runtime, district_code: str, stage: str | None, asking: Asked
) -> list[TermOfSchool]:
    """The schools of a district, or of the whole city, by their codes; none that is merged away."""
    district = None if district_code == CITY else district_code
    schools = runtime.models.schools.schools(district)
    wanted = [school for school in schools if stage is None or stage in school.stages]
    return [each for each in terms_of(runtime, wanted, asking) if each.is_due]


def terms_of(
    runtime: Runtime, schools: Sequence[School], asking: Asked, grades: Sequence[str] = ()
) -> list[TermOfSchool]:
    term, codes = asking.term, [school.school_code for school in schools]
    found: dict[str, list[SessionVersion]] = {code: [] for code in codes}
    year, number, models = term.school_year, term.term_no, runtime.models
    for session in models.compliance.sessions_of(codes, year, number, asking.as_of):
        found.setdefault(session.school_code, []).append(session)
    closings = models.closings.of_term(codes, year, number)
    rulebook = runtime.book.rulebooks.on(term.begins)
    return [
        TermOfSchool(
            school=school,
            term=term,
            rulebook=rulebook,
            sessions=found[school.school_code],
            compliance=comply(
                [each.judged for each in found[school.school_code]],
                grades,
                term,
                rulebook,
                asking.at,
            ),
            closings=known(closings.get(school.school_code, ()), asking),
        )
        for school in schools
    ]


def known(closings: Iterable[Closing], asking: Asked) -> list[Closing]:
    """What had been closed and added by the moment that is asked for."""
    limit = asking.as_of.known_by
    return [
        each
        for each in closings
        if each.occurred_at <= asking.at and (limit is None or each.recorded_at <= limit)
    ]


def grades_of(runtime: Runtime, school_code: str, school_year: int) -> list[str]:
    """The grades of the classes a school opened or has children in, in the order of schooling."""
    classes = runtime.models.roster.classes(school_code, school_year)
    return list(dict.fromkeys(each.grade for each in classes))
