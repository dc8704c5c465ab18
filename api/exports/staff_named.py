"""Who acted, by name, in lists that are handed out: in full at the school, masked above it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from api.asking import Asking
from api.certificates import SCHOOL_STAFF
from domain.envelope import Envelope
from domain.masking import mask_name

PURPOSE = "staff_in_lists"
Names = dict[UUID | None, str]


def staff_named(asking: Asking, ids: Iterable[UUID | None], by: Envelope) -> Names:
    """Names of staff, the reading recorded first; nobody's who was erased or never had one."""
    wanted = {each for each in ids if each}
    found = asking.runtime.book.vault.show(wanted, to=by.actor, purpose=PURPOSE, at=by.at)
    in_full = by.actor.role in SCHOOL_STAFF
    return {
        key: subject.name if in_full else mask_name(subject.name)
        for key, subject in found.items()
        if subject.name
    }
