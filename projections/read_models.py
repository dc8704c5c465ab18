"""The read models of one ledger, each once, over the same connections."""

from __future__ import annotations

from projections.account_statement import AccountStatement
from projections.as_of import AsOf
from projections.attendance_register import AttendanceRegister
from projections.certificate_register import CertificateRegister
from projections.correction_board import CorrectionBoard
from projections.database import Views
from projections.exam_board import ExamBoard
from projections.explaining import Explaining
from projections.history import History
from projections.projection import Projection
from projections.roster import Roster
from projections.schools import Schools
from projections.session_board import SessionBoard
from projections.staff import Staff
from projections.star_progress import Stars
from projections.star_proposals import StarProposals


class ReadModels:
    def __init__(self, views: Views) -> None:
        self.schools = Schools(views)
        self.staff = Staff(views)
        self.roster = Roster(views)
        self.sessions = SessionBoard(views)
        self.attendances = AttendanceRegister(views)
        self.accounts = AccountStatement(views)
        self.stars = Stars(views)
        self.star_proposals = StarProposals(views)
        self.certificates = CertificateRegister(views)
        self.exams = ExamBoard(views)
        self.corrections = CorrectionBoard(views)
        self.history = History(views)
        self.as_of = AsOf(views)
        self.explaining = Explaining(views)

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
            self.star_proposals,
            self.certificates,
            self.exams,
            self.corrections,
            self.history,
        )
