"""What a projection is: a name, a version, its tables, the topics it reads, and how it applies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString, Protocol

from projections.database import Tx
from projections.feed import Fact, Topics


class Projection(Protocol):
    """`topics` of None reads everything. A changed `version` is rebuilt from the feed.

    `apply` works on its own tables alone, which may lie in the shadow schema.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def tables(self) -> tuple[str, ...]: ...

    @property
    def ddl(self) -> LiteralString: ...

    @property
    def topics(self) -> Topics | None: ...

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None: ...


def together(projections: Sequence[Projection]) -> Topics | None:
    """The topics that some of them reads; None for all."""
    named = [p.topics for p in projections if p.topics is not None]
    return frozenset[str]().union(*named) if len(named) == len(projections) else None
