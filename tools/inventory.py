"""What the code holds: its events, refusals, settings and commands, found by looking."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, TypeVar

import typer
from pydantic_settings import BaseSettings

from domain.aggregate import LedgerEvent
from domain.refusals import Refused
from tools import PACKAGES

Kind = TypeVar("Kind")


def modules(package: str) -> list[str]:
    """Name the package and every module in it."""
    found = importlib.import_module(package)
    inside = pkgutil.walk_packages(found.__path__, package + ".")
    return [package, *(one.name for one in inside)]


def import_all(*packages: str) -> None:
    for package in packages or PACKAGES:
        for name in modules(package):
            importlib.import_module(name)


def sentence(text: str | None) -> str:
    """Take a docstring's first line."""
    return inspect.cleandoc(text or "").partition("\n")[0].strip()


def _subclasses(kind: type[Kind]) -> Iterator[type[Kind]]:
    for child in kind.__subclasses__():
        if child.__module__.partition(".")[0] in PACKAGES:  # a test has some of its own
            yield child
        yield from _subclasses(child)


def event_classes() -> dict[str, type[LedgerEvent]]:
    """Find the class of every topic."""
    import_all("domain")
    found: dict[str, type[LedgerEvent]] = {}
    for kind in _subclasses(LedgerEvent):
        topic = vars(kind).get("TOPIC")
        if topic is None:
            continue
        if found.setdefault(topic, kind) is not kind:
            raise ValueError(f"two events have the topic {topic}: {found[topic]} and {kind}")
    return dict(sorted(found.items()))


def refusals() -> list[type[Refused]]:
    """Find every refusal. A family without a code of its own is left out."""
    import_all()
    own = [kind for kind in _subclasses(Refused) if "code" in vars(kind)]
    return sorted(own, key=lambda kind: (kind.code, kind.__qualname__))


def rejections() -> dict[str, tuple[str, str]]:
    """What may be wrong with a row or a cell of a file, in Chinese and English."""
    if find_spec("api.files") is None:
        return {}
    texts: dict[str, tuple[str, str]] = importlib.import_module("api.files.texts").TEXTS
    return texts


@dataclass(frozen=True)
class Setting:
    """One variable of the environment that the program reads."""

    name: str
    kind: str
    default: str
    says: str


def settings() -> list[Setting]:
    if find_spec("api.settings") is None:
        return []
    held = vars(importlib.import_module("api.settings")).values()
    own = [kind for kind in held if _is_settings(kind)]
    return [one for kind in own for one in _settings_of(kind)]


def _is_settings(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseSettings) and kind is not BaseSettings


def _settings_of(kind: type[BaseSettings]) -> Iterator[Setting]:
    prefix = kind.model_config.get("env_prefix", "")
    for name, field in kind.model_fields.items():
        type_name = getattr(field.annotation, "__name__", str(field.annotation))
        given = field.get_default(call_default_factory=True, validated_data={})
        default = "required" if field.is_required() else f"`{given}`"
        alias = field.validation_alias
        variable = alias if isinstance(alias, str) else (prefix + name).upper()
        yield Setting(variable, type_name, default, field.description or "")


@dataclass(frozen=True)
class Parameter:
    """An argument or option of a command."""

    name: str
    says: str
    required: bool


@dataclass(frozen=True)
class Command:
    """Something a person can type after `parent-credits`."""

    name: str
    says: str
    parameters: tuple[Parameter, ...]


def commands() -> list[Command]:
    if find_spec("api.cli") is None:
        return []
    app = importlib.import_module("api.cli").app
    return sorted(_commands_of(typer.main.get_command(app), ()), key=lambda one: one.name)


# Typer brings its own copy of click, whose classes it does not export: hence Any.
def _commands_of(command: Any, path: tuple[str, ...]) -> Iterator[Command]:
    inner = getattr(command, "commands", None)
    if inner is None:
        parameters = tuple(_parameter(one) for one in command.params if one.name != "help")
        says = inspect.cleandoc(command.help or "")
        yield Command(" ".join(path) or "parent-credits", says, parameters)
        return
    for name, child in inner.items():
        yield from _commands_of(child, (*path, name))


def _parameter(parameter: Any) -> Parameter:
    is_argument = parameter.param_type_name == "argument"
    name = parameter.name.upper() if is_argument else ", ".join(parameter.opts)
    return Parameter(name, getattr(parameter, "help", None) or "", parameter.required)
