"""The routes of every export."""

from __future__ import annotations

from typing import Final

from api.exports import (
    archive,
    audit_samples,
    auditing,
    certificates,
    duty,
    exams,
    home_visits,
    irregularities,
    ledger,
    matters,
    people,
    sessions,
    teachers,
)

EXPORT_ROUTERS: Final = tuple(
    module.router
    for module in (
        archive,
        audit_samples,
        auditing,
        certificates,
        duty,
        exams,
        home_visits,
        irregularities,
        ledger,
        matters,
        people,
        sessions,
        teachers,
    )
)
