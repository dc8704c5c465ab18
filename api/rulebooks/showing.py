"""Rules as they are shown: sections of figures in words, the state of editions, what changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import cast

from api.language.catalogue import Language
from api.pages.parent_words import Words, say
from api.pages.rule_names import GROUPS, REASONS
from api.pages.rule_words import RuleWords, name_of_rule, value_of, words_of
from domain.figures import Figure
from domain.rulebook import FigureChange, Rulebook, changes
from domain.rulebook_choice import edition_in_force
from domain.rulebook_edition import RulebookEdition
from domain.rulebook_refusals import NoRulebookInForce
from domain.rulebook_versions import Versions
from ledger.rulebooks import Rulebooks

Both = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A figure in words; its reference is the anchor that other pages link to."""

    ref: str
    words: RuleWords
    figure: Figure


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A figure that changes, in words; an empty value where one side says nothing."""

    ref: str
    name: Words
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Listed:
    """An edition in a list: the name its rules are shown under, and where it stands."""

    edition: RulebookEdition
    name: str
    title: str
    state: str


def both(what: object) -> dict[str, str]:
    """Words in both languages."""
    return {"zh": str(say(Language.CHINESE, what)), "en": str(say(Language.ENGLISH, what))}


def sections(rulebook: Rulebook) -> list[tuple[Words, list[Row]]]:
    """Every figure, group by group, in the order of the file."""
    grouped = groupby(rulebook.figures(), key=lambda figure: figure.ref.partition(".")[0])
    return [
        (Words(GROUPS[group]), [Row(figure.ref, words_of(figure), figure) for figure in figures])
        for group, figures in grouped
    ]


def change_rows(before: Rulebook, after: Rulebook) -> list[ChangeRow]:
    return [change_row(change) for change in changes(before, after)]


def change_row(change: FigureChange) -> ChangeRow:
    before = value_of(change.before) if change.before else ""
    after = value_of(change.after) if change.after else ""
    return ChangeRow(change.ref, name_of_rule(change.ref), before, after)


def reasons_in_words(reasons: object) -> list[dict[str, object]]:
    """Why rules are refused: each figure and the reason, in both languages."""
    known = cast("Iterable[tuple[str, str]]", reasons)
    return [
        {
            "code": code,
            "ref": ref,
            "name": both(name_of_rule(ref)),
            "text": both(Words(REASONS[code])),
        }
        for code, ref in known
    ]


def state_of(edition: RulebookEdition, others: Iterable[RulebookEdition], today: date) -> str:
    """Draft, withdrawn, announced, in force, or past."""
    if edition.is_withdrawn:
        return "withdrawn"
    if not edition.is_published:
        return "draft"
    if edition.effective_from > today:
        return "announced"
    return "in_force" if edition_in_force(others, today) is edition else "past"


def listed(rulebooks: Rulebooks, place: str, today: date) -> list[Listed]:
    """The editions of a place, the newest first."""
    editions = rulebooks.editions(place)
    newest = sorted(
        editions, key=lambda each: (each.effective_from, each.announced_at), reverse=True
    )
    return [
        Listed(
            edition=each,
            name=rules_of(rulebooks, each).version,
            title=str(each.rules["title"]),
            state=state_of(each, editions, today),
        )
        for each in newest
    ]


def rules_of(rulebooks: Rulebooks, edition: RulebookEdition) -> Rulebook:
    """The whole rules that an edition makes: its own, or those above with it laid over."""
    shelves = rulebooks.shelves
    if not edition.organisation:
        return edition.rulebook
    above = shelves.above(edition.effective_from, shelves.places(edition.organisation)[:-1])
    return shelves.replaced(above.rulebook.version, edition)


def before(rulebooks: Rulebooks, edition: RulebookEdition) -> Rulebook | None:
    """What an edition is compared with: the one published before, or the rules above it."""
    own = [
        each
        for each in rulebooks.editions(edition.organisation)
        if each.binds and each.id != edition.id and each.effective_from <= edition.effective_from
    ]
    if own:
        newest = max(own, key=lambda each: (each.effective_from, each.announced_at))
        return rules_of(rulebooks, newest)
    if not edition.organisation:
        return None
    shelves = rulebooks.shelves
    places = shelves.places(edition.organisation)[:-1]
    return shelves.above(edition.effective_from, places).rulebook


def name_in_force(rulebooks: Rulebooks, today: date, school_code: str | None) -> str | None:
    """The name of the rules that hold today; None before the first edition's day."""
    try:
        return rulebooks.on(today, school_code).version
    except NoRulebookInForce:
        return None


def edition_named(rulebooks: Rulebooks, name: str) -> RulebookEdition:
    """The published edition that a name ends with. Raises UnknownRulebook."""
    rulebooks.version(name)  # every part of it is published
    versions = Versions.named(name)
    if versions.supplements:
        place, version = versions.supplements[-1]
        return rulebooks.edition(version, place)
    return rulebooks.edition(versions.city)
