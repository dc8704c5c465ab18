"""The command that explains: a line of an account by its entry, a certificate by its number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

import typer

from api.bootstrap import Runtime
from api.cli_runtime import opened
from api.explaining import (
    Explained,
    Explanation,
    NothingToExplain,
    certificate_explained,
    certificate_numbered,
    line_explained,
)
from api.language.catalogue import Language
from api.pages.parent_words import say
from api.rendering import local
from api.v1.explanations import in_language


def add_to(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    what: Annotated[str, typer.Argument(metavar="ENTRY|NUMBER", help="An entry id or a number.")],
    english: Annotated[bool, typer.Option("--english", help="Say it in English.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say why a line of an account or a certificate is what it is, down to the scans."""
    language = Language.ENGLISH if english else Language.CHINESE
    with opened() as runtime:
        found = explanation_of(runtime, what)
    if as_json:
        typer.echo(in_language(found, language).model_dump_json())
        return
    typer.echo(say(language, found.answer))
    for line in lines_of(found.tree, language, 0):
        typer.echo(line)


def explanation_of(runtime: Runtime, what: str) -> Explanation:
    """Raises NothingToExplain, UnknownCertificate."""
    try:
        entry_id = UUID(what)
    except ValueError:
        return certificate_explained(runtime, certificate_numbered(runtime, what))
    learner_id = runtime.models.accounts.learner_of(entry_id)
    if learner_id is None:
        raise NothingToExplain
    return line_explained(runtime, learner_id, entry_id)


def lines_of(part: Explained, language: Language, depth: int) -> Iterator[str]:
    """The tree as indented lines, each with its rule and the event that says so."""
    indent = "  " * depth
    yield f"{indent}{say(language, part.says)}"
    if part.rule is not None:
        yield f"{indent}  {say(language, part.rule.says)} [{part.rule.ref} {part.version}]"
    if part.source is not None:
        at = local(part.source.at, "%Y-%m-%d %H:%M")
        yield f"{indent}  #{part.source.position} {at} {part.source.topic} {part.source.role}"
    for child in part.children:
        yield from lines_of(child, language, depth + 1)
