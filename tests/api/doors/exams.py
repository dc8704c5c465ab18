"""The doors of exams."""

from __future__ import annotations

from tests.api.doors.rule import Rule

DOORS: dict[str, Rule] = {}
