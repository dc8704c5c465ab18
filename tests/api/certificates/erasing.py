"""What an erasure does to the vault, apart from the facts and from everything else."""

from __future__ import annotations

from uuid import UUID

from api.bootstrap import Runtime
from domain.erasure import Scope


def erase(runtime: Runtime, subject_id: UUID) -> None:
    runtime.book.erasures.finish(Scope(records=(subject_id,), subjects=(subject_id,)))
