"""Why a session says no."""

from __future__ import annotations

from domain.refusals import Refused


class UnknownSession(Refused):
    """No session with that id is scheduled."""

    code = "session_unknown"


class SessionNotOpen(Refused):
    """The session takes no attendance now: not opened yet, closed, cancelled or voided."""

    code = "session_not_open"


class SessionState(Refused):
    """The step does not follow from where the session stands (`stands`)."""

    code = "session_wrong_step"


class CheckInClosed(Refused):
    """Outside the door's hours; `opens_at` and `closes_at` say when it is open."""

    code = "check_in_closed"


class NotInvited(Refused):
    """No child of the learner is in a class that the session is for."""

    code = "not_invited"


class GuardianshipEndedByThen(NotInvited):
    """The learner's tie to the child did not stand on the day of the session."""

    code = "guardianship_ended_by_then"


class StayConfirmationOver(Refused):
    """Staff confirm a stay within the rulebook's days after the close; `until` says how long."""

    code = "stay_confirmation_over"


class AttestsAlone(Refused):
    """Host and coordinator must be two persons."""

    code = "attests_alone"


class ClassHoursOnlyLess(Refused):
    """Class hours are fixed in advance: a correction can only take some away."""

    code = "class_hours_only_less"
