"""The list of every route of the JSON interface, and the health of the process."""

from __future__ import annotations

from fastapi import APIRouter

from api.v1 import (
    attendances,
    calendar,
    cases,
    certificates,
    check_ins,
    closings,
    codes,
    compliance,
    corrections,
    coverage,
    custody,
    exam_attempts,
    exams,
    health,
    imports,
    learners,
    merges,
    own_exams,
    question_banks,
    rulebook_changes,
    rulebooks,
    own_cases,
    sessions,
    transfers,
)


def routers() -> list[APIRouter]:
    return [
        health.router,
        attendances.router,
        calendar.router,
        cases.router,
        certificates.router,
        check_ins.router,
        closings.router,
        codes.router,
        custody.router,
        merges.router,
        transfers.router,
        corrections.router,
        compliance.router,
        coverage.router,
        exams.router,
        imports.router,
        learners.router,
        rulebook_changes.router,
        rulebooks.router,
        exam_attempts.router,
        exams.router,
        imports.router,
        learners.router,
        own_exams.router,
        question_banks.router,
        own_cases.router,
        sessions.router,
    ]
