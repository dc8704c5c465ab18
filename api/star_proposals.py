"""Star proposals as people reach them: the proposal names its school, the asker never does."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from api.access.actions import Action
from api.asking import Asking
from api.reaching import may_too, unknown
from domain.envelope import Envelope
from domain.masking import mask_name
from domain.star_proposal import UnknownStarProposal
from ledger.vault import Subject
from projections.star_proposals import Proposal

# Names are masked for the school's own people alone: those above it see none.
SEES_NAMES = (Action.LEARNER_READ, Action.STAR_OBJECT)
PURPOSE = "star_proposals"


def proposal_for(asking: Asking, proposal_id: UUID, action: Action) -> tuple[Proposal, Envelope]:
    """Raises UnknownStarProposal, Forbidden, LoginRequired."""
    found = asking.runtime.models.star_proposals.proposal(proposal_id)
    if found is None:
        raise unknown(asking, action, UnknownStarProposal(id=proposal_id))
    return found, asking.may(action, found.school_code)


def own_schools(asking: Asking, learner_id: UUID) -> list[str]:
    """The schools where a parent belongs through a child that has not left."""
    places = asking.runtime.models.roster.last_places_of(learner_id)
    return sorted({p.school_code for p in places if p.relation_code and p.ended_on is None})


def published_to(asking: Asking, learner_id: UUID) -> list[Proposal]:
    """What the schools of a parent publish now."""
    found = asking.runtime.models.star_proposals.of_schools(own_schools(asking, learner_id))
    return [each for each in found if each.state == "published"]


def objectionable(asking: Asking, proposal_id: UUID) -> Envelope:
    """A parent's own objection, to what one of their schools published. Raises UnknownStarProposal.

    The envelope names the school: an objection is its affair.
    """
    learner_id, by = asking.own(Action.OWN_OBJECT)
    schools = own_schools(asking, learner_id)
    found = asking.runtime.models.star_proposals.proposal(proposal_id)
    if found is None or found.school_code not in schools:
        raise UnknownStarProposal(id=proposal_id)
    actor = by.actor.model_copy(update={"organisation": found.school_code})
    return by.model_copy(update={"actor": actor})


def masked(subjects: Mapping[UUID, Subject]) -> dict[UUID, str]:
    """陈*华: for a school's own pages."""
    return {key: mask_name(subject.name) for key, subject in subjects.items()}


def masked_for(asking: Asking, learner_ids: list[UUID], by: Envelope) -> dict[UUID, str]:
    """The same for staff; the look is logged."""
    found = asking.runtime.book.vault.show(learner_ids, to=by.actor, purpose=PURPOSE, at=by.at)
    return masked(found)


def may_see_names(asking: Asking, school_code: str) -> bool:
    return any(may_too(asking, each, school_code) for each in SEES_NAMES)
