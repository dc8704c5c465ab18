"""Why an edition of the rulebook is not drafted, published, withdrawn or applied backwards."""

from __future__ import annotations

from domain.refusals import Refused


class RulebookContradicts(Refused):
    """The rules contradict each other; `reasons` names each code and figure."""

    code = "rulebook_contradicts"


class RulebookOutsideMargins(Refused):
    """A lower level sets what the higher one does not leave open; `refs` names the figures."""

    code = "rulebook_outside_margins"


class RulebookAlreadyPublished(Refused):
    """The edition is published: what it says stays as it is."""

    code = "rulebook_already_published"


class RulebookWithdrawn(Refused):
    """The edition was withdrawn and does not come back."""

    code = "rulebook_withdrawn"


class RulebookNeedsSecondPerson(Refused):
    """Whoever drafted an edition does not publish it; in a school coordinator and head do."""

    code = "rulebook_needs_second_person"


class RulebookNoticeTooShort(Refused):
    """Rules are announced before they bind (retroactivity.notice_days)."""

    code = "rulebook_notice_too_short"


class RulebookNotRehearsed(Refused):
    """No dry run of exactly this edition was finished: nobody knows yet what it would change."""

    code = "rulebook_not_rehearsed"


class RulebookNotTheFirst(Refused):
    """Only an installation's first edition is published at set-up."""

    code = "rulebook_not_the_first"


class RulebookInForce(Refused):
    """An edition is withdrawn only before it takes effect."""

    code = "rulebook_in_force"


class NoRulebookInForce(Refused):
    """No published edition covers that day."""

    code = "rulebook_none_in_force"


class UnknownRulebook(Refused):
    """No published edition has that version."""

    code = "rulebook_unknown"
