"""The vault forgets a person whole, and nothing brings them back under the same id."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.exceptions import InvalidTag

from domain.erasure import PersonErased, Scope
from ledger.book import Book
from ledger.likeness import Like
from ledger.name_salts import certificate_salt
from ledger.rewrapping import put
from ledger.sealing import key_id_of, unseal
from ledger.sheets import Picture
from ledger.vault import Entry, SubjectErased
from ledger.wrapping import VaultKeyMissed
from tests.acting import Pilot, envelope
from tests.database import TestDatabase
from tests.domain.refusing import refused
from tests.ledger.merging import merge_of, signed_by_two
from tests.paper import print_sheets, typing

NAME, PHONE = "（示例）陈建2", "10000000002"


def erase(book: Book, *subjects: UUID, **scope: tuple[UUID, ...]) -> None:
    book.erasures.finish(Scope(records=(), subjects=subjects, **scope))


def test_nothing_of_a_person_opens_or_is_found_any_more(book: Book, database: TestDatabase) -> None:
    person, document = uuid4(), uuid4()
    book.vault.admit([Entry(person, "learner", {"name": NAME}, [("learner_phone", PHONE)])])
    book.vault.file(document, "words", person, NAME.encode())
    book.likeness.note([Like("same_phone", PHONE, person)])
    for _ in range(2):
        erase(book, person)
    assert book.vault.open([person]) == {}
    assert book.vault.document(document, "words") is None
    assert book.vault.identify("learner_phone", [PHONE]) == {}
    assert book.likeness.holders("same_phone", [PHONE]) == {}
    with psycopg.connect(database.vault) as vault:
        row = vault.execute(
            "SELECT kind, wrapped_key, sealed FROM ledger_vault.subject WHERE subject_id = %s",
            (person,),
        ).fetchone()
    assert row == ("erased", b"", b"")


def test_nobody_is_sealed_again_under_the_same_id(book: Book) -> None:
    """A roster that was being read while its person was erased, or a restored one."""
    person, unknown = uuid4(), uuid4()
    book.vault.put(person, "learner", {"name": NAME})
    erase(book, person, unknown)
    for each in (person, unknown):
        with refused(PersonErased):
            book.vault.put(each, "learner", {"name": NAME})
        with pytest.raises(SubjectErased):
            book.vault.admit([Entry(each, "learner", {"name": NAME}, [("learner_phone", PHONE)])])
        with pytest.raises(LookupError):
            book.vault.file(uuid4(), "words", each, b"words")
    assert book.vault.identify("learner_phone", [PHONE]) == {}
    assert book.vault.open([person, unknown]) == {}


def test_a_kept_certificate_opens_without_its_holder(book: Book) -> None:
    person, kept, given_up = uuid4(), uuid4(), uuid4()
    salt = book.vault.put(person, "learner", {"name": NAME}).fields["salt"]
    for certificate in (kept, given_up):
        for kind in ("signed", "snapshot"):
            book.vault.file(certificate, kind, person, f"{certificate} {kind}".encode())
    for _ in range(2):
        erase(book, person, kept=(kept,))
    assert [book.vault.document(kept, kind) for kind in ("signed", "snapshot")] == [
        f"{kept} {kind}".encode() for kind in ("signed", "snapshot")
    ]
    assert book.vault.document(given_up, "signed") is None
    own = certificate_salt(bytes.fromhex(salt), kept).hex()
    assert dict(book.vault.open([kept])[kept].fields) == {"certificate_salt": own}
    assert salt not in str([*book.vault.contents()])
    assert book.vault.open([person]) == {}


def test_a_picture_goes_and_those_beside_it_stay(book: Book) -> None:
    sheet, gone, stays = uuid4(), uuid4(), uuid4()
    book.vault.admit([Entry(sheet, "sheet", {})])
    for each in (gone, stays):
        book.vault.file(each, "scan", sheet, b"picture")
    erase(book, scans=(gone,))
    assert book.vault.document(gone, "scan") is None
    assert book.vault.document(stays, "scan") == b"picture"


def test_whoever_writes_beside_an_erasure_is_refused_or_erased_with_it(book: Book) -> None:
    """Thirty persons, each erased while two others write to them: nothing of them is left."""
    persons = [uuid4() for _ in range(30)]
    for person in persons:
        book.vault.put(person, "learner", {"name": NAME})

    def write() -> None:
        for person in persons:
            try:
                keys = [("learner_phone", f"{PHONE} {person}")]
                book.vault.admit([Entry(person, "learner", {"phone": PHONE}, keys)])
                book.likeness.note([Like("same_phone", f"{PHONE} {person}", person)])
                book.vault.file(uuid4(), "words", person, b"words")
            except LookupError:
                pass

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for person in persons:
        erase(book, person)
    for writer in writers:
        writer.join()
    assert book.vault.open(persons) == {}
    phones = [f"{PHONE} {person}" for person in persons]
    assert book.vault.identify("learner_phone", phones) == {}
    assert book.likeness.holders("same_phone", phones) == {}


def test_nobody_is_tied_to_who_was_erased(book: Book) -> None:
    """A record that would take their id's look-ups could never be found again."""
    pilot = Pilot(book).set_up()
    gone, other, _ = pilot.learners
    scope = Scope(records=(gone,), subjects=(gone,))
    book.erasures.carry_out_again(gone, uuid4(), scope, envelope())
    for order in (merge_of(gone, other), merge_of(other, gone)):
        with refused(PersonErased):
            book.corrections.preview(order, envelope())


