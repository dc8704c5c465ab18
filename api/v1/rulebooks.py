"""The rules as JSON, for anybody: which hold when and where, and every figure with its basis."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, JsonValue

from api.asking import InRuntime
from api.rulebooks.showing import (
    Listed,
    before,
    both,
    change_rows,
    edition_named,
    listed,
    name_in_force,
    sections,
)
from domain.calendar import CITY_ZONE, local_day
from ledger.rulebooks import Rulebooks

router = APIRouter(prefix="/api/v1", tags=["rulebooks"])


class Both(BaseModel):
    """The same in both languages."""

    zh: str
    en: str


class EditionState(BaseModel):
    """An edition of the city, or what a district or school has set; `name` names whole rules."""

    name: str
    version: str
    level: str
    organisation: str
    title: str
    effective_from: date
    state: str
    announced_at: datetime
    sha256: str


class EditionList(BaseModel):
    """`in_force` names the rules that hold today in that school, or for the whole city."""

    in_force: str | None
    rulebooks: list[EditionState]


class FigureState(BaseModel):
    """A figure: hours and class hours are hundredths; `text` is the value with its unit."""

    ref: str
    name: Both
    value: JsonValue
    unit: str | None
    text: Both
    basis: str
    basis_text: Both


class ChangeState(BaseModel):
    ref: str
    name: Both
    before: Both
    after: Both


class RulebookState(EditionState):
    """One version of all rules, and what it changes against the one before."""

    compared_with: str | None
    changes: list[ChangeState]
    figures: list[FigureState]


@router.get("/rulebooks")
def rulebooks(runtime: InRuntime, school_code: str | None = None) -> EditionList:
    """The editions of the city and, for a school, of its district and its own; no drafts."""
    known = runtime.book.rulebooks
    today = local_day(runtime.now(), CITY_ZONE)
    places = ("", *known.shelves.places(school_code))
    found = [each for place in places for each in listed(known, place, today)]
    return EditionList(
        in_force=name_in_force(known, today, school_code),
        rulebooks=[EditionState(**heading(each)) for each in found if each.edition.is_published],
    )


@router.get("/rulebooks/{name}")
def rulebook(name: str, runtime: InRuntime) -> RulebookState:
    """Every figure of a version, or of a composed name like `2026.1+440104:1`."""
    known = runtime.book.rulebooks
    return RulebookState(**heading(listed_as(known, name, runtime.now())), **whole(known, name))


def listed_as(known: Rulebooks, name: str, now: datetime) -> Listed:
    """The edition that named rules end with, as lists show it. Raises UnknownRulebook."""
    edition = edition_named(known, name)
    today = local_day(now, CITY_ZONE)
    found = listed(known, edition.organisation, today)
    return next(each for each in found if each.edition.id == edition.id)


def whole(known: Rulebooks, name: str) -> dict[str, Any]:
    rules, old = known.version(name), before(known, edition_named(known, name))
    return {
        "compared_with": old.version if old else None,
        "changes": [
            ChangeState(
                ref=row.ref,
                name=Both(**both(row.name)),
                before=Both(**both(row.before)),
                after=Both(**both(row.after)),
            )
            for row in (change_rows(old, rules) if old else [])
        ],
        "figures": [
            FigureState(
                ref=row.ref,
                name=Both(**both(row.words.name)),
                value=plain(row.figure.value),
                unit=row.figure.unit,
                text=Both(**both(row.words.value)),
                basis=row.figure.basis,
                basis_text=Both(**both(row.words.basis)),
            )
            for _, rows in sections(rules)
            for row in rows
        ],
    }


def plain(value: Any) -> JsonValue:
    return list(value) if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]


def heading(each: Listed) -> dict[str, Any]:
    edition = each.edition
    return {
        "name": each.name,
        "version": edition.rulebook_version,
        "level": edition.level,
        "organisation": edition.organisation,
        "title": each.title,
        "effective_from": edition.effective_from,
        "state": each.state,
        "announced_at": edition.announced_at,
        "sha256": edition.sha256,
    }
