"""Why an attempt at an exam, or a change of its result, is refused."""

from __future__ import annotations

from domain.refusals import Refused


class ChecksOwnEntry(Refused):
    """A paper result is checked by another person than the one who typed it."""

    code = "checks_own_entry"


class ResultDiffers(Refused):
    """The second person typed another score: look at the paper together."""

    code = "result_differs"


class CheckLocked(Refused):
    """Too many readings differed: the coordinator looks at the paper and withdraws the entry."""

    code = "check_locked"


class AttemptWaits(Refused):
    """An earlier attempt is not over yet: its result comes first."""

    code = "attempt_waits"


class AttemptTooEarly(Refused):
    """The next attempt is later (rulebook: exam.cool_down_hours, LOCAL)."""

    code = "attempt_too_early"


class AnswerAfterTime(Refused):
    """The time is over; what was saved in time counts."""

    code = "answer_after_time"


class AttemptEnded(Refused):
    """The attempt is over, and its result stands."""

    code = "attempt_ended"


class AttemptVoided(AttemptEnded):
    """The attempt was voided by two persons: nothing of it counts."""

    code = "attempt_voided"


class UnknownAttempt(Refused):
    """No attempt with that id, or not one of this learner or exam."""

    code = "attempt_unknown"


class AnswerUnknown(Refused):
    """An answer names a question or a choice that was not asked."""

    code = "answer_unknown"


class WitnessIsExaminer(Refused):
    """An oral exam has an examiner and a witness: two different people."""

    code = "witness_is_examiner"


class ResultNotCounted(Refused):
    """The attempt counts for nothing: there is no result to put right."""

    code = "result_not_counted"


class ScoreMalformed(Refused):
    """A score is a whole number from 0 to 100; what was judged without one has a verdict."""

    code = "score_malformed"
