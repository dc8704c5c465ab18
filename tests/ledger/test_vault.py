"""The vault: sealed per person, bound to its row, found by keyed digests, read on the record."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from domain.envelope import Actor, Role
from ledger.book import VAULT_CONNECTIONS, Book
from ledger.sealing import new_key, seal, unseal
from ledger.vault import DocumentDiffers, Entry, VaultKeys, commitment
from tests.acting import SET_UP
from tests.database import TestDatabase

NAME = "（示例）陈建军"
READER = Actor(id=uuid4(), role=Role.COORDINATOR, organisation="4401040001")


def rows(database: TestDatabase, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database.owner, autocommit=True) as owner:
        return owner.execute(query.encode()).fetchall()


@pytest.mark.parametrize("name", [NAME, "Ünal Ø. Müller", "陈\u3000小 明", "𠮷野", "", "a" * 5000])
def test_what_was_sealed_opens_letter_by_letter(book: Book, name: str) -> None:
    key = uuid4()
    book.vault.put(key, "learner", {"name": name})

    opened = book.vault.open([key])[key]

    assert opened.name == name
    assert opened.commitment == commitment(opened.fields["salt"], name)


def test_nothing_readable_lies_in_the_tables(book: Book, database: TestDatabase) -> None:
    key = uuid4()
    book.vault.admit([Entry(key, "learner", {"name": NAME}, [("learner_phone", "10000000001")])])
    book.vault.file(uuid4(), "snapshot", key, NAME.encode())

    everything = repr(
        rows(database, "SELECT * FROM ledger_vault.subject")
        + rows(database, "SELECT * FROM ledger_vault.blind_index")
        + rows(database, "SELECT * FROM ledger_vault.document")
    )

    assert repr(NAME.encode())[2:-1] not in everything
    assert "10000000001" not in everything
    assert NAME not in repr(book.vault.open([key]))


def test_changing_one_field_keeps_the_others_and_the_salt(book: Book) -> None:
    key = uuid4()
    first = book.vault.put(key, "learner", {"name": NAME, "phone": "10000000001"})
    book.vault.put(key, "learner", {"phone": "10000000002"})

    assert book.vault.open([key])[key].fields == {**first.fields, "phone": "10000000002"}


def test_two_who_admit_the_same_new_person_at_once_seal_under_one_key(book: Book) -> None:
    for _ in range(10):
        key, start = uuid4(), threading.Barrier(4)

        def put(number: int, key: UUID = key, start: threading.Barrier = start) -> None:
            start.wait()
            book.vault.put(key, "learner", {f"field{number}": NAME})

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(put, range(4)))

        assert book.vault.open([key])[key].fields.keys() == {
            "salt", "field0", "field1", "field2", "field3",
        }  # fmt: skip


def test_imports_that_share_persons_do_not_stop_each_other(book: Book) -> None:
    persons = [uuid4() for _ in range(30)]

    def admit(number: int) -> None:
        order = persons if number % 2 else persons[::-1]
        book.vault.admit(
            Entry(p, "learner", {"name": f"{number}"}, [("learner_phone", str(p))]) for p in order
        )

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(admit, range(8)))

    assert len(book.vault.open(persons)) == 30


def test_one_person_in_two_rows_is_admitted_once(book: Book) -> None:
    key = uuid4()
    book.vault.admit([
        Entry(key, "learner", {"name": NAME}, [("learner_kin", "a")]),
        Entry(key, "learner", {"phone": "10000000001"}, [("learner_kin", "b")]),
    ])  # fmt: skip

    assert book.vault.open([key])[key].fields.keys() == {"salt", "name", "phone"}
    assert book.vault.identify("learner_kin", ["a", "b", "c"]) == {"a": key, "b": key}


def test_whoever_claims_a_value_first_keeps_it(book: Book) -> None:
    first, second = uuid4(), uuid4()
    for key in (first, second):
        keys = [("learner_phone", "10000000001")]
        book.vault.admit([Entry(key, "learner", {"name": NAME}, keys)])
        assert book.vault.identify("learner_phone", ["10000000001"]) == {"10000000001": first}


def test_a_row_moved_to_another_person_does_not_open(book: Book, database: TestDatabase) -> None:
    one, two = uuid4(), uuid4()
    for key in (one, two):
        book.vault.put(key, "learner", {"name": NAME})
    with psycopg.connect(database.owner) as owner:
        owner.execute(
            "UPDATE ledger_vault.subject a SET sealed = b.sealed, wrapped_key = b.wrapped_key"
            " FROM ledger_vault.subject b WHERE a.subject_id = %s AND b.subject_id = %s",
            (one, two),
        )

    assert book.vault.open([two])
    with pytest.raises(InvalidTag):
        book.vault.open([one])


def test_a_document_moved_to_another_row_does_not_open(book: Book, database: TestDatabase) -> None:
    person, document = uuid4(), uuid4()
    book.vault.put(person, "learner", {"name": NAME})
    book.vault.file(document, "signed", person, b"signed")
    book.vault.file(document, "snapshot", person, b"snapshot")
    with psycopg.connect(database.owner) as owner:
        owner.execute(
            "UPDATE ledger_vault.document a SET sealed = b.sealed FROM ledger_vault.document b"
            " WHERE a.kind = 'signed' AND b.kind = 'snapshot'"
        )

    assert book.vault.document(document, "snapshot") == b"snapshot"
    with pytest.raises(InvalidTag):
        book.vault.document(document, "signed")


def test_another_key_opens_nothing_and_finds_nobody(book: Book, database: TestDatabase) -> None:
    key = uuid4()
    book.vault.admit([Entry(key, "learner", {"name": NAME}, [("learner_phone", "10000000001")])])
    wrong = VaultKeys(encryption=b"x" * 32, index=b"y" * 32)
    with Book(database.app, database.vault, database.names, wrong) as other:
        assert other.vault.identify("learner_phone", ["10000000001"]) == {}
        with pytest.raises(InvalidTag):
            other.vault.open([key])
    assert "x" not in repr(wrong)


def test_erasing_the_person_erases_documents_and_look_ups(
    book: Book, database: TestDatabase
) -> None:
    key, document = uuid4(), uuid4()
    book.vault.admit([Entry(key, "learner", {"name": NAME}, [("learner_phone", "10000000001")])])
    book.vault.file(document, "signed", key, b"signed")
    with psycopg.connect(database.vault) as vault:
        vault.execute("DELETE FROM ledger_vault.subject WHERE subject_id = %s", (key,))

    assert book.vault.open([key]) == {}
    assert book.vault.document(document, "signed") is None
    assert book.vault.identify("learner_phone", ["10000000001"]) == {}
    with pytest.raises(LookupError):
        book.vault.file(document, "signed", key, b"signed")


def test_a_document_is_filed_once_and_never_replaced(book: Book) -> None:
    key, document = uuid4(), uuid4()
    book.vault.put(key, "learner", {"name": NAME})
    book.vault.file(document, "signed", key, b"first")
    book.vault.file(document, "signed", key, b"first")

    with pytest.raises(DocumentDiffers):
        book.vault.file(document, "signed", key, b"second")
    assert book.vault.document(document, "signed") == b"first"
    assert book.vault.document(document, "snapshot") is None


def test_a_document_that_nothing_refers_to_is_dropped_and_no_other_one(book: Book) -> None:
    key, document, other = uuid4(), uuid4(), uuid4()
    book.vault.put(key, "learner", {"name": NAME})
    for each, kind in ((document, "words"), (document, "snapshot"), (other, "words")):
        book.vault.file(each, kind, key, b"first")

    book.vault.discard(document, "words")

    assert book.vault.document(document, "words") is None
    assert book.vault.document(document, "snapshot") == b"first"
    assert book.vault.document(other, "words") == b"first"


def test_a_reading_is_on_record_before_anything_opens(book: Book, database: TestDatabase) -> None:
    key = uuid4()
    book.vault.put(key, "learner", {"name": NAME})
    wrong = VaultKeys(encryption=b"x" * 32, index=b"y" * 32)
    with (
        Book(database.app, database.vault, database.names, wrong) as other,
        pytest.raises(InvalidTag),
    ):
        other.vault.show([key], READER, "class_list", SET_UP)
    assert book.vault.show([key], READER, "class_list", SET_UP)[key].name == NAME
    assert book.vault.show([], READER, "class_list", SET_UP) == {}

    logged = rows(database, "SELECT actor_id, purpose, subject_ids FROM ledger_vault.access_log")
    assert logged == [(READER.id, "class_list", [key])] * 2


def test_who_is_alone_holds_off_the_same_and_nobody_else(book: Book) -> None:
    order: list[str] = []
    waiting = threading.Event()

    def second() -> None:
        waiting.set()
        with book.vault.alone("roster"):
            order.append("second")

    thread = threading.Thread(target=second)
    with book.vault.alone("roster"):
        thread.start()
        waiting.wait()
        with book.vault.alone("another roster"):
            order.append("other")
        thread.join(0.1)
        order.append("first")
    thread.join()

    assert order == ["other", "first", "second"]


def test_many_who_wait_leave_connections_to_the_one_who_works(book: Book) -> None:
    def take(number: int) -> int:
        with book.vault.alone("roster"):
            book.vault.put(UUID(int=number), "learner", {"name": NAME})
        return number

    with ThreadPoolExecutor(VAULT_CONNECTIONS + 2) as threads:
        assert sum(threads.map(take, range(VAULT_CONNECTIONS + 2))) == 28


def test_a_lock_whose_connection_is_cut_is_free_again(book: Book, database: TestDatabase) -> None:
    with book.vault.alone("roster"):
        cut = (
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks JOIN pg_database d"
            " ON d.oid = database WHERE locktype = 'advisory' AND d.datname = current_database()"
        )
        assert rows(database, cut) == [(True,)]
        with book.vault.alone("roster"):
            pass


def test_a_failed_work_gives_the_lock_back(book: Book) -> None:
    with suppress(ZeroDivisionError), book.vault.alone("roster"):
        raise ZeroDivisionError
    with book.vault.alone("roster"):
        pass


@given(st.binary(max_size=99), st.uuids(), st.integers(0, 200))
def test_one_changed_byte_does_not_open(content: bytes, row: UUID, place: int) -> None:
    key = new_key()
    sealed = bytearray(seal(key, row, content))
    assert unseal(key, row, bytes(sealed)) == content
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(InvalidTag):
        unseal(key, row, bytes(sealed))
