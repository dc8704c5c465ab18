"""Keeping the log: the worker's threads that sequence, publish, and ask witnesses to cosign."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import psycopg
import structlog
from eventsourcing.persistence import OperationalError
from psycopg.sql import SQL, Identifier

from domain.refusals import Refused
from ledger.events_table import channel_of
from ledger.ledger import EVENTS_TABLE
from ledger.log.checkpoint import Forked, RolledBack
from ledger.log.logs import Log, Logs, NoLogYet, Published, Statements
from ledger.log.note import NoteSigner, Signature
from ledger.log.policy import Policy, Witness
from ledger.log.publishing import CheckpointFolder
from ledger.log.sequencer import Sequencer
from ledger.log.witnessing import Asking, SeenAnother, WitnessSilent
from ledger.migrations import Names

log = structlog.get_logger(__name__)

GATHER: Final = 0.25  # seconds: events that come in a burst share a checkpoint
LOOK_EVERY: Final = 0.7  # also by the clock: a notification may be lost
STANDBY: Final = 1.0
MOMENT: Final = 0.05
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
COSIGN_EVERY: Final = 10.0

# What passes when the database is back; anything else is raised as an alarm.
GONE = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError)


@dataclass(frozen=True)
class Keeping:
    """All that it takes to keep a ledger's log."""

    conninfo: str
    names: Names
    origin: str
    signer_of: Callable[[str], NoteSigner]
    folder: CheckpointFolder
    logs: Logs
    policy: Policy

    def opened(self) -> Sequencer | None:
        """None where another process keeps it. Raises RolledBack, Forked, TileBroken."""
        return Sequencer.opened(self.conninfo, self.names, self.origin, self.signer_of, self.folder)

    def keep_cosignature(self, written: Log, published: Published, found: Signature) -> None:
        statement = Statements(self.names.ledger)(
            "INSERT INTO {0}.log_cosignature (log, size, witness, line, cosigned_at)"
            " VALUES (%s, %s, %s, %s, to_timestamp(%s)) ON CONFLICT DO NOTHING"
        )
        values = (written.number, published.size, found.name, found.line, found.cosigned_at)
        with psycopg.connect(self.conninfo) as connection:
            connection.execute(statement, values)


