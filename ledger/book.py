"""The book: every family of commands over one ledger and one vault. The only door for writing."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from ledger.appeals import Appeals
from ledger.attendances import Attendances
from ledger.audit_samples import AuditSamples
from ledger.awards import Awards
from ledger.calendars import Calendars
from ledger.case_desk import CaseDesk
from ledger.cases import Cases
from ledger.certificates import Certificates
from ledger.closings import Closings
from ledger.corrections import Corrections
from ledger.courses import Courses
from ledger.custody import Custody
from ledger.details import DetailsCommands
from ledger.earning import Earning
from ledger.erasures import Erasures
from ledger.exam_answers import ExamAnswers
from ledger.exam_result_orders import ExamResultOrders
from ledger.exams import Exams
from ledger.exams_judged import JudgedExams
from ledger.exams_online import OnlineExams
from ledger.external_hours import ExternalHoursCommands
from ledger.external_orders import ExternalOrders
from ledger.forgetting import Forgetting
from ledger.hearing_commands import HearingCommands
from ledger.home_visits import HomeVisits
from ledger.irregularities import Irregularities
from ledger.learners import Learners
from ledger.leaves import Leaves
from ledger.ledger import Ledger
from ledger.likeness import Likeness
from ledger.link_requests import LinkRequests
from ledger.machines import Machines
from ledger.make_ups import MakeUpCommands
from ledger.micro_classes import MicroClasses
from ledger.migrations import Names
from ledger.parent_services import Services
from ledger.personal_codes import PersonalCodeEditions
from ledger.plans import Plans
from ledger.pooling import pool
from ledger.pushes import Pushes
from ledger.question_banks import QuestionBanks
from ledger.registry import Registry
from ledger.roster import Rosters
from ledger.rulebooks import Rulebooks
from ledger.rulebooks_backwards import ReEvaluations
from ledger.scans import Scans
from ledger.second_looks import SecondLooks
from ledger.sessions import Sessions
from ledger.sheets import Sheets
from ledger.star_proposals import StarProposals
from ledger.teacher_corrections import TeacherCorrections
from ledger.teacher_rows import TeacherRows
from ledger.teachers import Teachers
from ledger.terms import Terms
from ledger.transfers import Transfers
from ledger.vault import Vault, VaultKeys
from ledger.waiting_scans import WaitingScans

VAULT_CONNECTIONS = 6


class Book:
    def __init__(self, app: str, vault: str, names: Names, keys: VaultKeys) -> None:
        self.ledger = Ledger(app, names.ledger)
        self._pool = pool(vault, VAULT_CONNECTIONS)
        self.vault = Vault(self._pool, names.vault, keys)
        self.rulebooks = Rulebooks(self.ledger)
        self._desk = CaseDesk(self.ledger, self.vault, self.rulebooks)
        self.re_evaluations = ReEvaluations(self.ledger, self.rulebooks)
        self.registry = Registry(self.ledger)
        self.terms = Terms(self.ledger, self.registry, self.rulebooks, self.vault)
        self.machines = Machines(self.ledger)
        self._know_people(Likeness(self._pool, names.vault, keys.index))
        self.erasures = Erasures(self.ledger, Forgetting(self._pool, names.vault, keys))
        self.sessions = Sessions(self.ledger, self.rulebooks)
        self.attendances = Attendances(self.ledger, self.sessions)
        self.waiting_scans = WaitingScans(self.ledger, self.sessions, self.attendances)
        self.sheets = Sheets(self.ledger, self.sessions, self.vault)
        self.plans = Plans(self.ledger, self.registry, self.sessions)
        self.awards = Awards(self.ledger, self.sessions, self.rulebooks)
        self.corrections = Corrections(self.ledger, self.sessions, self.rulebooks)
        self._take_exams()
        self._open_other_sources()
        self._judge_cases()
        self.certificates = Certificates(self.ledger, self.rulebooks, city_year)
        self.second_looks = SecondLooks(self.ledger)
        self.star_proposals = StarProposals(self.ledger, self.rulebooks, self.vault)
        self.closings = Closings(self.ledger, self.vault, self.rulebooks)
        self.scans = Scans(self.ledger)
        self._keep_teachers()

    def _keep_teachers(self) -> None:
        """The teachers' ledger, beside that of the parents."""
        self.teachers = Teachers(self.ledger, self.vault, self.rulebooks)
        self.teacher_rows = TeacherRows(self.ledger, self.vault, self.teachers)
        self.teacher_corrections = TeacherCorrections(self.ledger, self.vault, self.teachers)
        self.hearings = HearingCommands(self.ledger, self.corrections, self.teachers, self._desk)

    def _judge_cases(self) -> None:
        """Disputes and appeals, by days that are counted on a calendar."""
        self.calendars = Calendars(self.ledger)
        self.cases = Cases(self.ledger, self._desk)
        self.appeals = Appeals(self.ledger, self._desk)
        self.irregularities = Irregularities(self.ledger, self.vault, self._desk)
        self.audit_samples = AuditSamples(self.ledger, self.vault, self._desk)

    def _know_people(self, likeness: Likeness) -> None:
        """Learners, how they belong to children and schools, and who may be one person."""
        self.likeness = likeness
        self.learners = Learners(self.ledger)
        self.personal_codes = PersonalCodeEditions(self.ledger)
        self.custody = Custody(self.ledger)
        self.transfers = Transfers(self.ledger, self.vault)
        self.home_visits = HomeVisits(self.ledger)
        self.rosters = Rosters(self.ledger, self.vault, likeness)
        self.details = DetailsCommands(self.ledger, self.vault, likeness)
        self.links = LinkRequests(self.ledger, self.vault, likeness)

    def _take_exams(self) -> None:
        self.question_banks = QuestionBanks(self.ledger)
        self.exams = Exams(self.ledger, self.rulebooks, self.question_banks)
        self.online_exams = OnlineExams(
            self.ledger, self.exams, self.question_banks, ExamAnswers(self.vault)
        )
        self.judged_exams = JudgedExams(self.ledger, self.exams)
        self.corrections.handle("exam_result", ExamResultOrders(self.ledger, self.exams))

    def _open_other_sources(self) -> None:
        """What earns hours beside attendance."""
        self.courses = Courses(self.ledger)
        self.services = Services(self.ledger, self.sessions)
        self.leaves = Leaves(self.ledger, self.sessions)
        self.make_ups = MakeUpCommands(self.ledger, self.sessions, self._desk)
        self.micro_classes = MicroClasses(self.ledger, self.registry, self.courses, self.rulebooks)
        self.pushes = Pushes(self.ledger, self.registry, self.rulebooks)
        self.external_hours = ExternalHoursCommands(self.ledger, self.registry, self.vault)
        self.corrections.handle(
            "external", ExternalOrders(self.ledger, self.external_hours, self.rulebooks)
        )
        self.earning = Earning(self.ledger, self.sessions, self.services, self.rulebooks)

    def close(self) -> None:
        self._pool.close()
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def city_year(by: Envelope) -> int:
    """The calendar year of an issue, in the city's zone: it stands in the number."""
    return local_day(by.at, CITY_ZONE).year
