"""Why a review of an irregularity goes no further."""

from __future__ import annotations

from domain.refusals import Refused


class UnknownIrregularity(Refused):
    """No irregularity with that id is flagged, or it does not concern whoever asks."""

    code = "irregularity_unknown"


class IrregularityDecided(Refused):
    """Two persons decided it (`stands`); what follows is a correction, or an appeal."""

    code = "irregularity_decided"


class IrregularityAwaitsSecond(Refused):
    """A finding is proposed already: a second person agrees, or sets it aside."""

    code = "irregularity_awaits_second"


class NoFindingProposed(Refused):
    """Nobody has proposed a finding yet."""

    code = "irregularity_no_finding"


class IrregularityNeedsSecond(Refused):
    """The second person is somebody else, in another role than the first."""

    code = "irregularity_needs_second"


class IrregularityNeedsDistrict(Refused):
    """What a school's own staff did is decided with somebody of the district."""

    code = "irregularity_needs_district"


class HearingAwaited(Refused):
    """Nothing is confirmed before everybody concerned was heard, or had until `last_day`."""

    code = "irregularity_hearing_awaited"


class IrregularityTellingAwaited(Refused):
    """Somebody concerned has no phone and was not told yet: their days to answer have not begun."""

    code = "irregularity_telling_awaited"


class ReasonDoesNotFit(Refused):
    """The reason belongs to the other finding."""

    code = "irregularity_reason_unfit"
