"""What an import says on the command line: JSON for programs, tables and a bar for people."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api.imports.report import ImportReport, Outcome
from api.imports.texts import reason
from api.language.catalogue import Language, translate
from api.problems import plain, text_of
from domain.refusals import Refused

SHOWN: Final = 20
PATIENCE: Final = 1.0  # seconds without a bar

NAMES: Final = {
    Outcome.NEW: "新增",
    Outcome.SAME: "无变化",
    Outcome.CHANGED: "有变动",
    Outcome.DOUBTFUL: "待核对",
    Outcome.REJECTED: "未通过",
}


class Output:
    def __init__(self, lang: Literal["zh", "en"], *, as_json: bool) -> None:
        self._lang: Literal["zh", "en"] = lang
        self._language = Language.ENGLISH if lang == "en" else Language.CHINESE
        self._as_json = as_json
        self._console = Console()
        self._aside = Console(stderr=True)

    def show(self, report: ImportReport) -> None:
        if self._as_json:
            say_json(report.as_dict())
            return
        self._console.print(self._counts(report))
        if report.wrong:
            self._console.print(self._wrong(report))

    def refuse(self, refusal: Refused) -> None:
        text = text_of(refusal.code, self._language)
        if self._as_json:
            facts = {name: plain(value) for name, value in refusal.facts.items()}
            say_json({"code": refusal.code, "title": text, **facts})
            return
        self._aside.print(f"{refusal.code}: {text}", markup=False, highlight=False)

    def write(self, path: Path, content: bytes) -> None:
        """For its owner's eyes only: the rows name people. The import stands if this fails."""
        where = self._word("未导入的行已存为 {path}", path=path)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        except OSError as error:
            where = f"{path}: {error.strerror}"
        self._aside.print(where, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def bar(self) -> Generator[Callable[[int, int], None]]:
        """A bar for whatever takes more than a second."""
        began = time.monotonic()
        with Progress(console=self._aside, transient=True, auto_refresh=False) as progress:
            task = progress.add_task(self._word("正在导入"), visible=False)

            def show(done: int, total: int) -> None:
                visible = time.monotonic() - began > PATIENCE
                progress.update(task, completed=done, total=total, visible=visible, refresh=visible)

            yield show

    def _counts(self, report: ImportReport) -> Table:
        title = self._word("试运行，未记录") if report.dry_run else None
        table = Table(title=title)
        for outcome in Outcome:
            table.add_column(self._word(NAMES[outcome]), justify="right")
        table.add_row(*(str(report.counts[outcome]) for outcome in Outcome))
        return table

    def _wrong(self, report: ImportReport) -> Table:
        table = Table()
        for heading in ("行", "列", "内容", "原因"):
            table.add_column(self._word(heading), overflow="fold")
        for each in report.wrong[:SHOWN]:
            cells = (str(each.row or ""), each.column, each.value, reason(each.code, self._lang))
            table.add_row(*map(unmarked, cells))
        if (more := len(report.wrong) - SHOWN) > 0:
            table.caption = self._word("还有 {more} 处", more=more)
        return table

    def _word(self, text: str, **values: object) -> str:
        return translate(self._language, text, **values)


def say_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def unmarked(cell: str) -> str:
    """A cell of a file is no markup: it may hold brackets."""
    return cell.replace("[", r"\[")
