"""Commands of links: a parent's phone asks, the school says who it is or nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, local_day
from domain.enrolment import Enrolment
from domain.envelope import Envelope
from domain.identity import attendance_id
from domain.learner import Learner, UnknownLearner
from domain.links import Link, LinkRefusal, Links, UnknownLink, refuse_another_adult
from domain.merging import Evidence, merge, sources_of
from domain.relation import relation_of
from domain.session import Session
from domain.session_refusals import UnknownSession
from ledger.closings import in_closed_term
from ledger.custody import refuse_ended, refuse_family
from ledger.earning import account_of
from ledger.erased import refuse_erased
from ledger.ledger import Ledger
from ledger.likeness import Like, Likeness
from ledger.link_said import LinkAnswer, LinkRequest
from ledger.merge_orders import moved
from ledger.own_case import refuse_own_case
from ledger.paper_persons import kin
from ledger.records import survivors
from ledger.roster import ONE_PER_CHILD
from ledger.streams import Streams
from ledger.vault import Entry, Vault, commitment

__all__ = ["LinkAnswer", "LinkRequest", "LinkRequests"]

LINK = "link_request"
BASIS = "link_confirmed"


class LinkRequests:
    def __init__(self, ledger: Ledger, vault: Vault, likeness: Likeness) -> None:
        self._ledger = ledger
        self._vault = vault
        self._likeness = likeness

    def request(
        self, learner_id: UUID, asked: LinkRequest, consent: tuple[str, str], by: Envelope
    ) -> int:
        """Ask for a link, with consent to a purpose and notice; a learner is begun if need be.

        Nothing is looked up: the answer cannot show whether anybody is known.
        """
        refuse_erased(self._ledger, learner_id)
        salt = self._vault.put(asked.link_id, LINK, asked.said).fields["salt"]
        said = commitment(salt, "\n".join(asked.said.values()))
        if self._ledger.find(Learner, learner_id) is None:
            fields = {"name": asked.called, "phone": asked.phone}
            self._vault.put(learner_id, "learner", fields)
        [subject] = self._vault.open([learner_id]).values()

        def decide() -> list[LedgerAggregate]:
            learner = self._ledger.find(Learner, learner_id) or Learner(
                id=learner_id, name_commitment=subject.commitment, envelope=by
            )
            learner.consent(*consent, by)
            links = self._ledger.find(Links, Links.create_id(learner_id)) or Links(
                learner_id=learner_id, envelope=by
            )
            links.request(asked.link_id, asked.place, said, asked.device_hash, by)
            return [learner, links]

        return self._ledger.commit(by.command_id, decide)

    def confirm(
        self,
        learner_id: UUID,
        link_id: UUID,
        answer: LinkAnswer,
        attendances: Sequence[UUID],
        by: Envelope,
    ) -> int:
        """Say who it is; evenings that they came to through a link earn hours from now on.

        Raises UnknownLink, LinkAlreadyConfirmed, and what `_refuse_answer` does.
        """
        speaker_id = survivors(self._ledger, [learner_id])[learner_id]
        self._refuse_answer(learner_id, speaker_id, answer, by)
        self._make_known(speaker_id, answer)

        def decide() -> list[LedgerAggregate]:
            links = self._links(learner_id)
            self._refuse_answer(learner_id, speaker_id, answer, by)
            gives_way_to = self._gives_way_to(speaker_id, answer)
            speaks = gives_way_to or speaker_id
            if not links.confirm(link_id, answer.place.child_id, speaks, by):
                return []
            came = Streams(self._ledger.load(attendances)).all(Attendance)
            self._vouch(came, links.link(link_id), answer.place, by)
            if gives_way_to is None:
                return [links, *came, *self._tied(speaker_id, answer, by)]
            return [links, *came, *self._merged(speaks, speaker_id, came, by)]

        return self._ledger.commit(by.command_id, decide)

    def vouch(self, learner_id: UUID, link_id: UUID, came: UUID, by: Envelope) -> int:
        """Have an attendance earn hours that was recorded just while its link was confirmed."""

        def decide() -> list[LedgerAggregate]:
            link = self._links(learner_id).link(link_id)
            speaker_id = survivors(self._ledger, [learner_id])[learner_id]
            speaker = self._ledger.get(Learner, speaker_id, UnknownLearner)
            places = speaker.enrolments_at(link.place.school_code, link.place.school_year)
            found = Streams(self._ledger.load([came])).all(Attendance)
            for place in (each for each in places if each.child_id == link.child_id):
                self._vouch(found, link, place, by)
            return [*found]

        return self._ledger.commit(by.command_id, decide)

    def turn_down(self, learner_id: UUID, link_id: UUID, reason: LinkRefusal, by: Envelope) -> int:
        """Say that nobody is known who fits: what they attended stays a fact and earns no hours.

        Raises OwnCase, UnknownLink, LinkAlreadyConfirmed.
        """

        def decide() -> list[LedgerAggregate]:
            links = self._links(learner_id)
            refuse_own_case(self._ledger, by.actor.id, learner_id)
            links.turn_down(link_id, reason, by)
            return [links]

        return self._ledger.commit(by.command_id, decide)

    def _links(self, learner_id: UUID) -> Links:
        return self._ledger.get(Links, Links.create_id(learner_id), UnknownLink)

    def _refuse_answer(
        self, learner_id: UUID, speaker_id: UUID, answer: LinkAnswer, by: Envelope
    ) -> None:
        """Raises OwnCase, PersonErased, GuardianshipWasEnded, PhoneOfAnotherAdult.

        UnknownLearner for an adult who is not at that place.
        """
        refuse_family(self._ledger, by, None, answer.place.child_id)
        adults = [answer.adult_id] if answer.adult_id else []
        refuse_own_case(self._ledger, by.actor.id, learner_id, speaker_id, *adults)
        refuse_erased(self._ledger, learner_id, speaker_id, *adults)
        persons = [speaker_id, *adults, *self._called_the_same(speaker_id, answer)]
        refuse_ended(self._ledger, answer.place.child_id, persons)
        for adult_id in adults:
            adult = self._ledger.get(Learner, adult_id, UnknownLearner)
            place = answer.place
            is_there = adult.enrolments.get(place.key) == place
            if not is_there or place.child_id not in adult.guardianships:
                raise UnknownLearner(id=adult_id)
        if answer.adult_id != speaker_id:
            ties = self._ledger.get(Learner, speaker_id, UnknownLearner).guardianships
            refuse_another_adult(ties, answer.place.child_id, self._relation(answer))

    def _gives_way_to(self, speaker_id: UUID, answer: LinkAnswer) -> UUID | None:
        """The roster's record of the person, where the one of the phone is nothing yet.

        After a merge that was undone it may hold hours: two persons merge such a record.
        """
        known = answer.adult_id if answer.adult_id != speaker_id else None
        if known is None or not self._is_new(speaker_id):
            return None
        account = self._ledger.find(Account, Account.create_id(speaker_id))
        return None if account and sources_of(account) else known

    def _is_new(self, learner_id: UUID) -> bool:
        """Whether a record is nothing yet but a phone that asked."""
        learner = self._ledger.get(Learner, learner_id, UnknownLearner)
        return not learner.enrolments and not learner.guardianships

    def _merged(
        self, adult_id: UUID, asker_id: UUID, came: Iterable[Attendance], by: Envelope
    ) -> list[LedgerAggregate]:
        """The record of the phone gives way to the roster's; its consent stays under it."""
        ids = (adult_id, asker_id)
        streams = Streams(self._ledger.load([*ids, *map(Account.create_id, ids)]))
        adult = streams.get(Learner, adult_id)
        asker = streams.get(Learner, asker_id)
        assert adult is not None
        assert asker is not None
        mine, theirs = (account_of(streams, each, by) for each in ids)
        sessions = [each.session_id for each in came]
        both = self._ledger.load(attendance_id(each, adult_id) for each in sessions)
        doubles = tuple(sorted(a.session_id for a in both.values() if isinstance(a, Attendance)))
        merge(adult, asker, Evidence.LINK_CONFIRMED, doubles, by)
        moved(theirs, mine, sources_of(theirs), by)
        return [adult, asker, mine, theirs]

    def _tied(self, asker_id: UUID, answer: LinkAnswer, by: Envelope) -> list[LedgerAggregate]:
        """The person becomes one of the child's adults."""
        asker = self._ledger.get(Learner, asker_id, UnknownLearner)
        code = self._relation(answer)
        relation = relation_of(code)
        asker.link_child(answer.place.child_id, code, relation.counts_as_guardian, BASIS, by)
        if answer.ended is None:
            asker.enrol(answer.place, by, answer.begins_on)
        elif answer.place.key not in asker.enrolments:
            asker.enrol(answer.place, by, answer.begins_on)
            asker.end_enrolment(answer.place, *answer.ended, by)
        [subject] = self._vault.open([asker_id]).values()
        if subject.commitment != asker.name_commitment:
            asker.change_details(subject.commitment, ("name",), by)
        return [asker]

    def _relation(self, answer: LinkAnswer) -> str:
        if answer.adult_id is None:
            return answer.relation_code
        adult = self._ledger.get(Learner, answer.adult_id, UnknownLearner)
        return adult.guardianships[answer.place.child_id][0]

    def _make_known(self, speaker_id: UUID, answer: LinkAnswer) -> None:
        """Have the next roster find a new adult; show two records of one person to be merged."""
        adult_id = answer.adult_id
        if adult_id is None:
            self._name(speaker_id, answer)
        elif adult_id != speaker_id and self._gives_way_to(speaker_id, answer) is None:
            pair = f"{speaker_id} {adult_id}"
            self._likeness.note(
                Like("link_confirmed", pair, each) for each in (speaker_id, adult_id)
            )

    def _called(self, speaker_id: UUID, answer: LinkAnswer) -> tuple[str, str]:
        """Name and phone. Whoever is known elsewhere keeps the name they have there."""
        subject = self._vault.open([speaker_id])[speaker_id]
        name = answer.name if self._is_new(speaker_id) else subject.name
        return name, subject.fields.get("phone", "")

    def _called_the_same(self, speaker_id: UUID, answer: LinkAnswer) -> set[UUID]:
        """Who was known by that name before: another phone makes nobody another person."""
        if answer.adult_id is not None:
            return set()
        name, phone = self._called(speaker_id, answer)
        keys = keys_of(answer.place.child_id, answer.relation_code, name, phone)
        return {found for kind, value in keys
                for found in self._vault.identify(kind, [value]).values()}  # fmt: skip

    def _name(self, speaker_id: UUID, answer: LinkAnswer) -> None:
        child_id = answer.place.child_id
        name, phone = self._called(speaker_id, answer)
        keys = keys_of(child_id, answer.relation_code, name, phone)
        if answer.relation_code in ONE_PER_CHILD:
            keys.append(("child_relation", f"{child_id} {answer.relation_code}"))
        self._vault.admit([Entry(speaker_id, "learner", {"name": name}, keys)])
        likes = [Like("same_name_and_child", f"{child_id} {name}", speaker_id)]
        if phone:
            likes.append(Like("same_phone", phone, speaker_id))
        self._likeness.note(likes)

    def _vouch(
        self, came: Iterable[Attendance], link: Link, place: Enrolment, by: Envelope
    ) -> None:
        """What came in through this link, or could have come in by that place or the one before.

        In a closed term a correction says so instead: it takes a second person.
        """
        for attendance in came:
            session = self._ledger.get(Session, attendance.session_id, UnknownSession)
            if in_closed_term(self._ledger, session):
                continue
            day = local_day(session.plan.begins_at, CITY_ZONE)
            if session.plan.invites(place) or link.was_invited(session.plan, day):
                attendance.vouch((place.child_id,), by)


def keys_of(child_id: UUID, relation_code: str, name: str, phone: str) -> list[tuple[str, str]]:
    """What a roster finds an adult by: name and relation to the child, name and phone."""
    keys = [("learner_kin", kin(child_id, relation_code, name))]
    return [*keys, ("learner_phone", f"{phone} {name}")] if phone else keys
