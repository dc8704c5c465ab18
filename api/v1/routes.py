"""The list of every route of the JSON interface, and the health of the process."""

from __future__ import annotations

from fastapi import APIRouter

from api.v1 import (
    attendances,
    certificates,
    check_ins,
    codes,
    corrections,
    exam_attempts,
    exams,
    health,
    imports,
    learners,
    own_exams,
    question_banks,
    sessions,
)


def routers() -> list[APIRouter]:
    return [
        health.router,
        attendances.router,
        certificates.router,
        check_ins.router,
        codes.router,
        corrections.router,
        exam_attempts.router,
        exams.router,
        imports.router,
        learners.router,
        own_exams.router,
        question_banks.router,
        sessions.router,
    ]
