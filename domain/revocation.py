"""A proposed revocation: how it may end without the certificate's being revoked."""

from __future__ import annotations

from enum import StrEnum


class DroppedHow(StrEnum):
    """Who took a proposed revocation off the table: the school, or the district."""

    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