class LogKeeper:
    """One process of a ledger keeps its log; the others stand by."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping
        self._stop = threading.Event()
        self._witnesses = Witnesses(keeping.logs, keeping.policy)
        self._told: str | None = None
        self._another: Refused | None = None  # the history that a witness knows
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._asking = threading.Thread(target=self._ask, name="log-witnesses", daemon=True)
        self._keeps = threading.Event()

    def start(self) -> None:
        self._thread.start()
        self._asking.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._asking.join()
        self._witnesses.close()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            try:
                if not self._keep():
                    self._stop.wait(STANDBY)
                pause = FIRST_PAUSE
            except GONE as error:
                log.warning("log_database_gone", error=type(error).__name__)
            except Refused as refusal:
                self._tell(refusal)
            except Exception:  # the next round tries again; the log says what was wrong
                log.exception("log_failed")
            finally:
                self._keeps.clear()
            self._stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _keep(self) -> bool:
        """Sequence until stopped; False where another process does. Raises what opening raises."""
        sequencer = self._keeping.opened()
        if sequencer is None:
            return False
        with sequencer:
            self._witnesses.must_not_know_more(sequencer.log)
            self._told = self._another = None
            self._keeps.set()
            channel = channel_of(self._keeping.names.ledger, EVENTS_TABLE)
            sequencer.connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
            while not self._stop.is_set():
                if self._another is not None:
                    raise self._another
                sequencer.step()
                if self._heard(sequencer):
                    self._stop.wait(GATHER)
        return True

    def _heard(self, sequencer: Sequencer) -> bool:
        """Wait for a notification, a moment at a time: whoever stops us is not kept waiting."""
        until = time.monotonic() + LOOK_EVERY
        while not self._stop.is_set() and time.monotonic() < until:
            if list(sequencer.connection.notifies(timeout=MOMENT, stop_after=1)):
                return True
        return False

    def _tell(self, refusal: Refused) -> None:
        """An alarm for everybody who looks, once as long as it lasts."""
        log.error(refusal.code, **refusal.facts)
        if self._told == refusal.code:
            return
        try:
            self._keeping.logs.alarm(refusal.code, **refusal.facts)
            self._told = refusal.code
        except Exception as error:  # noqa: BLE001 - the thread outlives it, and raises it again
            log.warning("log_alarm_not_kept", error=type(error).__name__)

    def _ask(self) -> None:
        while not self._stop.wait(COSIGN_EVERY):
            if not self._keeps.is_set():
                continue
            try:
                self._witnesses.cosign(self._keeping)
            except (RolledBack, Forked) as another:
                self._another = another
            except Exception as error:  # noqa: BLE001 - the thread outlives it
                log.warning("log_not_cosigned", error=type(error).__name__)


class Witnesses:
    """Those of the policy that have an address, and what each cosigned last."""

    def __init__(self, logs: Logs, policy: Policy) -> None:
        self._logs = logs
        self._witnesses = [each for each in policy.witnesses.values() if each.url]
        self._asking = Asking()
        self._sizes: dict[tuple[int, str], int] = {}
        self._told: set[tuple[str, object]] = set()

    def close(self) -> None:
        self._asking.close()

    def must_not_know_more(self, written: Log) -> None:
        """Nobody may have cosigned more, or other, than we hold. Raises RolledBack, Forked."""
        published = self._newest(written)
        for witness in self._witnesses:
            try:
                if published is not None:
                    self._sizes[written.number, witness.name] = 0
                    self._cosigned(written, witness, published)
            except (RolledBack, Forked):
                raise
            except Refused as refusal:
                log.warning(refusal.code, **refusal.facts)

    def cosign(self, keeping: Keeping) -> None:
        """Have the newest checkpoint cosigned by whoever has not; the silent are asked again.

        Raises RolledBack, Forked: a witness knows another history.
        """
        written = self._logs.current()
        published = self._newest(written)
        if published is None:
            return
        already = {each.name for each in published.cosignatures}
        for witness in self._witnesses:
            if witness.key.name in already:
                continue
            try:
                found = self._cosigned(written, witness, published)
                keeping.keep_cosignature(written, published, found)
            except (RolledBack, Forked):
                raise
            except WitnessSilent as silent:
                log.warning(silent.code, **silent.facts)
            except Refused as refusal:
                self._alarm(refusal)

    def _newest(self, written: Log) -> Published | None:
        try:
            return self._logs.newest(written)
        except NoLogYet:
            return None

    def _alarm(self, refusal: Refused) -> None:
        """Once as long as it lasts."""
        told = refusal.code, refusal.facts.get("witness")
        if told not in self._told:
            log.error(refusal.code, **refusal.facts)
            self._logs.alarm(refusal.code, **refusal.facts)
            self._told.add(told)

    def _cosigned(self, written: Log, witness: Witness, published: Published) -> Signature:
        """Raises RolledBack, Forked, WitnessSilent, WitnessRefused, WitnessNonsense."""
        place = written.number, witness.name
        old, size = min(self._sizes.get(place, 0), published.size), published.size
        for _ in range(2):
            proof = self._logs.tree(written, size).consistency(old, size)
            try:
                found = self._asking.cosignature(witness, published.note, old, proof)
            except SeenAnother as seen:
                if seen.size > size:
                    raise RolledBack(published=seen.size, size=size, witness=witness.name) from seen
                if seen.size == old:  # of the same size, it is of another root
                    raise Forked(published=seen.size, size=size, witness=witness.name) from seen
                old = seen.size
                continue
            self._sizes[place] = size
            self._told = {told for told in self._told if told[1] != witness.name}
            return found
        raise WitnessSilent(witness=witness.name)