@pytest.mark.parametrize("is_merged", [False, True])
def test_no_picture_of_who_was_erased_is_kept_again(book: Book, is_merged: bool) -> None:
    """The sheet was printed before; under a merged record, another one speaks for them."""
    pilot = Pilot(book).set_up()
    listed, other, _ = pilot.learners
    [sheet] = print_sheets(pilot, [listed])
    if is_merged:
        signed_by_two(pilot, merge_of(other, listed))
    gone = other if is_merged else listed
    picture = Picture(b"\xff\xd8\xff" + b"0" * 400, "image/jpeg")
    book.sheets.file_scan(sheet.id, picture, typing())
    [scan] = book.sheets.get(sheet.id).scans
    scope = Scope(records=(gone,), subjects=(gone,), scans=(scan,))
    book.erasures.carry_out_again(gone, uuid4(), scope, envelope())
    for again in (picture, Picture(b"%PDF-", "application/pdf")):
        with refused(PersonErased):
            book.sheets.file_scan(sheet.id, again, typing())
    assert book.sheets.scan(scan) is None


def rotated(database: TestDatabase, key: bytes) -> None:
    """Under the feet of a process that goes on: as when another server takes over."""
    new, names = b"n" * 32, database.names
    with psycopg.connect(database.owner) as owner:
        rows = owner.execute(
            "SELECT subject_id, wrapped_key FROM ledger_vault.subject WHERE erased_at IS NULL"
        ).fetchall()
        put(owner, names, [(person, unseal(key, person, wrapped)) for person, wrapped in rows], new)
        owner.execute(
            "INSERT INTO ledger_vault.key_encryption (key_id) VALUES (%s)", (key_id_of(new),)
        )


def test_a_process_that_missed_a_rotation_says_so_and_seals_nobody(
    book: Book, database: TestDatabase
) -> None:
    """It is no statement about the person: they were not erased."""
    person, erased, certificate, unknown = (uuid4() for _ in range(4))
    for each in (person, erased):
        book.vault.put(each, "learner", {"name": NAME})
    book.vault.file(certificate, "signed", person, b"signed")
    erase(book, erased)
    rotated(database, b"e" * 32)
    acts: tuple[Callable[[], object], ...] = (
        lambda: book.vault.put(person, "learner", {"name": NAME}),
        lambda: book.vault.put(unknown, "learner", {"name": NAME}),
        lambda: book.vault.admit([Entry(unknown, "learner", {"name": NAME})]),
        lambda: book.vault.open([person]),
        lambda: book.vault.file(uuid4(), "words", person, b"words"),
        lambda: book.vault.document(certificate, "signed"),
        lambda: list(book.vault.contents()),
        lambda: erase(book, person, kept=(certificate,)),
    )
    for act in acts:
        with refused(VaultKeyMissed):
            act()
    with psycopg.connect(database.vault) as vault:
        counting = vault.execute("SELECT count(*) FROM ledger_vault.subject WHERE kind <> 'erased'")
        assert counting.fetchone() == (1,)


def test_a_damaged_key_is_no_missed_rotation(book: Book, database: TestDatabase) -> None:
    person = uuid4()
    book.vault.put(person, "learner", {"name": NAME})
    with psycopg.connect(database.owner) as owner:
        owner.execute("UPDATE ledger_vault.subject SET wrapped_key = sealed")
    with pytest.raises(InvalidTag):
        book.vault.open([person])
