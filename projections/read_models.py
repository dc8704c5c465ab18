"""The read models of one ledger, each once, over the same connections."""

from __future__ import annotations

from projections.account_statement import AccountStatement
from projections.attendance_register import AttendanceRegister
from projections.certificate_register import CertificateRegister
from projections.correction_board import CorrectionBoard
from projections.course_register import CourseRegister
from projections.database import Views
from projections.exam_board import ExamBoard
from projections.external_book import ExternalBook
from projections.history import History
from projections.leave_book import LeaveBook
from projections.projection import Projection
from projections.roster import Roster
from projections.schools import Schools
from projections.session_board import SessionBoard
from projections.staff import Staff
from projections.star_progress import Stars
from projections.study_board import StudyBoard


class ReadModels:
    def __init__(self, views: Views) -> None:
        self.schools = Schools(views)
        self.staff = Staff(views)
        self.roster = Roster(views)
        self.sessions = SessionBoard(views)
        self.attendances = AttendanceRegister(views)
        self.accounts = AccountStatement(views)
        self.stars = Stars(views)
        self.certificates = CertificateRegister(views)
        self.exams = ExamBoard(views)
        self.corrections = CorrectionBoard(views)
        self.leaves = LeaveBook(views)
        self.studies = StudyBoard(views)
        self.courses = CourseRegister(views)
        self.external_hours = ExternalBook(views)
        self.history = History(views)

    @property
    def projections(self) -> tuple[Projection, ...]:
        """What the projector feeds."""
        return (
            self.schools,
            self.staff,
            self.roster,
            self.sessions,
            self.attendances,
            self.accounts,
            self.stars,
            self.certificates,
            self.exams,
            self.corrections,
            self.leaves,
            self.studies,
            self.courses,
            self.external_hours,
            self.history,
        )
