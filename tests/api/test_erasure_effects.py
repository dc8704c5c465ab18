"""What an erasure takes away: every record of a person, what they typed, where they stand."""

from __future__ import annotations

from uuid import UUID

import pytest

from api.bootstrap import Runtime
from api.erasure_effects import effects_of
from domain.envelope import Role
from domain.erasure import CertificateWish
from domain.learner import Learner, UnknownLearner
from ledger.details import Asked
from ledger.roster import Roster
from ledger.sheets import Picture
from tests.acting import ENDS, SCHOOL, Pilot, entry, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.paper import print_sheets, typing
from tests.projections.test_mesh import looking


@pytest.fixture
def pilot(runtime: Runtime) -> Pilot:
    return Pilot(runtime.book).set_up()


def child_of(pilot: Pilot, learner_id: UUID) -> UUID:
    [child_id] = pilot.book.ledger.get(Learner, learner_id, UnknownLearner).guardianships
    return child_id


def test_pictures_on_which_a_person_stands_go_and_others_stay(
    runtime: Runtime, pilot: Pilot
) -> None:
    first, second, third = pilot.learners
    with_both = print_sheets(pilot, [first, second])
    *_, of_another = print_sheets(pilot, [third])
    for sheet in (*with_both, of_another):
        picture = Picture(f"%PDF-1.4 {sheet.id} %%EOF".encode(), "application/pdf")
        pilot.book.sheets.file_scan(sheet.id, picture, typing())
    runtime.projector.catch_up()
    scans = {key for sheet in with_both for key in pilot.book.sheets.get(sheet.id).scans}
    scope = effects_of(runtime, first).scope(CertificateWish.KEEP)
    assert set(scope.scans) == scans
    with looking():  # whoever decides: what lies at another school goes, too
        assert effects_of(runtime, first).scope(CertificateWish.KEEP) == scope
    pilot.book.erasures.finish(scope)
    [stays] = pilot.book.sheets.get(of_another.id).scans
    assert pilot.book.sheets.scan(stays) is not None
    assert all(pilot.book.sheets.scan(each) is None for each in scans)


def test_every_record_and_what_was_typed_under_each_goes(runtime: Runtime, pilot: Pilot) -> None:
    kept, merged, _ = pilot.learners
    for learner_id in (kept, merged):
        by = envelope(ENDS, Role.PARENT, learner_id)
        pilot.book.details.ask(learner_id, Asked(phone="10000000099"), by)
    signed_by_two(pilot, merge_of(kept, merged))
    runtime.projector.catch_up()
    effects = effects_of(runtime, merged)
    assert effects.records == (kept, merged), "whoever speaks comes first: certificates are theirs"
    assert len(effects.requests) == 2
    pilot.book.erasures.finish(effects.scope(CertificateWish.KEEP))
    assert pilot.book.vault.open([kept, merged, *effects.requests]) == {}


def test_a_child_goes_with_the_last_adult_that_is_left(runtime: Runtime, pilot: Pilot) -> None:
    rows = [entry(2, name="（示例）林二", relation_code="52", phone="10000000077")]
    by = envelope()
    [other] = pilot.book.rosters.take(Roster(SCHOOL, 2026), rows, by, dry_run=False)
    runtime.projector.catch_up()
    father, child_id = pilot.learners[0], child_of(pilot, pilot.learners[0])
    assert other.id is not None
    effects = effects_of(runtime, father)
    assert effects.children == ()
    pilot.book.erasures.finish(effects.scope(CertificateWish.KEEP))
    assert child_id in pilot.book.vault.open([child_id])
    assert effects_of(runtime, other.id).children == (child_id,)
