"""Looking for irregularities: once two persons attested a session, and when paper follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from api.bootstrap import Runtime
from api.closing import SECONDS_TO_CATCH_UP, ReadModelsBehind
from domain.irregularity_look import Look
from domain.irregularity_rules import flags_of
from domain.session import Session
from domain.sheet import Sheet
from projections.feed import Fact
from projections.following import Follower

LOOKED_AT_AFTER: Final = frozenset({Session.Attested.TOPIC, Sheet.Checked.TOPIC})
LOOKED_AT: Final = frozenset(
    {"session_board", "attendance_register", "one_person", "sheet_book", "scan_inbox"}
)


def follow_irregularities(runtime: Runtime) -> Follower:
    """Whoever sees a fact again flags nothing twice: a flag's identity is made of its cause."""

    def follow(facts: Sequence[Fact]) -> None:
        shown = runtime.projector.wait_for(facts[-1].position, SECONDS_TO_CATCH_UP, LOOKED_AT)
        if not shown:
            raise ReadModelsBehind
        causes = {fact.stream: fact.event.envelope.command_id for fact in facts}
        for stream, found in runtime.book.ledger.load(causes).items():
            match found:
                case Session():
                    look_at(runtime, stream, causes[stream])
                case Sheet(session_id=session_id):
                    look_at(runtime, session_id, causes[stream])
                case _:
                    pass

    return Follower("irregularities", LOOKED_AT_AFTER, follow)


def look_at(runtime: Runtime, session_id: UUID, cause: UUID) -> None:
    """Flag what is odd about a session that two persons have attested."""
    look = look_of(runtime, session_id)
    if look is not None:
        runtime.book.irregularities.flag(flags_of(look), runtime.now(), cause)


def look_of(runtime: Runtime, session_id: UUID) -> Look | None:
    looking, sessions = runtime.models.looking, runtime.book.sessions
    evening = looking.evening(session_id)
    if evening is None:
        return None
    rules = sessions.rulebook_of(sessions.get(session_id)).attendance
    return Look(
        evening,
        rules,
        seen=looking.seen(session_id),
        elsewhere=looking.elsewhere(session_id),
        late=looking.late(session_id),
    )
