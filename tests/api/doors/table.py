"""Every door of the program and who may go through it: the table the build is held to."""

from __future__ import annotations

from tests.api.doors import (
    appeals,
    as_of,
    compliance,
    corrections,
    earning,
    exams,
    people,
    rulebooks,
    sheets,
    spine,
    stars,
    teachers,
)
from tests.api.doors.rule import Rule

DOORS: dict[str, Rule] = {
    **spine.DOORS,
    **appeals.DOORS,
    **as_of.DOORS,
    **compliance.DOORS,
    **corrections.DOORS,
    **earning.DOORS,
    **exams.DOORS,
    **people.DOORS,
    **rulebooks.DOORS,
    **sheets.DOORS,
    **stars.DOORS,
    **teachers.DOORS,
}
