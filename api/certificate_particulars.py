"""What a certificate says beyond its award, looked up: school, period, exam, last valid day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from uuid import UUID

from api.bootstrap import Runtime
from certificates.issuing import Holder, Particulars
from certificates.kind import ExamResult
from certificates.snapshot import StatementLine
from certificates.validity import last_end_of_stage, statement_ends
from domain.calendar import CITY_ZONE, first_day_of, last_day_of, local_day
from domain.certificate import Award, CertificateKind
from domain.envelope import Envelope
from domain.grades import Stage
from domain.learner import Learner
from domain.refusals import Refused
from domain.rulebook_versions import Versions
from ledger.name_salts import CERTIFICATE_SALT
from projections.account_statement import StatementLine as AccountLine
from projections.certificate_register import RegisteredCertificate
from projections.schools import TermDates

UNTITLED = "—"


class StatementEmpty(Refused):
    """The learner's account has no hours at this school that a statement could name."""

    code = "statement_empty"


class StageUnknown(Refused):
    """The learner was never enrolled in the stage: the end of its validity cannot be told."""

    code = "stage_not_enrolled"


class Sources:
    """What is needed of many learners, read once before they are certified on a day."""

    def __init__(self, runtime: Runtime, learner_ids: Iterable[UUID], on: date) -> None:
        self._runtime = runtime
        self._on = on
        self._ids = set(learner_ids)
        found = runtime.book.ledger.load(self._ids)
        self._learners = {key: one for key, one in found.items() if isinstance(one, Learner)}
        self._holders = holders(runtime, self._ids)
        self._names: dict[str, str] = {}

    def holder_of(self, learner_id: UUID) -> Holder | None:
        return self._holders.get(learner_id)

    def particulars_of(self, award: Award) -> Particulars:
        """Refuses StageUnknown."""
        common = Particulars(
            school_name=self._school_name(award.school_code),
            # The event names what a district and a school set, too: no code has room for that.
            rulebook_version=Versions.named(award.rulebook_version).city,
        )
        match award.kind:
            case CertificateKind.ANNUAL_COMPLETION:
                return self._annual(award, common)
            case CertificateKind.STAGE_COMPLETION:
                return self._stage(award, common)
            case CertificateKind.STAR_LEVEL:
                return self._star(award, common)
            case CertificateKind.STATEMENT_OF_HOURS:
                raise AssertionError("a statement brings its own lines")

    @cached_property
    def _terms(self) -> list[TermDates]:
        return self._runtime.models.schools.terms()

    def _school_name(self, school_code: str) -> str:
        if school_code not in self._names:
            self._names[school_code] = self._runtime.book.registry.school(school_code).name
        return self._names[school_code]

    def _annual(self, award: Award, common: Particulars) -> Particulars:
        year = award.school_year or 0
        results = self._runtime.models.exams.results_of(award.learner_id)
        passed = [
            result.merit for result in results if result.school_year == year and result.passed
        ]
        merit = ExamResult.MERIT if any(passed) else ExamResult.PASS
        said = replace(common, period=f"{year}学年", exam_result=merit if passed else None)
        return self._from_to(year, year, said)

    def _stage(self, award: Award, common: Particulars) -> Particulars:
        said = replace(common, period=f"{Stage(award.stage).zh}学段")
        return self._from_to(award.first_year or 0, award.last_year or 0, said)

    def _from_to(self, first_year: int, last_year: int, said: Particulars) -> Particulars:
        """From one school year to another: the whole of the last one, or as far as it has come."""
        begins = (term.begins for term in self._terms if term.school_year == first_year)
        return replace(
            said,
            period_begins=min(begins, default=first_day_of(first_year)),
            period_ends=min(self._on, last_day_of(last_year)),
        )

    def _star(self, award: Award, common: Particulars) -> Particulars:
        learner = self._learners.get(award.learner_id)
        places = learner.enrolments.values() if learner else ()
        ends = last_end_of_stage(
            (place.grade, place.school_year) for place in places if place.stage == award.stage
        )
        if ends is None:
            raise StageUnknown(stage=award.stage)
        return replace(common, valid_until=ends)


def holders(runtime: Runtime, learner_ids: Iterable[UUID]) -> Mapping[UUID, Holder]:
    """Names to print and the secrets beside them; erased persons are left out."""
    return {
        key: Holder(subject.name, bytes.fromhex(subject.fields["salt"]))
        for key, subject in runtime.book.vault.open(learner_ids).items()
    }


def salt_of(runtime: Runtime, certificate: RegisteredCertificate) -> bytes | None:
    """Of the name on a certificate; kept beyond its holder, it lies under the certificate's id."""
    key, learner_id = certificate.certificate_id, certificate.learner_id
    holder = holders(runtime, [learner_id]).get(learner_id)
    if holder is not None:
        return holder.salt(key)
    kept = runtime.book.vault.open([key]).get(key)
    return bytes.fromhex(kept.fields[CERTIFICATE_SALT]) if kept else None


def statement_of(
    runtime: Runtime, school_code: str, learner_id: UUID, request_id: UUID | None, by: Envelope
) -> tuple[Award, Particulars]:
    """A statement of all hours that stand from this school. Refuses StatementEmpty."""
    lines = standing(runtime.models.accounts.statement(learner_id), school_code)
    if not lines:
        raise StatementEmpty
    school = runtime.book.registry.school(school_code)
    today = local_day(by.at, CITY_ZONE)
    award = Award(
        kind=CertificateKind.STATEMENT_OF_HOURS,
        learner_id=learner_id,
        school_code=school_code,
        district_code=school.district_code,
        stage=lines[-1].stage or "",
        hours=sum(line.hours for line in lines),
        face_to_face_hours=sum(line.hours for line in lines if line.face_to_face),
        achieved_on=today,
        request_id=request_id,
        rulebook_version=runtime.book.rulebooks.on(today).version,
    )
    said = Particulars(
        school_name=school.name,
        rulebook_version=award.rulebook_version,
        period_begins=day_of(lines[0]),
        period_ends=day_of(lines[-1]),
        valid_until=statement_ends(today),
        lines=tuple(printed(line) for line in lines),
    )
    return award, said


def standing(lines: Iterable[AccountLine], school_code: str) -> list[AccountLine]:
    """The awards of one school that were not taken back and are not under verification."""
    found: dict[UUID, AccountLine] = {}
    held: set[UUID] = set()
    for line in lines:
        if line.kind == "awarded" and line.school_code == school_code:
            found[line.entry_id] = line
        elif line.kind == "reversed":
            found.pop(line.entry_id, None)
        elif line.kind == "held":
            held.add(line.entry_id)
        elif line.kind == "released":
            held.discard(line.entry_id)
    kept = [line for key, line in found.items() if key not in held]
    return sorted(kept, key=lambda line: (day_of(line), line.position))


def hours_standing(lines: Iterable[AccountLine], school_code: str) -> int:
    """What a statement of one school would say."""
    return sum(line.hours for line in standing(lines, school_code))


def printed(line: AccountLine) -> StatementLine:
    return StatementLine(
        on=day_of(line),
        title=line.title or UNTITLED,
        class_hours=line.class_hours or 0,
        hours=line.hours,
    )


def day_of(line: AccountLine) -> date:
    return line.day or local_day(line.occurred_at, CITY_ZONE)
