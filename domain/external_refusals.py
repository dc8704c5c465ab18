"""What is refused about hours earned elsewhere, and why."""

from __future__ import annotations

from domain.refusals import Refused


class UnknownExternalHours(Refused):
    """No such recognition was asked for."""

    code = "external_unknown"


class DocumentUsed(Refused):
    """The document was entered before, for somebody else or with other figures."""

    code = "external_document_used"


class ExternalNeedsSecondPerson(Refused):
    """Whoever entered hours from elsewhere does not confirm them."""

    code = "external_needs_second_person"


class ExternalDecided(Refused):
    """The hours were decided already, the other way."""

    code = "external_decided"


class EnteredByAnother(Refused):
    """Only whoever entered hours from elsewhere withdraws the entry; the district turns it down."""

    code = "external_entered_by_another"


class ExternalEntryWithdrawn(Refused):
    """The entry was withdrawn by whoever made it: there is nothing to decide."""

    code = "external_entry_withdrawn"
