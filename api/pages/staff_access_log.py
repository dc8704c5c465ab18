"""The access log on a page: every look at personal data, for the data protection officer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.status import HTTP_400_BAD_REQUEST

from api.access.codes import CodeMalformed
from api.access.record_codes import LEARNER, STAFF, ids_of, is_code, learner_code, staff_code
from api.access_log import organisations_seen
from api.asking import Asking, InAsking
from api.bootstrap import midnight
from api.language.catalogue import language_of
from api.pages.access_words import LOOKED_AT, PURPOSES, ROLES
from api.pages.days import day_of
from api.pages.organisations import organisation_names
from api.pages.staff_words import staff_page
from api.problems import text_of
from ledger.access_log import Look, Wanted
from ledger.records import records_of
from projections.as_of import end_of

router = APIRouter(include_in_schema=False)

LOOKS_ON_A_PAGE = 50
LOOKS_AT_ONCE = 500
MOST_CODES = 200
CODE_OF = {"learner": learner_code, "staff": staff_code}
UNCODED_PEOPLE = ("child", "teacher", "erased")


class Filter(BaseModel):
    """What was typed into the form, as it was typed."""

    model_config = ConfigDict(frozen=True)

    since: str = ""
    until: str = ""
    role: str = ""
    purpose: str = ""
    actor: str = ""
    learner: str = ""
    before: Annotated[int | None, Field(ge=1)] = None


@dataclass(frozen=True)
class LookRow:
    """A look with codes in the place of ids; what has none is counted by what it is."""

    look: Look
    actor: str
    codes: list[str]
    others: dict[str, int]

    @property
    def people(self) -> int:
        return len(self.codes) + sum(self.others.get(kind, 0) for kind in UNCODED_PEOPLE)


@router.get("/staff/access-log")
def access_log(request: Request, asking: InAsking, asked: Annotated[Filter, Query()]) -> Response:
    organisations = organisations_seen(asking)
    looks, wrong = looks_for(asking, asked, organisations)
    shown = looks[:LOOKS_ON_A_PAGE]
    return staff_page(
        request,
        "access_log.html",
        HTTP_400_BAD_REQUEST if wrong else 200,
        asked=asked,
        rows=[*look_rows_of(asking, shown)],
        older=shown[-1].entry if len(looks) > LOOKS_ON_A_PAGE else None,
        names=organisation_names(asking.runtime, (look.organisation for look in shown)),
        role_codes=ROLES,
        purposes=PURPOSES,
        wrong=wrong,
        most_codes=MOST_CODES,
        mistyped=text_of(CodeMalformed.code, language_of(request)),
    )


def looks_for(
    asking: Asking, asked: Filter, organisations: list[str] | None, most: int = LOOKS_ON_A_PAGE + 1
) -> tuple[list[Look], set[str]]:
    """One look more than fits on a page; or the fields that hold no code."""
    wrong = {
        name
        for name, text, kind in (("actor", asked.actor, STAFF), ("learner", asked.learner, LEARNER))
        if text.strip() and not is_code(text, kind)
    }
    if wrong:
        return [], wrong
    actors = ids_of(asked.actor, STAFF) if asked.actor.strip() else (None, None)
    since, until = day_of(asked.since), day_of(asked.until)
    wanted = Wanted(
        organisations=organisations,
        subjects=records_called(asking, asked.learner) if asked.learner.strip() else None,
        first_actor=actors[0],
        last_actor=actors[1],
        role=asked.role or None,
        purpose=asked.purpose or None,
        since=midnight(since) if since else None,
        until=end_of(until) if until else None,
        before=asked.before,
    )
    return asking.runtime.book.vault.access_log.looks(wanted, most), wrong


def records_called(asking: Asking, code: str) -> list[UUID]:
    """Every record of the persons that a code may stand for."""
    runtime = asking.runtime
    found = runtime.models.finding.learners(*ids_of(code, LEARNER))
    return [each for learner_id in found for each in records_of(runtime.book.ledger, learner_id)]


def look_rows_of(asking: Asking, looks: Iterable[Look]) -> Iterator[LookRow]:
    """What each look was at is asked for of many at once."""
    rest = iter(looks)
    while some := list(islice(rest, LOOKS_AT_ONCE)):
        kinds = kinds_of(asking, {each for look in some for each in look.subject_ids})
        yield from (row_of(look, kinds) for look in some)


def kinds_of(asking: Asking, ids: AbstractSet[UUID]) -> dict[UUID, str]:
    """What each is; whoever was erased is a learner still, and is found by the same code."""
    kinds = asking.runtime.book.vault.access_log.kinds(ids)
    unknown = [each for each in ids if kinds.get(each, "erased") == "erased"]
    learners = asking.runtime.models.finding.learners_among(unknown) if unknown else ()
    return kinds | dict.fromkeys(learners, "learner")


def row_of(look: Look, kinds: Mapping[UUID, str]) -> LookRow:
    named = [(each, kinds.get(each, "gone")) for each in look.subject_ids]
    codes = [CODE_OF[kind](each) for each, kind in named if kind in CODE_OF]
    others = Counter(
        kind if kind in LOOKED_AT else "text" for _, kind in named if kind not in CODE_OF
    )
    return LookRow(look, staff_code(look.actor_id), codes, dict(others))
