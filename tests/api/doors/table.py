"""Every door of the program and who may go through it: the table the build is held to."""

from __future__ import annotations

from tests.api.doors import (
    appeals,
    as_of,
    audit_samples,
    auditing,
    certificates,
    compliance,
    corrections,
    details,
    devices,
    earning,
    erasures,
    exams,
    exports,
    home_visits,
    irregularities,
    people,
    plans,
    rulebooks,
    scanner,
    sheets,
    spine,
    stars,
    teachers,
)
from tests.api.doors.rule import Rule

_OTHERS: dict[str, Rule] = {
    **spine.DOORS,
    **appeals.DOORS,
    **as_of.DOORS,
    **audit_samples.DOORS,
    **auditing.DOORS,
    **certificates.DOORS,
    **compliance.DOORS,
    **corrections.DOORS,
    **details.DOORS,
    **erasures.DOORS,
    **devices.DOORS,
    **earning.DOORS,
    **exams.DOORS,
    **home_visits.DOORS,
    **irregularities.DOORS,
    **people.DOORS,
    **plans.DOORS,
    **rulebooks.DOORS,
    **scanner.DOORS,
    **sheets.DOORS,
    **stars.DOORS,
    **teachers.DOORS,
}
DOORS: dict[str, Rule] = {**_OTHERS, **exports.exports_of(_OTHERS)}
