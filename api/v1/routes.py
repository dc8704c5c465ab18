"""The list of every route of the JSON interface, and the health of the process."""

from __future__ import annotations

from fastapi import APIRouter

from api.v1 import (
    attendances,
    certificates,
    check_ins,
    closings,
    codes,
    compliance,
    corrections,
    coverage,
    exams,
    health,
    imports,
    learners,
    rulebook_changes,
    rulebooks,
    sessions,
)


def routers() -> list[APIRouter]:
    return [
        health.router,
        attendances.router,
        certificates.router,
        check_ins.router,
        closings.router,
        codes.router,
        corrections.router,
        compliance.router,
        coverage.router,
        exams.router,
        imports.router,
        learners.router,
        rulebook_changes.router,
        rulebooks.router,
        sessions.router,
    ]
