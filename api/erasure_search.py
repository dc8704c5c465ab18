"""The proof of an erasure: is a name or a phone still anywhere? Places are told, never the text."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from api.bootstrap import Runtime

_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname = ANY(%s) ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Found:
    """A table, the vault's content, or a file; and in how many rows, entries or places."""

    where: str
    times: int


@dataclass(frozen=True)
class Sought:
    """Every way in which a text may lie in a row or a file."""

    words: tuple[str, ...]

    @property
    def forms(self) -> list[str]:
        """As text, as JSON that is ASCII alone, and as PostgreSQL shows bytes."""
        plain = [form for word in self.words for form in (word, json.dumps(word)[1:-1])]
        return list(dict.fromkeys([*plain, *(form.encode().hex() for form in plain)]))

    @property
    def bytes_forms(self) -> list[bytes]:
        wide = [word.encode("utf-16-le") for word in self.words]
        return [*(form.encode() for form in self.forms), *wide]

    def stands_in(self, content: bytes) -> bool:
        return any(form in content for form in self.bytes_forms)


def places_of(runtime: Runtime, words: Sequence[str]) -> Iterator[Found]:
    """Where any of these stands: tables first, then what the vault unseals, then files."""
    sought = Sought(tuple(words))
    names = runtime.connections.names
    with psycopg.connect(runtime.connections.owner) as connection:
        schemas = [names.ledger, names.vault, names.web, *names.read_sides]
        for schema, table in connection.execute(_TABLES, (schemas,)).fetchall():
            if times := rows_with(connection, schema, table, sought):
                yield Found(f"{schema}.{table}", times)
    if times := sum(sought.stands_in(content) for content in runtime.book.vault.contents()):
        yield Found(f"{names.vault} (unsealed)", times)
    for path in files_of(runtime):
        if times := times_in(path, sought):
            yield Found(str(path), times)


def rows_with(connection: Connection[Any], schema: str, table: str, sought: Sought) -> int:
    statement = SQL(
        "SELECT count(*) FROM {} AS t WHERE EXISTS"
        " (SELECT 1 FROM unnest(%s::text[]) AS form WHERE position(form IN t::text) > 0)"
    )
    counting = statement.format(Identifier(schema, table))
    row = connection.execute(counting, (sought.forms,)).fetchone()
    return 0 if row is None else int(row[0])


def files_of(runtime: Runtime) -> Iterator[Path]:
    """Every file of the var folder, and of the server's data where it is our own."""
    server = runtime.connections.server
    folders = [runtime.settings.var, runtime.settings.checkpoints]
    if server is not None:
        folders.append(server.folder)
    seen: set[Path] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def times_in(path: Path, sought: Sought) -> int:
    """How often a file holds it; a file that is gone meanwhile holds nothing."""
    try:
        with path.open("rb") as file:
            if not path.stat().st_size:
                return 0
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                return sum(count(content, form) for form in sought.bytes_forms)
    except (FileNotFoundError, ValueError):
        return 0


def count(content: mmap.mmap, form: bytes) -> int:
    times, at = 0, content.find(form)
    while at >= 0:
        times, at = times + 1, content.find(form, at + 1)
    return times
