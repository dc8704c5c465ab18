"""The list of every route of the JSON interface, and the health of the process."""

from __future__ import annotations

from fastapi import APIRouter

from api.v1 import (
    attendances,
    certificates,
    check_ins,
    codes,
    corrections,
    exams,
    health,
    imports,
    learners,
    sessions,
    teacher_corrections,
    teacher_cycle,
    teachers,
)


def routers() -> list[APIRouter]:
    return [
        health.router,
        attendances.router,
        certificates.router,
        check_ins.router,
        codes.router,
        corrections.router,
        exams.router,
        imports.router,
        learners.router,
        sessions.router,
        teacher_corrections.router,
        teacher_cycle.router,
        teachers.router,
    ]
