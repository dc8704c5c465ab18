"""Why an appeal is not taken, or not decided."""

from __future__ import annotations

from domain.refusals import Refused


class UnknownCase(Refused):
    """No dispute or appeal with that id."""

    code = "case_unknown"


class AppealTooLate(Refused):
    """The window is over; `last_day` was its last day."""

    code = "appeal_too_late"


class AnswerAwaited(Refused):
    """The school has until `last_day` to answer the dispute, or to decide; then this opens."""

    code = "answer_awaited"


class DeciderTookPart(Refused):
    """Whoever had a hand in the matter does not decide about it."""

    code = "decider_took_part"


class AppealAlreadyDecided(Refused):
    """The appeal is decided at this level; only the district may review it, once."""

    code = "appeal_already_decided"


class AppealNotEscalated(Refused):
    """The district reviews what a parent brings before it."""

    code = "appeal_not_escalated"


class AppealIsFinal(Refused):
    """The matter is closed: reviewed by the district, or withdrawn."""

    code = "appeal_is_final"
