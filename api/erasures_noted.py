"""Who was erased and does not stand in the list yet: the worker was down, or the list was lost."""

from __future__ import annotations

from api.bootstrap import Runtime
from api.erasure_list import Carried, ErasureList
from domain.erasure import Erasure


def unnoted(runtime: Runtime) -> list[Carried]:
    """By the streams themselves: a read model knows every request, and may be late with answers.

    Raises UnreadableErasures.
    """
    listed = {each.request_id for each in ErasureList(runtime.settings.erasures).read()}
    lines = [each for each in runtime.models.erasures.granted() if each.request_id not in listed]
    return [
        Carried.of(event)
        for line in lines
        for event in runtime.book.ledger.events.get(line.erasure_id)
        if isinstance(event, Erasure.CarriedOut) and event.request_id == line.request_id
    ]


def note(runtime: Runtime) -> int:
    """Write them into the list; how many. Raises UnreadableErasures."""
    found = unnoted(runtime)
    for each in found:
        ErasureList(runtime.settings.erasures).note(each)
    return len(found)
