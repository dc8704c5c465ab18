"""A thread that does rounds: at once where there is more, and on after whatever went wrong."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest
from psycopg import OperationalError

from api.rounds import Rounds


class Counted(Rounds):
    """Says when it came to its second round."""

    def __init__(self, seconds_between: float, first: Callable[[], bool]) -> None:
        super().__init__("counted", seconds_between)
        self.again = Event()
        self._left = [first]

    def round(self) -> bool:
        if self._left:
            return self._left.pop()()
        self.again.set()
        return False


def broken(error: Exception) -> bool:
    raise error


@pytest.mark.parametrize("error", [OperationalError("gone"), ValueError("wrong")])
def test_after_what_went_wrong_the_next_round_looks_again(error: Exception) -> None:
    rounds = Counted(0.0, lambda: broken(error))
    rounds.start()
    assert rounds.again.wait(5)
    rounds.stop()


@pytest.mark.parametrize("is_more", [True, False])
def test_where_there_is_more_nothing_is_waited_for(*, is_more: bool) -> None:
    rounds = Counted(600.0, lambda: is_more)
    rounds.start()
    assert rounds.again.wait(5 if is_more else 0.1) is is_more
    rounds.stop()
