"""The award process at a desk: it follows the feed from 0, so it is asked everything again."""

from __future__ import annotations

from uuid import uuid4

from api.worker import AWARD_TOPICS, follow_awards
from domain.account import Account
from projections.following import Follower, Following
from tests.api.desk import Desk


def follow(desk: Desk) -> None:
    book = desk.runtime.book
    act = follow_awards(book.awards, book.earning)
    following = Following(desk.runtime.views, Follower(f"desk-{uuid4()}", AWARD_TOPICS, act))
    following.set_up()
    following.catch_up()
    desk.catch_up(book.ledger.position())


def balance(desk: Desk) -> int:
    """What the account of the first learner holds."""
    account = desk.runtime.book.ledger.find(Account, Account.create_id(desk.pilot.learners[0]))
    return account.balance if account else 0
