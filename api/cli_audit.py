"""The audit on the command line: of a running ledger, or offline of a term's archive.

Exit codes: 0 everything is as it was; 1 something is not, the first named first; 5 refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import psycopg
import typer
from psycopg.rows import tuple_row
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from api.archive_audit import audit_archive
from api.audit import Kept, Part, audit
from api.bootstrap import Runtime
from api.cli_runtime import opened
from ledger.log.auditing import Fault, LogAudit
from ledger.log.logs import Connection
from ledger.log.note import Key, Note

NOT_THE_SAME = 1
MOST_SHOWN = 20

WORDS: Final = {
    "event_changed": "记录被改动 changed after it was recorded",
    "event_missing": "记录缺失 recorded once, missing now",
    "event_inserted": "记录是插入的 inserted into the past",
    "root_differs": "与公布的检查点不符 not what a published checkpoint speaks of",
    "head_differs": "与保存的树根不符 not the stored head of the tree",
    "rolled_back": "比公布的检查点少 fewer events than a published checkpoint speaks of",
    "read_model_differs": "重算结果不同 replayed, it comes out otherwise",
    "document_differs": "证书文件与记录的指纹不符 not the bytes whose hash is recorded",
    "listing_differs": "结账明细与记录的指纹不符 not the listing whose hash is recorded",
    "not_included": "证明不成立 not proved to be in the log",
    "file_differs": "文件与清单不符 not the file that the list speaks of",
    "state_differs": "内容与指纹不符 not the content whose hash is in the leaf",
}

Since = Annotated[
    list[Path] | None,
    typer.Option("--since", help="A checkpoint kept elsewhere; may be given several times."),
]
KeyOption = Annotated[
    str | None,
    typer.Option("--key", help="The log's public key, or a file with it, from elsewhere."),
]
Archive = Annotated[Path | None, typer.Option(help="Check the archive of a term instead, offline.")]
Export = Annotated[
    Path | None, typer.Option(help="Write leaves, checkpoint and keys here, for other tools.")
]


def add_to(app: typer.Typer) -> None:
    app.command(name="audit")(check)


def check(
    since: Since = None,
    key: KeyOption = None,
    archive: Archive = None,
    export: Export = None,
    log_only: Annotated[bool, typer.Option(help="Leave out what is derived.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare everything with what was published; exits with 1 where something is not the same."""
    kept = Kept(tuple(Note.parsed(path.read_bytes()) for path in since or []), key_of(key))
    if archive is not None:
        tell([audit_archive(archive, kept)], as_json)
        return
    with opened() as runtime, ExitStack() as stack:
        if export is not None:
            write_export(runtime, export)
        bars = stack.enter_context(Bars())
        parts = list(audit(runtime, kept, log_only=log_only, progress=bars.show))
    tell(parts, as_json)


def key_of(text: str | None) -> Key | None:
    """Raises BadKey."""
    if text is None:
        return None
    path = Path(text)
    content = path.read_text(encoding="utf-8") if "+" not in text and path.exists() else text
    return Key.parsed(content.strip().split("\n")[0])


class Bars(Progress):
    """A bar for each part, on standard error."""

    def __init__(self) -> None:
        columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        super().__init__(*columns, console=Console(stderr=True), transient=True)
        self._known: dict[str, int] = {}

    def show(self, name: str, done: int, total: int) -> None:
        if name not in self._known:
            self._known[name] = int(self.add_task(name, total=total))
        [task] = [each for each in self.tasks if each.id == self._known[name]]
        self.update(task.id, completed=done, total=total)


def write_export(runtime: Runtime, folder: Path) -> None:
    """Leaves of the tree of the newest checkpoint, as docs/audit.md describes them."""
    folder.mkdir(parents=True, exist_ok=True)
    log = runtime.logs.current()
    newest = runtime.logs.newest(log)
    connection: Connection = psycopg.connect(runtime.connections.app, row_factory=tuple_row)
    with connection, (folder / "leaves.txt").open("wb") as out:
        whole = LogAudit(connection, runtime.connections.names.ledger, log)
        out.writelines(whole.export(newest.size))
    (folder / "checkpoint").write_text(str(newest.whole), encoding="utf-8")
    (folder / "keys").write_text(f"{log.key}\n{runtime.receipts.key}\n", encoding="utf-8")


def tell(parts: Iterable[Part], as_json: bool) -> None:
    parts = list(parts)
    if as_json:
        typer.echo(json.dumps([asdict(part) for part in parts], ensure_ascii=False))
    else:
        for part in parts:
            typer.echo(f"{'✗' if part.faults else '✓'} {part.name}\t{part.compared}")
            for fault in part.faults[:MOST_SHOWN]:
                typer.echo(f"  {line_of(fault)}")
            if len(part.faults) > MOST_SHOWN:
                typer.echo(f"  … {len(part.faults)}")
    if any(part.faults for part in parts):
        raise typer.Exit(NOT_THE_SAME)


def line_of(fault: Fault) -> str:
    places = {"leaf": fault.index, "position": fault.position, "size": fault.size}
    said = [f"{name} {value}" for name, value in places.items() if value is not None]
    where = [*said, fault.event or "", "(--since)" if fault.kept else ""]
    return " ".join([f"{WORDS[fault.code]}:", *filter(None, where)])
