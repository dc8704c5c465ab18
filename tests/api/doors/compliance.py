"""The doors of compliance."""

from __future__ import annotations

from tests.api.doors.rule import Rule

DOORS: dict[str, Rule] = {}
