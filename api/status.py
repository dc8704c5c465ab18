"""How the installation stands, for a page: what `doctor` can tell without the owner's rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.backup_notes import BackupNotes
from api.bootstrap import Runtime
from api.doctor import AGES, state_of_age
from api.findings import State
from api.followers import standings
from api.log_answers import standing
from api.v1.health import is_late


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing that was looked at: when it was done last, and what keeps it from being good."""

    what: str
    state: State
    at: datetime | None = None
    wrong: tuple[str, ...] = ()


def status_of(runtime: Runtime) -> list[Looked]:
    return [read_models(runtime), log(runtime), *(kept(runtime, kind) for kind in AGES)]


def read_models(runtime: Runtime) -> Looked:
    """Those that stopped or do not follow the feed, by name."""
    late = tuple(each.name for each in standings(runtime) if is_late(each))
    return Looked("read_models", State.BAD if late else State.GOOD, wrong=late)


def log(runtime: Runtime) -> Looked:
    """When the log of proofs was published last; its alarms by their codes."""
    found = standing(runtime)
    if found is None:
        return Looked("log", State.LOOK)
    alarms = tuple(sorted({code for _, code, _ in runtime.logs.alarms()}))
    is_good = not alarms and not runtime.logs.overdue(found.log)
    return Looked("log", State.GOOD if is_good else State.BAD, found.newest.published_at, alarms)


def kept(runtime: Runtime, kind: str) -> Looked:
    """A backup, or a trial of bringing one back."""
    at = BackupNotes(runtime.settings.backup_notes).newest(kind)
    return Looked(kind, state_of_age(kind, at, runtime.now()), at)
