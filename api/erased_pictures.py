"""Pictures of sheets that an erasure missed: filed beside it, or not found by an older release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from api.bootstrap import Runtime
from api.closing import SECONDS_TO_CATCH_UP, ReadModelsBehind
from api.erasure_effects import scans_of
from domain.erasure import Erasure
from domain.sheet import Sheet
from projections.feed import Fact
from projections.following import Follower

TOPICS: Final = frozenset({Erasure.CarriedOut.TOPIC, Sheet.ScanFiled.TOPIC, Sheet.Entered.TOPIC})
READ: Final = frozenset({"sheet_book"})


def follow_pictures(runtime: Runtime) -> Follower:
    """A sheet and an erasure are decided apart: whichever is recorded later meets the other here.

    It begins with the first fact of the ledger; what is gone already is no news.
    """

    def follow(facts: Sequence[Fact]) -> None:
        if not runtime.projector.wait_for(facts[-1].position, SECONDS_TO_CATCH_UP, READ):
            raise ReadModelsBehind
        for fact in facts:
            match fact.event:
                case Erasure.CarriedOut(scope=scope):
                    scans = tuple(scans_of(runtime, {*scope.records, *scope.subjects}))
                    runtime.book.erasures.finish(scope.model_copy(update={"scans": scans}))
                case Sheet.ScanFiled() | Sheet.Entered():
                    runtime.book.sheets.forget_erased(fact.stream)
                case _:
                    pass

    return Follower("erased_pictures", TOPICS, follow)
