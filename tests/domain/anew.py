"""A module read anew beside the one in use: what it makes while it is imported is made again."""

from __future__ import annotations

from importlib.util import module_from_spec
from types import ModuleType


def read_anew(module: ModuleType) -> ModuleType:
    assert module.__spec__
    assert module.__spec__.loader
    fresh = module_from_spec(module.__spec__)
    module.__spec__.loader.exec_module(fresh)
    return fresh
