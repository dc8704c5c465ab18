"""Why no sample is announced or drawn, and why a finding is not taken."""

from __future__ import annotations

from domain.refusals import Refused


class UnknownAuditSample(Refused):
    """No sample with that id was announced."""

    code = "audit_sample_unknown"


class AuditPopulationTooSmall(Refused):
    """There are only `sessions` attested sessions in that time."""

    code = "audit_population_too_small"


class AuditPeriodMalformed(Refused):
    """A period ends on or after the day it begins, and before it is announced."""

    code = "audit_period_malformed"


class AuditSeedDayTooEarly(Refused):
    """The seed is a value that is published on a later day than the announcement."""

    code = "audit_seed_day_too_early"


class AuditSeedDayWithoutValue(Refused):
    """The `source` publishes nothing on that day: what is shown then was known before."""

    code = "audit_seed_day_without_value"


class AuditSeedAwaited(Refused):
    """The value of `seed_day` can be known once that day is over."""

    code = "audit_seed_awaited"


class AuditSeedMalformed(Refused):
    """That is no value of the source that was announced."""

    code = "audit_seed_malformed"


class AuditSampleDrawn(Refused):
    """The sample is drawn already, by another value; nothing is drawn twice."""

    code = "audit_sample_drawn"


class AuditPopulationDiffers(Refused):
    """The population is not the one whose hash was announced."""

    code = "audit_population_differs"


class AuditSessionNotDrawn(Refused):
    """A finding is about a session of the sample."""

    code = "audit_session_not_drawn"
