"""Who is asking brings into sight what their grants or their own records are (second net)."""

from __future__ import annotations

from api.access.policy import CITY, Principal, PrincipalKind
from api.bootstrap import Runtime
from ledger.records import records_of
from projections.sight import Sight, sight

SCHOOL_DIGITS = 10


def bring_into_sight(runtime: Runtime, principal: Principal) -> None:
    """The schools of the grants that hold now; a parent's own records."""
    seen = sight()
    if principal.kind is not PrincipalKind.DEVICE:
        seen.add(of_staff=True)
        now = runtime.now()
        for grant in principal.grants:
            if grant.holds(now):
                _of_organisation(runtime, seen, grant.organisation)
    elif (own := principal.learner_id) is not None:
        seen.add(learners=[own])
        seen.add_later(lambda: seen.add(learners=records_of(runtime.book.ledger, own)))


def _of_organisation(runtime: Runtime, seen: Sight, code: str) -> None:
    if code == CITY:
        seen.see_everything()
    elif len(code) == SCHOOL_DIGITS:
        seen.add(schools=[code])
    else:
        schools = runtime.models.schools.schools
        seen.add_later(lambda: seen.add(schools=[each.school_code for each in schools(code)]))
