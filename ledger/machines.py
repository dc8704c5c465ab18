"""Commands about machines: a key is made for one, and ended; secrets never come here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.machine import Machine
from domain.refusals import Refused
from ledger.ledger import Ledger


class UnknownMachine(Refused):
    """No machine of that name at that organisation."""

    code = "machine_unknown"


class Machines:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def make_key(
        self,
        name: str,
        organisation: str,
        key_id: UUID,
        scopes: tuple[str, ...],
        ends: datetime,
        by: Envelope,
    ) -> UUID:
        """Make a key for a machine, which is registered with its first; return the machine's id.

        Raises KeyHasEnded, KeyTooLong, TooManyKeys.
        """
        machine_id = Machine.create_id(name, organisation)

        def decide() -> list[LedgerAggregate]:
            machine = self._of(name, organisation, by)
            machine.make_key(key_id, scopes, ends, by)
            return [machine]

        self._ledger.commit(by.command_id, decide)
        return machine_id

    def end_key(self, machine_id: UUID, key_id: UUID, reason_code: str, by: Envelope) -> int:
        """End a key at once. Raises UnknownMachine."""

        def decide() -> list[LedgerAggregate]:
            machine = self.machine(machine_id)
            machine.end_key(key_id, reason_code, by)
            return [machine]

        return self._ledger.commit(by.command_id, decide)

    def withdraw_key(
        self, name: str, organisation: str, key_id: UUID, reason_code: str, by: Envelope
    ) -> int:
        """End a key that was made, or is being made, or never was: nothing makes it afterwards."""

        def decide() -> list[LedgerAggregate]:
            machine = self._of(name, organisation, by)
            machine.withdraw_key(key_id, reason_code, by)
            return [machine]

        return self._ledger.commit(by.command_id, decide)

    def _of(self, name: str, organisation: str, by: Envelope) -> Machine:
        """A machine by its name, which begins where there is none."""
        known = self._ledger.find(Machine, Machine.create_id(name, organisation))
        return known or Machine(name=name, organisation=organisation, envelope=by)

    def machine(self, machine_id: UUID) -> Machine:
        """Raises UnknownMachine."""
        return self._ledger.get(Machine, machine_id, UnknownMachine)

    def find(self, machine_id: UUID) -> Machine | None:
        return self._ledger.find(Machine, machine_id)
