"""Commands of a person's own details: what is wrong is said, and the school puts it right."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.details import (
    Detail,
    DetailsRefusal,
    DetailsRequests,
    DetailsState,
    UnknownDetailsRequest,
)
from domain.envelope import Envelope
from domain.identity import derived
from domain.learner import Learner, UnknownLearner
from ledger.custody import refuse_family
from ledger.ledger import Ledger
from ledger.likeness import Like, Likeness
from ledger.own_case import refuse_own_case
from ledger.paper_persons import kin
from ledger.records import survivors
from ledger.vault import Entry, Subject, Vault, commitment

DETAILS = "details_request"
FORMER_PHONES = "former_phones"
CHANGED_BY = "changed_by"  # the command of a list that changed them: its event may be missing


@dataclass(frozen=True)
class Asked:
    """What a person says is right; what is empty stays as it is. In the vault alone."""

    name: str = field(repr=False, default="")
    phone: str = field(repr=False, default="")
    relation: str = field(repr=False, default="")  # in a few words

    @property
    def said(self) -> dict[str, str]:
        return {"name": self.name, "phone": self.phone, "relation": self.relation}

    def differs_in(self, known: Subject) -> tuple[Detail, ...]:
        """What is not recorded so; the relation is told in words, and is always looked at."""
        values = {each: text for each in Detail if (text := self.said[each])}
        return tuple(each for each, text in values.items() if known.fields.get(each) != text)


class DetailsCommands:
    def __init__(self, ledger: Ledger, vault: Vault, likeness: Likeness) -> None:
        self._ledger = ledger
        self._vault = vault
        self._likeness = likeness

    def ask(self, learner_id: UUID, asked: Asked, by: Envelope) -> int:
        """Ask for a change, oneself or through staff; the same while it waits is no news.

        Raises UnknownLearner, OwnCase, DetailsUnchanged, DetailsRequestWaits.
        """
        refuse_own_case(self._ledger, by.actor.id, learner_id)
        known = self._vault.open([learner_id]).get(learner_id)
        if known is None or self._ledger.find(Learner, learner_id) is None:
            raise UnknownLearner(id=learner_id)
        details = asked.differs_in(known)
        request_id = derived("details request", by.command_id)

        def decide() -> list[LedgerAggregate]:
            requests = self._ledger.find(DetailsRequests, DetailsRequests.create_id(learner_id))
            requests = requests or DetailsRequests(learner_id=learner_id, envelope=by)
            if requests.waiting and self._said(requests.waiting) == asked.said:
                return []
            requests.refuse_asking(details)
            salt = self._vault.put(request_id, DETAILS, asked.said).fields["salt"]
            said = commitment(salt, "\n".join(asked.said.values()))
            requests.ask(request_id, details, said, by)
            return [requests]

        return self._ledger.commit(by.command_id, decide)

    def grant(self, learner_id: UUID, request_id: UUID, by: Envelope) -> int:
        """Say that it is so: the next roster finds the person under the new details and the old.

        Raises OwnCase, UnknownDetailsRequest, DetailsRequestAnswered.
        """
        with self._vault.alone(f"details {learner_id}"):
            speaker_id = survivors(self._ledger, [learner_id])[learner_id]
            self._refuse_own(speaker_id, by)
            requests = self._requests(learner_id)
            if requests.is_open(request_id, DetailsState.GRANTED):
                self._make_known(speaker_id, self._said(request_id) or {})

            def decide() -> list[LedgerAggregate]:
                requests = self._requests(learner_id)
                self._refuse_own(speaker_id, by)
                if not requests.grant(request_id, by):
                    return []
                return [requests, *self._changed(speaker_id, requests, request_id, by)]

            return self._ledger.commit(by.command_id, decide)

    def refuse(
        self, learner_id: UUID, request_id: UUID, reason: DetailsRefusal, by: Envelope
    ) -> int:
        """Raises OwnCase, UnknownDetailsRequest, DetailsRequestAnswered."""

        def decide() -> list[LedgerAggregate]:
            requests = self._requests(learner_id)
            self._refuse_own(survivors(self._ledger, [learner_id])[learner_id], by)
            requests.refuse(request_id, reason, by)
            return [requests]

        with self._vault.alone(f"details {learner_id}"):
            return self._ledger.commit(by.command_id, decide)

    def withdraw(self, learner_id: UUID, request_id: UUID, by: Envelope) -> int:
        """Take one's own request back. Raises UnknownDetailsRequest, DetailsRequestAnswered."""

        def decide() -> list[LedgerAggregate]:
            requests = self._requests(learner_id)
            requests.withdraw(request_id, by)
            return [requests]

        with self._vault.alone(f"details {learner_id}"):
            return self._ledger.commit(by.command_id, decide)

    def _requests(self, learner_id: UUID) -> DetailsRequests:
        key = DetailsRequests.create_id(learner_id)
        return self._ledger.get(DetailsRequests, key, UnknownDetailsRequest)

    def _said(self, request_id: UUID | None) -> dict[str, str] | None:
        found = self._vault.open([request_id] if request_id else [])
        return next(({d.value: s.fields[d] for d in Detail} for s in found.values()), None)

    def _refuse_own(self, learner_id: UUID, by: Envelope) -> None:
        """Raises OwnCase, also for a relative: the two have a child in common."""
        refuse_own_case(self._ledger, by.actor.id, learner_id)
        for child_id in self._ledger.get(Learner, learner_id, UnknownLearner).guardianships:
            refuse_family(self._ledger, by, learner_id, child_id)

    def _changed(
        self, speaker_id: UUID, requests: DetailsRequests, request_id: UUID, by: Envelope
    ) -> list[LedgerAggregate]:
        details = requests.known[request_id].details
        changed = tuple(each.value for each in details if each is not Detail.RELATION)
        if not changed:
            return []
        speaker = self._ledger.get(Learner, speaker_id, UnknownLearner)
        speaker.change_details(self._vault.open([speaker_id])[speaker_id].commitment, changed, by)
        return [speaker]

    def _make_known(self, speaker_id: UUID, said: dict[str, str]) -> None:
        """Before the event, as everywhere: a vault entry without an event is found again."""
        subject = self._vault.open([speaker_id])[speaker_id]
        speaker = self._ledger.get(Learner, speaker_id, UnknownLearner)
        name = said.get(Detail.NAME) or subject.name
        before = subject.fields.get("phone", "")
        phone = said.get(Detail.PHONE) or before
        fields = {"name": name}
        if phone:
            fields["phone"] = phone
        if before and before != phone:
            fields[FORMER_PHONES] = former_phones(subject, phone)
        keys = [
            ("learner_kin", kin(child_id, relation, name))
            for child_id, (relation, _) in speaker.guardianships.items()
        ]
        # A list may bring one of them anew, and the other one as it was.
        pairs = ((p, n) for p in (phone, before) for n in (name, subject.name))
        keys += [("learner_phone", f"{p} {n}") for p, n in pairs if p]
        self._vault.admit([Entry(speaker_id, "learner", fields, keys)])
        called = {f"{child_id} {name}" for child_id in speaker.guardianships}
        self._likeness.note(Like("same_name_and_child", each, speaker_id) for each in called)
        self._likeness.note([Like("same_phone", phone, speaker_id)] if phone else [])


def brought(name: str, phone: str | None, known: Subject | None) -> dict[str, str]:
    """What a roster's row brings: it renames nobody, nor takes back a phone that was put right."""
    if known is None:
        return {"name": name, **({"phone": phone} if phone else {})}
    before = known.fields.get("phone")
    if not phone or phone == before or phone in known.fields.get(FORMER_PHONES, "").split():
        return {}
    former = {FORMER_PHONES: former_phones(known, phone)} if before else {}
    return {"phone": phone, **former}


def is_untold(learner: LedgerAggregate | None, known: Subject | None) -> bool:
    """Whether a list changed a person's details and was cut before it said so."""
    command = known.fields.get(CHANGED_BY) if known else None
    if command is None or not isinstance(learner, Learner):
        return False
    return UUID(command) not in learner.details_told_by


def former_phones(known: Subject, phone: str) -> str:
    """The phones that are no more once somebody has this one: an older list brings none back."""
    phones = {*known.fields.get(FORMER_PHONES, "").split(), known.fields["phone"]}
    return " ".join(sorted(phones - {phone}))
