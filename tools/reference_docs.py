"""docs/refusals.md, docs/settings.md and docs/commands.md, from the code."""

from __future__ import annotations

import json
import re
from pathlib import Path

from api.language.refusals import ANSWERS
from api.passbook.file import Passbook
from domain.refusals import Refused
from tools.inventory import Command, Setting, commands, refusals, rejections, sentence, settings
from tools.refusal_tests import tests_of

_MADE = "Written by `make schemas` from the code; do not edit.\n"

_REFUSALS = f"""# Refusals

{_MADE}
A refusal means that a rule said no and that nothing was recorded. Its **code** never changes; the
words people read are chosen by the code, in Chinese and English.

| code | status | when | tested in |
|---|--:|---|---|
"""

_REJECTIONS = """
## Rejected rows of a file

Bad input is no refusal: it is named with row, column, value and code, the good rows go on, and the
rejected ones come back as a file.

| code | 中文 | English |
|---|---|---|
"""

_SETTINGS = f"""# Settings

{_MADE}
Read once from the environment when a process starts, by `api/settings.py` alone. None is needed to
try the program.

| variable | kind | default | what it says |
|---|---|---|---|
"""

_COMMANDS = f"""# Commands

{_MADE}
`make run` puts the program at `.venv/bin/parent-credits`. Every command explains itself with
`--help`.
"""


def documents() -> dict[str, str]:
    return {
        "docs/refusals.md": _refusals(),
        "docs/settings.md": _SETTINGS + "".join(_setting(one) for one in settings()),
        "docs/commands.md": _COMMANDS + "".join(_command(one) for one in commands()),
        "docs/passbook.schema.json": _passbook(),
    }


def _passbook() -> str:
    schema = Passbook.model_json_schema(mode="serialization")
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|") or "–"


def _refusals() -> str:
    rows = [_refusal(kind) for kind in refusals()]
    rejected = [f"| `{code}` | {zh} | {en} |\n" for code, (zh, en) in rejections().items()]
    return "".join([_REFUSALS, *rows, _REJECTIONS, *rejected])


def _refusal(kind: type[Refused]) -> str:
    says = sentence(vars(kind).get("__doc__")) or _spoken(kind.__name__)
    tests = [f"[{Path(test).stem}](../{test})" for test in tests_of(kind)[:1]]
    status = ANSWERS[kind.code].status
    return f"| `{kind.code}` | {status} | {_cell(says)} | {''.join(tests) or '–'} |\n"


def _spoken(name: str) -> str:
    """Read a class's name aloud: LoginRequired is "Login required."."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize() + "."


def _setting(setting: Setting) -> str:
    cells = (f"`{setting.name}`", setting.kind, setting.default, setting.says)
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |\n"


def _command(command: Command) -> str:
    parts = [f"\n## `parent-credits {command.name}`\n\n{command.says}\n"]
    if command.parameters:
        parts.append("\n| argument or option | |\n|---|---|\n")
    for one in command.parameters:
        needed = "" if not one.required else " (required)"
        parts.append(f"| `{one.name}`{needed} | {_cell(one.says)} |\n")
    return "".join(parts)
