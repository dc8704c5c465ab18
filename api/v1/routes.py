"""The list of every route of the JSON interface, and the health of the process."""

from __future__ import annotations

from fastapi import APIRouter

from api.v1 import (
    attendances,
    calendar,
    cases,
    certificates,
    check_ins,
    codes,
    corrections,
    exams,
    health,
    imports,
    learners,
    own_cases,
    sessions,
)


def routers() -> list[APIRouter]:
    return [
        health.router,
        attendances.router,
        calendar.router,
        cases.router,
        certificates.router,
        check_ins.router,
        codes.router,
        corrections.router,
        exams.router,
        imports.router,
        learners.router,
        own_cases.router,
        sessions.router,
    ]
