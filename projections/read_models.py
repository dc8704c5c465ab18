"""The read models of one ledger, each once, over the same connections."""

from __future__ import annotations

from projections.account_statement import AccountStatement
from projections.as_of import AsOf
from projections.attendance_register import AttendanceRegister
from projections.audit_board import AuditBoard
from projections.cases import Cases
from projections.certificate_register import CertificateRegister
from projections.closings import Closings
from projections.compliance import ComplianceSessions
from projections.correction_board import CorrectionBoard
from projections.course_register import CourseRegister
from projections.coverage import Coverage
from projections.custody_board import CustodyBoard
from projections.database import Views
from projections.details_board import DetailsBoard
from projections.erasure_board import ErasureBoard
from projections.exam_board import ExamBoard
from projections.explaining import Explaining
from projections.external_book import ExternalBook
from projections.finding import Finding
from projections.history import History
from projections.home_visits import HomeVisits
from projections.households import Households
from projections.irregularity_board import IrregularityBoard
from projections.leave_book import LeaveBook
from projections.link_board import LinkBoard
from projections.looking import Looking
from projections.one_person import OnePerson
from projections.projection import Projection
from projections.question_board import QuestionBoard
from projections.reversed_hours import ReversedHours
from projections.roster import Roster
from projections.scan_inbox import ScanInbox
from projections.schools import Schools
from projections.session_board import SessionBoard
from projections.sheet_book import SheetBook
from projections.staff import Staff
from projections.star_progress import Stars
from projections.star_proposals import StarProposals
from projections.status_places import StatusPlaces
from projections.study_board import StudyBoard
from projections.teacher_corrections import TeacherCorrections
from projections.teacher_cycle import TeacherCycle
from projections.teachers import Teachers
from projections.term_accounts import TermAccounts
from projections.term_archive import TermArchive
from projections.term_books import TermBooks
from projections.term_bounds import TermBounds
from projections.term_obstacles import TermObstacles
from projections.term_plans import TermPlans
from projections.transfers import Transfers


class ReadModels:
    def __init__(self, views: Views) -> None:
        self.schools = Schools(views)
        self.staff = Staff(views)
        self._of_people(views)
        self._of_an_evening(views)
        self.accounts = AccountStatement(views)
        self.stars = Stars(views)
        self.star_proposals = StarProposals(views)
        self.certificates = CertificateRegister(views)
        self.status_places = StatusPlaces(views)
        self.exams = ExamBoard(views)
        self.questions = QuestionBoard(views)
        self.corrections = CorrectionBoard(views)
        self.cases = Cases(views)
        self.leaves = LeaveBook(views)
        self.studies = StudyBoard(views)
        self.courses = CourseRegister(views)
        self.external_hours = ExternalBook(views)
        self.history = History(views)
        self.reversed_hours = ReversedHours(views)
        self.as_of = AsOf(views)
        self.finding = Finding(views)
        self.explaining = Explaining(views)
        self._of_school_terms(views)
        self._of_teachers(views)

    def _of_people(self, views: Views) -> None:
        self.roster = Roster(views)
        self.one_person = OnePerson(views)
        self.transfers = Transfers(views)
        self.custody = CustodyBoard(views)
        self.links = LinkBoard(views)
        self.details = DetailsBoard(views)
        self.erasures = ErasureBoard(views)

    def _of_an_evening(self, views: Views) -> None:
        self.sessions = SessionBoard(views)
        self.attendances = AttendanceRegister(views)
        self.scan_inbox = ScanInbox(views)
        self.sheets = SheetBook(views)
        self.irregularities = IrregularityBoard(views)
        self.looking = Looking(views)
        self.audit = AuditBoard(views)

    def _of_teachers(self, views: Views) -> None:
        self.teachers = Teachers(views)
        self.teacher_cycle = TeacherCycle(views)
        self.teacher_corrections = TeacherCorrections(views)

    def _of_school_terms(self, views: Views) -> None:
        self.compliance = ComplianceSessions(views)
        self.closings = Closings(views)
        self.households = Households(views)
        self.term_archive = TermArchive(views)
        self.term_accounts = TermAccounts(views)
        self.term_books = TermBooks(views)
        self.term_obstacles = TermObstacles(views)
        self.term_plans = TermPlans(views)
        self.term_bounds = TermBounds(views)
        self.coverage = Coverage(views)
        self.home_visits = HomeVisits(views)

    @property
    def projections(self) -> tuple[Projection, ...]:
        """What the projector feeds."""
        of_people = (self.transfers, self.custody, self.links, self.details, self.erasures)
        of_an_evening = (self.sessions, self.attendances, self.scan_inbox, self.sheets)
        of_cases = (self.cases, self.irregularities, self.audit)
        of_terms = (self.compliance, self.closings, self.households, self.home_visits)
        of_teachers = (self.teachers, self.teacher_cycle, self.teacher_corrections)
        return (
            self.schools,
            self.staff,
            self.roster,
            self.one_person,
            *of_people,
            *of_an_evening,
            self.accounts,
            self.stars,
            self.star_proposals,
            self.certificates,
            self.exams,
            self.questions,
            self.corrections,
            *of_cases,
            self.leaves,
            self.studies,
            self.courses,
            self.external_hours,
            self.history,
            *of_terms,
            *of_teachers,
        )
