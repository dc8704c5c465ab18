"""Read models made anew, compared with those that run, and switched; older tables put back.

Exit codes: 0 done; 1 `--check` found something that is not the same; 5 refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from api.bootstrap import Runtime
from api.cli_runtime import opened
from domain.refusals import Refused
from projections.projection import Projection
from projections.rebuild import Progress as Show
from projections.rebuild import Rebuild, RebuildReport

NOT_THE_SAME: Final = 1

Name = Annotated[str | None, typer.Argument(help="Of a read model, as `status` lists them.")]
All = Annotated[bool, typer.Option("--all", help="Every read model, one after the other.")]
Check = Annotated[bool, typer.Option("--check", help="Compare only: nothing is switched.")]
Back = Annotated[
    bool, typer.Option("--back", help="Put back the tables that ran before; they catch up first.")
]
Forget = Annotated[bool, typer.Option("--forget", help="Drop the tables that ran before.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class UnknownProjection(Refused):
    """There is no read model of that name; `known` lists them."""

    code = "projection_unknown"


def add_to(app: typer.Typer) -> None:
    app.command()(rebuild)


def rebuild(
    name: Name = None,
    every: All = False,
    check: Check = False,
    back: Back = False,
    forget: Forget = False,
    as_json: AsJson = False,
) -> None:
    """Build a read model anew beside the running one, compare, and switch.

    The tables that ran are kept until the next rebuild. Killed at any moment, it goes on when it is
    run again. With --check it exits with 1 where something is not the same.
    """
    if sum((check, back, forget)) > 1 or (name is None) is not every:
        message = "NAME or --all, and one of --check, --back, --forget at most"
        raise typer.BadParameter(message)
    with opened() as runtime:
        chosen = [Rebuild(runtime.views, each) for each in of_name(runtime, name)]
        if forget:
            forgotten = [each.name for each in chosen if each.forget()]
            typer.echo(json.dumps(forgotten) if as_json else "\n".join(forgotten))
            return
        if back and every:
            chosen = [each for each in chosen if each.has_older]
        reports = carried_out(chosen, check=check, back=back, as_json=as_json)
    if check and any(report.differing for report in reports):
        raise typer.Exit(NOT_THE_SAME)


def carried_out(
    chosen: Iterable[Rebuild], *, check: bool, back: bool, as_json: bool
) -> list[RebuildReport]:
    """One after the other; what is done is told, whatever stops the next."""
    reports: list[RebuildReport] = []
    try:
        with Bars() as bars:
            reports.extend(way(each, check, back)(bars.of(each.name)) for each in chosen)
    finally:
        tell(reports, as_json)
    return reports


def of_name(runtime: Runtime, name: str | None) -> Iterable[Projection]:
    """The read model of that name; all of them without one. Raises UnknownProjection."""
    known = {projection.name: projection for projection in runtime.models.projections}
    if name is not None and name not in known:
        raise UnknownProjection(name=name, known=sorted(known))
    return known.values() if name is None else [known[name]]


def way(rebuild: Rebuild, check: bool, back: bool) -> Callable[[Show], RebuildReport]:
    if back:
        return rebuild.back
    return rebuild.check if check else rebuild.run


def tell(reports: Iterable[RebuildReport], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in reports], ensure_ascii=False))
        return
    for report in reports:
        typer.echo(f"{report.projection}: version {report.version}, position {report.position}")
        for table in report.tables:
            typer.echo(f"  {table.table}: {table.rows} rows, {SAME[table.same]}")
            for difference in table.differences:
                typer.echo(f"    {difference}")


SAME: Final = {
    None: "nothing to compare with",
    True: "the same as before",
    False: "NOT the same as before; the first differences (key: was → now):",
}


class Rate(ProgressColumn):
    """Events a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "")


class Bars(Progress):
    """How far, how fast, how much longer, read model by read model, where a person watches."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate()
        super().__init__(
            *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
        )

    def of(self, name: str) -> Show:
        task = self.add_task(name, total=None)
        return lambda done, total: self.update(task, completed=done, total=total)
