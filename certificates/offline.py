"""Verifying with files alone: saved status lists where an installation has its register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from certificates.claims import Claims
from certificates.status import Status, StatusList, UntrustedStatusList
from certificates.verifying import StatusOf


def status_by(lists: Iterable[StatusList], now: datetime) -> StatusOf:
    """Say what the lists say. A stale one still revokes, but cannot tell that nothing happened."""
    by_number = {each.number: each for each in lists}

    def status_of(claims: Claims) -> Status | None:
        try:
            found = by_number[claims.status_list]
            status = found.at(claims.status_index)
        except (KeyError, UntrustedStatusList):
            return None
        return None if status is Status.VALID and not found.is_fresh(now) else status

    return status_of
