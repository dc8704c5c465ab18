"""Go's sumdb packages, which share no code with us, agree on good and bad."""

from __future__ import annotations

import pytest

from tests.api.log.test_tampering import TAMPERING, force
from tests.interop.conftest import Check, Evening

pytestmark = pytest.mark.go


def test_exported_leaves_make_the_root(tlogcheck: Check, evening: Evening) -> None:
    key, leaves = str(evening.key), evening.leaves(evening.after.size)
    assert tlogcheck("leaves", key, str(evening.after.whole).encode(), leaves)
    assert tlogcheck("leaves", key, str(evening.before.whole).encode(), leaves)
    assert not tlogcheck("leaves", key, str(evening.after.whole).encode(), leaves[:-300])


def test_every_event_is_in_the_tree_and_no_other(tlogcheck: Check, evening: Evening) -> None:
    logs, key = evening.runtime.logs, str(evening.key)
    log = logs.current()
    for position in (1, 7, evening.before.size, evening.after.size):
        event = logs.event_at(position)
        assert event is not None
        proof = logs.prove(log, logs.index_of(log, position), evening.after)
        text = str(proof).encode()
        assert tlogcheck("record", key, text, event.leaf)
        assert not tlogcheck("record", key, text, event.leaf.replace(b"v1", b"v2", 1))
        wrong = text.replace(f"index {proof.index}".encode(), f"index {proof.index ^ 1}".encode())
        assert not tlogcheck("record", key, wrong, event.leaf)


def test_the_later_tree_begins_with_the_earlier(tlogcheck: Check, evening: Evening) -> None:
    key, answer = str(evening.key), evening.consistency()
    old = str(evening.before.whole).encode()
    assert tlogcheck("tree", key, old, answer)
    head, _, rest = answer.partition(b"\n\n")
    first = head.split(b"\n")[1]
    assert not tlogcheck("tree", key, old, answer.replace(first, first[::-1].replace(b"=", b"A")))
    assert not tlogcheck("tree", key, old, head[: head.rfind(b"\n")] + b"\n\n" + rest)


def test_a_note_of_another_key_is_refused(tlogcheck: Check, evening: Evening) -> None:
    leaves = evening.leaves(evening.after.size)
    other = str(evening.runtime.receipts.key)
    assert not tlogcheck("leaves", other, str(evening.after.whole).encode(), leaves)
    touched = str(evening.after.whole).replace(f"\n{evening.after.size}\n", "\n9\n").encode()
    assert not tlogcheck("leaves", str(evening.key), touched, leaves)


@pytest.mark.parametrize("deed", TAMPERING)
def test_whatever_is_tampered_with_the_exported_leaves_do_not_make_the_kept_root(
    tlogcheck: Check, evening: Evening, deed: str
) -> None:
    kept, size = str(evening.after.whole).encode(), evening.after.size
    assert tlogcheck("leaves", str(evening.key), kept, evening.leaves(size))
    force(evening.runtime, TAMPERING[deed])
    assert not tlogcheck("leaves", str(evening.key), kept, evening.leaves(size))
