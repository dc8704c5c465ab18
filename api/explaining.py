"""Explanations as they are shown: each part of the tree with its words, its rule and its event."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from api.bootstrap import Runtime
from api.pages.explanation_words import answer, says
from api.pages.parent_statement import Rule, rule
from api.pages.parent_words import Words
from domain.certificate_refusals import UnknownCertificate
from domain.refusals import Refused
from ledger.records import records_of, spoken_for
from projections.certificate_register import RegisteredCertificate
from projections.explanation import Node, Source, Value


class NothingToExplain(Refused):
    """Nothing is recorded that says so: no such line, completion or star."""

    code = "nothing_to_explain"


@dataclass(frozen=True)
class Explained:
    """A part of the tree with its words."""

    what: str
    says: Words
    values: dict[str, Value]
    rule: Rule | None
    version: str | None
    source: Source | None
    children: tuple[Explained, ...]


@dataclass(frozen=True)
class Explanation:
    """The answer in one sentence, and the tree that it stands on."""

    answer: Words
    tree: Explained


def line_explained(runtime: Runtime, learner_id: UUID, entry_id: UUID) -> Explanation:
    """A line of the person's, under any of their records. Raises NothingToExplain."""
    explaining, rules = runtime.models.explaining, runtime.book.rulebooks.version
    records = spoken_for(runtime.book.ledger, learner_id)
    found = (explaining.line(each, entry_id, rules) for each in records)
    return explained(runtime, next((node for node in found if node is not None), None))


def completion_explained(
    runtime: Runtime, learner_id: UUID, stage: str, period: str
) -> Explanation:
    """Raises NothingToExplain."""
    explaining, rules = runtime.models.explaining, runtime.book.rulebooks.version
    return explained(runtime, explaining.completion(learner_id, stage, period, rules))


def star_explained(runtime: Runtime, learner_id: UUID, stage: str, level: int) -> Explanation:
    """Raises NothingToExplain."""
    explaining, rules = runtime.models.explaining, runtime.book.rulebooks.version
    return explained(runtime, explaining.star(learner_id, stage, level, rules))


def certificate_explained(runtime: Runtime, certificate: RegisteredCertificate) -> Explanation:
    """Raises NothingToExplain."""
    explaining, rules = runtime.models.explaining, runtime.book.rulebooks.version
    return explained(runtime, explaining.certificate(certificate.certificate_id, rules))


def certificate_numbered(runtime: Runtime, number: str) -> RegisteredCertificate:
    """Raises UnknownCertificate."""
    found = runtime.models.certificates.by_number(number)
    if found is None:
        raise UnknownCertificate(number=number)
    return found


def own_certificate_numbered(
    runtime: Runtime, learner_id: UUID, number: str
) -> RegisteredCertificate:
    """A person's own, under any of their records. Raises UnknownCertificate."""
    found = certificate_numbered(runtime, number)
    if found.learner_id not in records_of(runtime.book.ledger, learner_id):
        raise UnknownCertificate(number=number)
    return found


def explained(runtime: Runtime, node: Node | None) -> Explanation:
    if node is None:
        raise NothingToExplain
    return Explanation(answer(node), part(runtime, node))


def part(runtime: Runtime, node: Node) -> Explained:
    named = node.rule
    return Explained(
        what=node.what,
        says=says(node),
        values=node.values,
        rule=rule(runtime.book.rulebooks.version(named.version), named.ref) if named else None,
        version=named.version if named else None,
        source=node.source,
        children=tuple(part(runtime, child) for child in node.children),
    )
