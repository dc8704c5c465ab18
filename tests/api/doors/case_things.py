"""Cases behind the doors: a dispute, an appeal, and one of the parent who knocks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.account import Account
from domain.dispute import DisputeReason
from tests.acting import DISTRICT, Pilot
from tests.api.doors.irregularity_things import irregularity_things, sample_things
from tests.case_acting import attendance, correction, parent


def case_things(pilot: Pilot, at: datetime) -> dict[str, str]:
    book, (own, second, third) = pilot.book, pilot.learners
    account = book.ledger.find(Account, Account.create_id(own))
    assert account is not None
    dispute = book.cases.dispute(
        second, attendance(pilot, 1), DisputeReason.WRONG_HOURS, "", parent(second, at)
    )

    def appeal(number: int, learner: UUID) -> str:
        subject = attendance(pilot, number)
        return str(book.appeals.lodge(learner, subject, "", parent(learner, at)))

    return {
        **irregularity_things(pilot, at),
        **sample_things(pilot, at),
        "dispute_id": str(dispute),
        "appeal_id": appeal(2, third),
        "case_id": appeal(0, own),
        "district_code": DISTRICT,
        "year": "2027",
        "attendance_id": str(attendance(pilot).id),
        "line": str(account.standing[0].entry_id),
        "entry_id": str(account.standing[0].entry_id),
        "case_correction_id": str(correction(pilot, number=1)),
    }
