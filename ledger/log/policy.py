"""C2SP tlog-policy: whose cosignatures are asked for, and how many of whom are enough."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from domain.refusals import Refused
from ledger.log.note import COSIGNATURE, BadKey, Key

MOST_LINES = 1000
NOBODY = "none"


class BadPolicy(Refused):
    """The policy of witnesses has a line that says nothing known."""

    code: ClassVar[str] = "log_policy_malformed"


@dataclass(frozen=True)
class Witness:
    """Somebody else who says that they saw one history only; `url` takes checkpoints."""

    name: str
    key: Key
    url: str | None


@dataclass(frozen=True)
class Group:
    """Counts as a witness once so many of its members have cosigned."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Which checkpoints are believed. Without any witness a checkpoint stands for itself only."""

    logs: tuple[Key, ...] = ()
    witnesses: Mapping[str, Witness] = field(default_factory=dict[str, Witness])
    groups: Mapping[str, Group] = field(default_factory=dict[str, Group])
    quorum: str = NOBODY

    def is_met_by(self, cosigned: Collection[Key]) -> bool:
        """Whether these keys are enough. Nobody is never enough: it is not witnessed then."""
        return self.quorum != NOBODY and self._counts(self.quorum, cosigned)

    def _counts(self, name: str, cosigned: Collection[Key]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].key in cosigned
        group = self.groups[name]
        return sum(self._counts(each, cosigned) for each in group.members) >= group.least


def read_policy(text: str) -> Policy:
    """Raises BadPolicy, with the number of the line."""
    reader, at = _Reader(), 0
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise BadPolicy(line=MOST_LINES)
    try:
        for at, line in enumerate(lines, start=1):  # noqa: B007 - it is told when one fails
            words = line.split()
            if words and not words[0].startswith("#"):
                reader.take(*words)
    except (_Wrong, BadKey) as error:
        raise BadPolicy(line=at) from error
    if reader.quorum is None:
        raise BadPolicy(line=at)
    return Policy(tuple(reader.logs), reader.witnesses, reader.groups, reader.quorum)


class _Wrong(Exception):
    pass


def _must(condition: bool) -> None:
    if not condition:
        raise _Wrong


class _Reader:
    """Takes a policy line by line: names must be known before they are used."""

    def __init__(self) -> None:
        self.logs: list[Key] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def take(self, kind: str, *words: str) -> None:
        kinds: dict[str, Callable[[tuple[str, ...]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
        }
        _must(kind in kinds)
        kinds[kind](words)

    def _log(self, words: tuple[str, ...]) -> None:
        _must(len(words) in {1, 2})
        key = Key.parsed(words[0])
        _must(all(known.public != key.public for known in self.logs))
        self.logs.append(key)

    def _witness(self, words: tuple[str, ...]) -> None:
        _must(len(words) in {2, 3} and self._is_new(words[0]))
        key = Key.parsed(words[1])
        _must(key.kind == COSIGNATURE)
        _must(all(known.key.public != key.public for known in self.witnesses.values()))
        url = words[2].rstrip("/") if words[2:] else None
        self.witnesses[words[0]] = Witness(words[0], key, url)

    def _group(self, words: tuple[str, ...]) -> None:
        name, least, *members = (*words, "", "")[: max(len(words), 2)]
        _must(bool(members) and self._is_new(name))
        counts = {"any": 1, "all": len(members)}
        _must(least in counts or least.isdecimal())
        group = Group(counts.get(least) or int(least), tuple(members))
        _must(1 <= group.least <= len(members) == len(set(members)))
        _must(all(self._is_known(each) and each not in self._members for each in members))
        self._members.update(members)
        self.groups[name] = group

    def _quorum(self, words: tuple[str, ...]) -> None:
        _must(self.quorum is None and len(words) == 1)
        _must(words[0] == NOBODY or self._is_known(words[0]))
        self.quorum = words[0]

    def _is_known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _is_new(self, name: str) -> bool:
        return name != NOBODY and not self._is_known(name)
