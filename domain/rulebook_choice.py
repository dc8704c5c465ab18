"""Which edition of several holds on a day, or is meant by a version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.rulebook_edition import RulebookEdition
from domain.rulebook_refusals import NoRulebookInForce, UnknownRulebook


def in_force(editions: Iterable[RulebookEdition], on: date) -> RulebookEdition:
    """The city's edition of a day. Raises NoRulebookInForce."""
    edition = edition_in_force(editions, on)
    if edition is None:
        raise NoRulebookInForce(on=on)
    return edition


def edition_in_force(editions: Iterable[RulebookEdition], on: date) -> RulebookEdition | None:
    """Of the editions that bind, the last to take effect by a day; None where none has.

    Of two that take effect on one day the one announced later binds.
    """
    begun = [edition for edition in editions if edition.binds and edition.effective_from <= on]
    return max(begun, key=lambda each: (each.effective_from, each.announced_at), default=None)


def published(editions: Iterable[RulebookEdition], version: str) -> RulebookEdition:
    """The edition that a credit line or certificate names. Raises UnknownRulebook."""
    for edition in editions:
        if edition.is_published and edition.rulebook_version == version:
            return edition
    raise UnknownRulebook(version=version)
