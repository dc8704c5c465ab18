"""The archive pack of a term on the command line, the same file that the page hands out.

Exit codes: 0 nothing is missing; 1 something is, the file is written all the same; 5 refused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.archive_lines import ItemLine, lines_of
from api.cli_compliance import AsJson, School, TermCode
from api.cli_corrections import As, asking_as
from api.cli_runtime import busy
from api.exports.archive import pack_of, zipped
from api.exports.archive_files import Pack
from api.exports.handing_out import Saying
from api.language.catalogue import Language

MISSING = 1


def add_to(app: typer.Typer) -> None:
    app.command()(archive)


def archive(
    school: School,
    term: TermCode,
    user: As,
    file: Annotated[
        Path | None, typer.Option(help="Where to write; default: its own name, here.")
    ] = None,
    language: Annotated[Language, typer.Option(help="Of the lists in it.")] = Language.CHINESE,
    as_json: AsJson = False,
) -> None:
    """Write the archive pack of a term (归档包); exits with 1 where something is missing."""
    with asking_as(user) as asking, busy(school):
        pack = pack_of(asking, school, term, Saying(language))
        path = file or Path(f"{pack.name}.zip")
        part = path.with_name(f"{path.name}.part")
        with part.open("wb") as out:
            out.writelines(zipped(pack))
        part.replace(path)
    counted = pack.archive.completeness
    tell(path, pack, as_json=as_json)
    if counted.there < counted.due:
        raise typer.Exit(MISSING)


def tell(path: Path, pack: Pack, *, as_json: bool) -> None:
    lines, counted = lines_of(pack.archive), pack.archive.completeness
    if as_json:
        told = {"file": str(path), "there": counted.there, "due": counted.due}
        typer.echo(json.dumps({**told, "items": [of_item(line) for line in lines]}))
        return
    typer.echo(f"{path}\t{counted.there}/{counted.due}\t{counted.percent}%")
    for line in lines:
        if line.missing:
            item = pack.say.word("archive_items", line.item)
            typer.echo(f"{item}\t{line.there}/{line.due}")


def of_item(line: ItemLine) -> dict[str, object]:
    missing = [
        {"id": str(each.id) if each.id else None, "address": each.address} for each in line.missing
    ]
    return {
        "item": line.item, "there": line.there, "due": line.due, "who": line.roles,
        "missing": missing,
    }  # fmt: skip
