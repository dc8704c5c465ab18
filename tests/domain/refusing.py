"""A refusal and what it says: its facts are what whoever asked is shown."""

from __future__ import annotations

import pytest

from domain.refusals import Refused


def refused(kind: type[Refused], **facts: object) -> pytest.RaisesExc[Refused]:
    """Exactly these facts are said, and no other ones."""
    return pytest.raises(kind, check=lambda refusal: refusal.facts == facts)
