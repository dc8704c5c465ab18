"""The list of every route of the JSON interface, and the health of the process."""

from __future__ import annotations

from fastapi import APIRouter

from api.v1 import (
    as_of,
    attendances,
    certificates,
    check_ins,
    codes,
    corrections,
    exams,
    explanations,
    health,
    imports,
    learners,
    sessions,
    star_proposals,
)


def routers() -> list[APIRouter]:
    return [
        health.router,
        as_of.router,
        attendances.router,
        certificates.router,
        check_ins.router,
        codes.router,
        corrections.router,
        exams.router,
        explanations.router,
        imports.router,
        learners.router,
        sessions.router,
        star_proposals.router,
    ]
