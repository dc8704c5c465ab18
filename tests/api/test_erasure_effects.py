"""What an erasure takes away: every record of a person, what they typed, where they stand."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from api.bootstrap import Runtime
from api.erased_pictures import follow_pictures
from api.erasure_effects import effects_of
from domain.custody import CustodyReason
from domain.envelope import Role
from domain.erasure import CertificateWish, PersonErased, Scope
from domain.learner import Learner, UnknownLearner
from domain.sheet import PaperRow, Scan
from ledger.details import Asked
from ledger.registry import NewSchool
from ledger.roster import Roster
from ledger.sheets import SCAN, Picture
from projections.following import Following
from tests.acting import DISTRICT, ENDS, SCHOOL, STARTS, Pilot, entry, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.paper import hold_and_close, print_sheets, typing
from tests.projections.test_mesh import looking

PICTURE = Picture(b"%PDF-1.4 %%EOF", "application/pdf")


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


def pictured(pilot: Pilot, *learners: UUID) -> tuple[UUID, UUID]:
    """A sheet with these rows, and the picture of it."""
    *_, sheet = print_sheets(pilot, learners)
    pilot.book.sheets.file_scan(sheet.id, PICTURE, typing())
    [scan] = pilot.book.sheets.get(sheet.id).scans
    return sheet.id, scan


def untied(pilot: Pilot, learner_id: UUID) -> UUID:
    """Their only child, which two persons parted them from."""
    child_id, custody = child_of(pilot, learner_id), pilot.book.custody
    custody.propose(learner_id, child_id, CustodyReason.CARE_ENDED, envelope())
    custody.confirm(learner_id, child_id, envelope())
    return child_id


def test_a_picture_goes_whatever_became_of_the_tie_the_child_and_the_school(
    runtime: Runtime, pilot: Pilot
) -> None:
    first = pilot.learners[0]
    _, scan = pictured(pilot, first)
    child_id = untied(pilot, first)
    other = NewSchool("4401040009", "示例三小", ("primary",), DISTRICT)
    pilot.book.registry.register_school(other, envelope())
    pilot.book.registry.merge_school(SCHOOL, other.school_code, ENDS.date(), envelope())
    runtime.projector.catch_up()
    effects = effects_of(runtime, first)
    assert (effects.scans, effects.children) == ((scan,), (child_id,))


def test_a_picture_goes_of_whoever_was_typed_on_a_blank_row_and_taken_back(
    runtime: Runtime, pilot: Pilot
) -> None:
    hold_and_close(pilot)
    first, second, _ = pilot.learners
    sheet_id, scan = pictured(pilot, first)
    sheet, sheets = pilot.book.sheets.get(sheet_id), pilot.book.sheets
    row = PaperRow(row=sheet.last_row, learner_id=second, came_at=STARTS)
    sheets.enter(sheet_id, [row], typing())
    sheets.withdraw(sheet_id, typing())
    runtime.projector.catch_up()
    assert effects_of(runtime, second).scans == (scan,)
    pilot.book.erasures.carry_out_again(second, uuid4(), scope_of(second), envelope())
    with pytest.raises(PersonErased):
        sheets.file_scan(sheet_id, Picture(b"%PDF-1.5 %%EOF", "application/pdf"), typing())


def test_a_picture_that_no_erasure_saw_goes_afterwards(runtime: Runtime, pilot: Pilot) -> None:
    """Recorded before it by a release that missed it, or after it, checked before."""
    first, second, third = pilot.learners
    following = Following(runtime.views, follow_pictures(runtime))
    following.set_up()
    _, missed = pictured(pilot, first)
    pilot.book.erasures.carry_out_again(first, uuid4(), scope_of(first), envelope())
    _, stays = pictured(pilot, third)
    beside = filed_beside_an_erasure(pilot, second)
    runtime.projector.catch_up()
    following.catch_up()
    found = {key: pilot.book.sheets.scan(key) is not None for key in (missed, beside, stays)}
    assert found == {missed: False, beside: False, stays: True}


def test_a_picture_goes_of_whoever_was_typed_beside_their_erasure(
    runtime: Runtime, pilot: Pilot
) -> None:
    hold_and_close(pilot)
    first, second, _ = pilot.learners
    sheet_id, scan = pictured(pilot, first)
    sheet = pilot.book.sheets.get(sheet_id)
    pilot.book.erasures.carry_out_again(second, uuid4(), scope_of(second), envelope())
    sheet.enter([PaperRow(row=sheet.last_row, learner_id=second, came_at=STARTS)], ENDS, typing())
    pilot.book.ledger.save(sheet)
    runtime.projector.catch_up()
    following = Following(runtime.views, follow_pictures(runtime))
    following.set_up()
    following.catch_up()
    assert pilot.book.sheets.scan(scan) is None


def filed_beside_an_erasure(pilot: Pilot, learner_id: UUID) -> UUID:
    """The picture was checked, then the person was erased, then the picture was recorded."""
    *_, sheet = print_sheets(pilot, [learner_id])
    pilot.book.erasures.carry_out_again(learner_id, uuid4(), scope_of(learner_id), envelope())
    scan = Scan(document_id=uuid4(), sha256="0" * 64, media_type="image/png", size=1)
    pilot.book.vault.file(scan.document_id, SCAN, sheet.id, b"picture")
    sheet.file_scan(scan, typing())
    pilot.book.ledger.save(sheet)
    return scan.document_id


def scope_of(learner_id: UUID) -> Scope:
    return Scope(records=(learner_id,), subjects=(learner_id,))


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
