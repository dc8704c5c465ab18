"""The rules page: every figure in words with its basis, which edition holds, what changes."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.asking import InParent
from api.bootstrap import Runtime
from api.language.catalogue import language_of
from api.pages.parent_words import say
from api.pages.rule_names import STATES
from api.rendering import page
from api.rulebooks.showing import before, change_rows, edition_named, listed, sections
from domain.calendar import CITY_ZONE, local_day

router = APIRouter(include_in_schema=False)


@router.get("/rules")
def rules_in_force(request: Request, asking: InParent, school_code: str | None = None) -> Response:
    """The rules of today; before the first day, those of the first edition."""
    runtime = asking.runtime
    today = local_day(runtime.now(), CITY_ZONE)
    rulebooks = runtime.book.rulebooks
    published = [each for each in rulebooks.editions() if each.binds]
    first = min((each.effective_from for each in published), default=today)
    return rules_page(request, runtime, rulebooks.on(max(today, first), school_code).version)


@router.get("/rules/{name}")
def rules_named(request: Request, asking: InParent, name: str) -> Response:
    return rules_page(request, asking.runtime, name)


def rules_page(request: Request, runtime: Runtime, name: str) -> Response:
    rulebooks = runtime.book.rulebooks
    edition, rules = edition_named(rulebooks, name), rulebooks.version(name)
    old = before(rulebooks, edition)
    today = local_day(runtime.now(), CITY_ZONE)
    places = ("", *rulebooks.shelves.places(edition.organisation or None))
    found = [each for place in places for each in listed(rulebooks, place, today)]
    return page(
        request,
        "rules.html",
        rules=rules,
        edition=edition,
        editions=[each for each in found if each.edition.is_published],
        old=old,
        changes=change_rows(old, rules) if old else [],
        sections=sections(rules),
        states=STATES,
        say=partial(say, language_of(request)),
    )
