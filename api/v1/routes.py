"""The list of every route of the JSON interface, and the health of the process."""

from __future__ import annotations

from fastapi import APIRouter

from api.v1 import (
    attendances,
    certificates,
    check_ins,
    codes,
    corrections,
    courses,
    exams,
    external_hours,
    health,
    imports,
    learners,
    leaves,
    own_studies,
    parent_services,
    sessions,
    studies,
)


def routers() -> list[APIRouter]:
    return [
        health.router,
        attendances.router,
        certificates.router,
        check_ins.router,
        codes.router,
        corrections.router,
        courses.router,
        exams.router,
        external_hours.router,
        imports.router,
        learners.router,
        leaves.router,
        own_studies.router,
        parent_services.router,
        sessions.router,
        studies.router,
    ]
