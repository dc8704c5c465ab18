"""The end of a soak: what was acknowledged is there once, and all that is derived follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from statistics import median
from uuid import UUID

from api.audit import Kept, audit
from api.bootstrap import Runtime
from domain.account import Account
from domain.aggregate import LedgerEvent
from domain.attendance import Attendance
from tests.soak.ground import Ground, insist
from tests.soak.load import Told

EVENTS = 5_000
FLAT = 1.15  # the second half of a process's life against the first, and some megabytes
SLACK_MB = 10.0


def wait_until_done(ground: Ground, told: Told) -> None:
    """Until the read models are at the head and every attested evening was judged."""

    def done() -> None:
        runtime = ground.runtime
        if behind := [each for each in runtime.projector.status() if each.lag_events]:
            raise OSError(f"behind: {behind}")
        for session_id in told.attested[-3:]:
            if not all(attendance.is_settled for attendance in present(runtime, session_id)):
                raise OSError("not judged")

    insist(done)


def present(runtime: Runtime, session_id: UUID) -> list[Attendance]:
    found = runtime.book.ledger.load(runtime.book.sessions.attendance_ids(session_id))
    return [each for each in found.values() if isinstance(each, Attendance)]


def faults(ground: Ground, told: Told) -> Iterator[str]:
    """Everything that is not as it must be, in words."""
    yield from told.wrong
    runtime = ground.runtime
    rows = recorded(runtime)
    for scan, at in told.acknowledged.items():
        key = Attendance.create_id(scan.session_id, scan.learner_id)
        found = rows.get(key)
        if found is None:
            yield f"acknowledged and lost: {scan}"
        elif (found[1].scan_id, found[1].envelope.occurred_at) != (scan.scan_id, at):
            yield f"acknowledged as another one: {scan}"
        elif told.positions.get(scan, found[0]) != found[0]:
            yield f"recorded at another position: {scan}"
    asked = {(scan.session_id, scan.learner_id) for scan in told.acknowledged}
    for _, event in rows.values():
        if not told.wrong and (event.session_id, event.learner_id) not in asked:
            yield f"nobody asked for {event.originator_id}"
    yield from not_judged(runtime, told)
    yield from inconsistent(runtime)


def inconsistent(runtime: Runtime) -> Iterator[str]:
    """After whatever went wrong: each fact once, the log whole, every read model as made anew."""
    yield from doubled(runtime)
    for part in audit(runtime, Kept(), log_only=False, progress=lambda *_: None):
        yield from (f"audit, {part.name}: {fault}" for fault in part.faults)


def recorded(runtime: Runtime) -> dict[UUID, tuple[int, Attendance.CheckedIn]]:
    """Every check-in of the feed by its stream, with its position."""
    rows: dict[UUID, tuple[int, Attendance.CheckedIn]] = {}
    for position, event in feed(runtime, Attendance.CheckedIn.TOPIC):
        assert isinstance(event, Attendance.CheckedIn)
        rows[event.originator_id] = (position, event)
    return rows


def doubled(runtime: Runtime) -> Iterator[str]:
    """Nothing is judged or credited twice."""
    judged = Counter(each.originator_id for _, each in feed(runtime, Attendance.Assessed.TOPIC))
    yield from (f"judged {n} times: {key}" for key, n in judged.items() if n > 1)
    credits: Counter[UUID] = Counter()
    for _, event in feed(runtime, Account.CreditAwarded.TOPIC):
        assert isinstance(event, Account.CreditAwarded)
        credits[event.credit.entry_id] += 1
    yield from (f"credited {n} times: {key}" for key, n in credits.items() if n > 1)


def not_judged(runtime: Runtime, told: Told) -> Iterator[str]:
    for session_id in told.attested:
        waiting = [each.id for each in present(runtime, session_id) if not each.is_settled]
        yield from (f"not judged: {key}" for key in waiting)


def feed(runtime: Runtime, topic: str) -> Iterator[tuple[int, LedgerEvent]]:
    ledger, after = runtime.book.ledger, 0
    while page := ledger.store.select_notifications(
        after, EVENTS, topics=[topic], inclusive_of_start=False
    ):
        for row in page:
            yield row.id, ledger.events_mapper.to_domain_event(row)
        after = page[-1].id


def grown(memory: dict[str, list[float]]) -> Iterator[str]:
    """Processes that were never killed and whose memory is not flat after the warm-up."""
    for name, samples in memory.items():
        half = len(samples) // 2
        before, after = median(samples[half // 2 : half]), median(samples[half:])
        if after > before * FLAT + SLACK_MB:
            yield f"memory of {name} grew from {before:.0f} to {after:.0f} MB"
