"""Other rules instead: an edition in the place of its own level, for what it would have reached."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from uuid import UUID

from domain.account import Account
from domain.assessing import Assessment
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, local_day
from domain.earned import at_rates_of
from domain.make_up import MakeUps
from domain.rulebook import Rulebook
from domain.rulebook_edition import RulebookEdition
from domain.rulebook_versions import Versions
from domain.session import Session
from domain.settling import Claimed, Claims, Settled, granted_in_order
from domain.standing import Standing
from ledger.judging import Run, claim_for
from ledger.rulebooks import Rulebooks


@dataclass(frozen=True)
class Trial:
    """Which rules are tried, on what: since a day, or judged by one version before, or on all.

    `at` is the moment up to which missing check-outs are judged.
    """

    run_id: UUID
    edition: RulebookEdition
    at: datetime
    since: date | None = None
    from_version: str | None = None


class Instead:
    """The rules of a trial, wherever it reaches."""

    def __init__(self, rulebooks: Rulebooks, trial: Trial) -> None:
        self._rulebooks = rulebooks
        self._trial = trial
        self._tried: dict[str, Rulebook] = {}
        # One trial, one answer: rules that are announced while it runs do not come into it.
        self.on = cache(rulebooks.on)
        self._replaced = cache(partial(rulebooks.shelves.replaced, edition=trial.edition))

    def of(self, name: str, school_code: str, day: date) -> Rulebook | None:
        """What stands instead of named rules in a school; None where the trial does not reach."""
        trial, shelves = self._trial, self._rulebooks.shelves
        place = trial.edition.organisation
        too_early = trial.since is not None and day < trial.since
        if too_early or (place and place not in shelves.places(school_code)):
            return None
        if trial.from_version not in {None, Versions.named(name).of(place)}:
            return None
        rules = self._replaced(name)
        self._tried[rules.version] = rules
        return rules

    def rules(self, name: str) -> Rulebook:
        """Named rules, tried or published."""
        return self._tried.get(name) or self._rulebooks.version(name)

    def claims(
        self,
        account: Account,
        attended: Collection[tuple[Attendance, Session]],
        making_up: Callable[[Attendance], MakeUps | None],
        judge: Callable[[Run, Attendance], Assessment],
    ) -> Claims:
        """What the sources of an account claim instead, those out of reach left out.

        A source that was taken back by a decision claims nothing: no rules bring it back.
        """
        asked: dict[UUID, Claimed | None] = {}
        sessions = {attendance.id for attendance, _ in attended}
        for source, claimed in account.claims.items():
            if claimed is not None and source not in sessions:
                claim = claimed.claim.bare
                rules = self.of(claimed.rulebook_version, claim.school_code, claim.day)
                if rules is not None:
                    asked[source] = Claimed(at_rates_of(rules, claim), rules.version)
        for attendance, session in sorted(attended, key=lambda each: each[1].plan.begins_at):
            known = account.claims.get(attendance.id)
            if session.standing is Standing.ATTESTED and (
                known is not None or attendance.id not in account.claims
            ):
                run = self._run(session, known)
                if run is not None:
                    judged = judge(run, attendance)
                    claim = claim_for(run, attendance, account.id, judged, making_up(attendance))
                    asked[attendance.id] = Claimed(claim, run.rulebook.version)
        return asked

    def _run(self, session: Session, known: Claimed | None) -> Run | None:
        plan = session.plan
        day = local_day(plan.begins_at, CITY_ZONE)
        name = known.rulebook_version if known else session.rulebook_version
        name = name or self.on(day, plan.school_code).version
        rules = self.of(name, plan.school_code, day)
        return Run(session, rules, self._trial.at, self._trial.run_id) if rules else None


def granted(known: Claims, asked: Claims, rules: Callable[[str], Rulebook]) -> dict[UUID, Settled]:
    """What each source gets when the asked claims take the place of the known ones."""
    claims = {**known, **asked}
    worth = (claimed for claimed in claims.values() if claimed and claimed.claim.hours)
    return granted_in_order(worth, rules)


def hours_of(settled: Mapping[UUID, Settled]) -> dict[UUID, int]:
    return {source: each.hours for source, each in settled.items() if each.hours}


def fewest(account: Account, asked: Claims, rules: Callable[[str], Rulebook]) -> Claims:
    """Only the claims whose hours change, where that comes to the same.

    A line that is worth the same by the new rules keeps the version it was awarded under.
    """
    wanted = hours_of(granted(account.claims, asked, rules))
    now = {credit.source_id: credit.hours for credit in account.standing}
    few = {source: asked[source] for source in asked if wanted.get(source) != now.get(source)}
    return few if hours_of(granted(account.claims, few, rules)) == wanted else asked
