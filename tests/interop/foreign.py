"""One Node process that asks the verifiers of others: a JSON line in, a JSON line out."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tools.npm import node

_PROGRAM = Path(__file__).with_name("foreign.mjs")


class Disagreed(Exception):
    """The foreign program threw: for a verifier, that is its no."""


class Foreign:
    """Questions to Node; each family of them is a file beside this one."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [node(), "--no-warnings", str(_PROGRAM)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def ask(self, family: str, question: str, /, **facts: object) -> Any:
        """Raises Disagreed where the program threw an error."""
        asking, answering = self._process.stdin, self._process.stdout
        assert asking is not None
        assert answering is not None
        asking.write(json.dumps({"family": family, "question": question, **facts}) + "\n")
        asking.flush()
        told = json.loads(answering.readline())
        if "error" in told:
            raise Disagreed(told["error"])
        return told.get("answer")

    def __enter__(self) -> Self:
        self._process.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.__exit__(kind, error, trace)
