"""Who goes on with the feed in this release: its followers, and how they and read models stand."""

from __future__ import annotations

from api.bootstrap import Runtime
from api.closing import follow_addenda, follow_merges, follow_years
from api.erased_pictures import follow_pictures
from api.erasing import follow_erasures
from api.irregularities import follow_irregularities
from api.second_looks import follow_certificates
from api.worker import AWARD_TOPICS, follow_awards
from projections.following import Follower
from projections.projector import ProjectionStatus


def followers(runtime: Runtime) -> tuple[Follower, ...]:
    """What follows from facts, each behind a checkpoint of its own."""
    follow = follow_awards(runtime.book.awards, runtime.book.earning)
    return (
        Follower("awards", AWARD_TOPICS, follow),
        follow_addenda(runtime),
        follow_merges(runtime),
        follow_years(runtime),
        follow_irregularities(runtime),
        follow_erasures(runtime),
        follow_pictures(runtime),
        follow_certificates(runtime),
    )


def known(runtime: Runtime) -> frozenset[str]:
    """The names of the read models and followers that this release has."""
    read_models = {each.name for each in runtime.projector.projections}
    return frozenset(read_models | {each.name for each in followers(runtime)})


def standings(runtime: Runtime) -> list[ProjectionStatus]:
    """How each of them stands. What only another release has goes nowhere, and is not asked."""
    names = known(runtime)
    return [each for each in runtime.projector.status() if each.name in names]
