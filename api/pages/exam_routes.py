"""The pages of exams: a parent's, the staff's, and the question banks."""

from __future__ import annotations

from typing import Final

from api.pages import parent_exams, staff_exam_attempts, staff_exams, staff_question_banks

EXAM_ROUTERS: Final = (
    parent_exams.router,
    staff_exam_attempts.router,
    staff_exams.router,
    staff_question_banks.router,
)
