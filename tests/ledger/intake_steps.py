"""What may happen around two intakes: the steps of a story, and how stories are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from domain.attendance import Attendance
from tests.faults.cutting import Cut

# The last learner comes in no way but `ComeAndGo`.
LEARNERS, SHY, NOBODY, SESSIONS, SHARED = 4, 3, 4, 2, 9
IN_TIME, TOO_EARLY = 0, -40
APPEND = Attendance.CheckedIn.TOPIC.encode()


@dataclass(frozen=True)
class Ask:
    """A phone asks one of the intakes; `NOBODY` is no learner, `poison` cannot be written.

    Scan ids are a phone's own, but for the `SHARED` one.
    """

    intake: int
    learner: int
    session: int
    scan: int
    minutes: int = IN_TIME
    poison: bool = False


@dataclass(frozen=True)
class Crowd:
    """Several phones ask at the same moment."""

    asks: tuple[Ask, ...]


@dataclass(frozen=True)
class Again:
    """What was asked before is asked again, by whomever."""

    ask: int
    intake: int


@dataclass(frozen=True)
class Desk:
    """Staff record the same at the desk, through another door of the ledger."""

    learner: int
    session: int
    scan: int


@dataclass(frozen=True)
class Race:
    """One learner through both intakes and at the desk; all have decided before one can append."""

    learner: int
    session: int


@dataclass(frozen=True)
class GoAway:
    """A phone that asked goes away."""

    ask: int


@dataclass(frozen=True)
class ComeAndGo:
    """A phone asks and goes away before anybody has looked at it: its owner is in all the same."""

    intake: int


@dataclass(frozen=True)
class Reuse:
    """Two learners come to the open session with one scan id, each to an intake."""

    first: int
    second: int


@dataclass(frozen=True)
class Break:
    """The wire of an intake breaks at its next messages."""

    intake: int
    marker: bytes
    where: Cut
    times: int


@dataclass(frozen=True)
class BreakAll:
    """The wire of an intake breaks now."""

    intake: int


@dataclass(frozen=True)
class Turn:
    """A session is opened, or closed where it was open."""

    session: int


@dataclass(frozen=True)
class Restart:
    """An intake is closed while it has work, and a new one takes its place."""

    intake: int


@dataclass(frozen=True)
class Fail:
    """The statements of all who wait to append fail, or their connections do."""

    how: Literal["pg_cancel_backend", "pg_terminate_backend"]


@dataclass(frozen=True)
class Breathe:
    """The event loop goes round so many times."""

    rounds: int


class Merge:
    """The second learner's record is merged into the first one's."""


class Hold:
    """Nobody can append until it is released."""


class Release:
    """Appends go on."""


class Settle:
    """Everybody who waits is waited for."""


Step = (
    Crowd | Again | Desk | Race | GoAway | ComeAndGo | Reuse | Break | BreakAll | Turn | Restart
    | Fail | Breathe | Merge | Hold | Release | Settle
)  # fmt: skip

INTAKES = st.integers(0, 1)
OF_LEARNERS = st.integers(0, SHY - 1)
OF_SESSIONS = st.sampled_from([0, 0, 0, 1])  # the first one is open
OF_SCANS = st.sampled_from([0, 0, 0, 1, 1, SHARED])

asks = st.builds(Ask, INTAKES, OF_LEARNERS, OF_SESSIONS, OF_SCANS)
odd_asks = st.builds(
    Ask,
    INTAKES,
    st.sampled_from([*range(SHY), NOBODY]),
    OF_SESSIONS,
    OF_SCANS,
    st.sampled_from([IN_TIME, IN_TIME, TOO_EARLY]),
    st.sampled_from([False, False, True]),
)
breaks = st.builds(
    Break, INTAKES, st.sampled_from([APPEND, b""]), st.sampled_from(Cut), st.sampled_from([1, 2, 9])
)
crowds = st.lists(st.one_of(asks, asks, odd_asks), min_size=2, max_size=8)
# What is named more often happens more often: a crowd first of all.
calm: st.SearchStrategy[Step] = st.one_of(
    *[st.builds(Crowd, crowds.map(tuple))] * 5,
    *[st.builds(Again, st.integers(0, 9), INTAKES)] * 2,
    st.builds(Desk, OF_LEARNERS, OF_SESSIONS, OF_SCANS),
    *[st.builds(Race, OF_LEARNERS, OF_SESSIONS)] * 2,
    st.builds(GoAway, st.integers(0, 9)),
    st.builds(ComeAndGo, INTAKES),
    st.builds(Reuse, OF_LEARNERS, OF_LEARNERS),
    st.builds(Breathe, st.integers(1, 5)),
    st.builds(Merge),
    st.builds(Hold),
    st.builds(Release),
    st.builds(Settle),
)
steps: st.SearchStrategy[Step] = st.one_of(
    *[calm] * 4,
    breaks,
    st.builds(BreakAll, INTAKES),
    st.builds(Turn, OF_SESSIONS),
    st.builds(Restart, INTAKES),
    st.builds(Fail, st.sampled_from(["pg_cancel_backend", "pg_terminate_backend"])),
)
# Where nothing breaks and no door shuts, nothing excuses an attendance that is missing.
stories = st.lists(calm, min_size=6, max_size=20) | st.lists(steps, min_size=6, max_size=20)
