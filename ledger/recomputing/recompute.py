"""Recompute: every figure of a person, derived again from given facts by the rules themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from ledger.evaluating import system_envelope
from ledger.recomputing.figures import Figure
from ledger.recomputing.given import Given, GivenLedger
from ledger.recomputing.lines import Lines
from ledger.recomputing.results import Results
from ledger.records import records_of
from ledger.rulebooks import Rulebooks


def recomputed(
    given: Given, ledger: GivenLedger, learner_id: UUID, sources: Collection[UUID], as_of: datetime
) -> list[Figure]:
    """What is recorded of a person beside what follows; `sources` are streams of theirs."""
    by = system_envelope(as_of, "", learner_id, "recompute")
    records = records_of(ledger, learner_id)
    found = list(ledger.load(sources).values())
    lines = Lines(ledger, Rulebooks(ledger), records, by)
    results = Results(given, ledger)
    return [
        *lines.figures(found),
        *(figure for record in records for figure in results.figures(record, by)),
    ]
