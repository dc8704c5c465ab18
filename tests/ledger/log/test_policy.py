"""Policies of witnesses (C2SP tlog-policy): who is enough, and lines that say nothing known."""

from __future__ import annotations

import pytest

from ledger.log.note import COSIGNATURE, PLAIN, Key
from ledger.log.policy import BadPolicy, Policy, read_policy

A, B, C, D = (Key(f"w.example/{name}", COSIGNATURE, name.encode() * 32) for name in "abcd")
LOG = Key("log.example/log", PLAIN, b"l" * 32)
NAMED = f"witness A {A}\nwitness B {B}\nwitness C {C} https://w.example/c/\nwitness D {D}\n"


def test_groups_of_groups_count_their_members() -> None:
    text = (
        f"# ours\nlog {LOG} https://log.example/log\n{NAMED}\n"
        "group two 2 A B\ngroup one any C D\ngroup both all two one\nquorum both\n"
    )
    policy = read_policy(text)

    assert policy.logs == (LOG,)
    assert policy.witnesses["C"].url == "https://w.example/c"
    assert policy.is_met_by({A, B, C})
    assert not policy.is_met_by({A, B})
    assert not policy.is_met_by({A, C, D})


def test_nobody_is_never_enough() -> None:
    assert not Policy().is_met_by({A})
    assert not read_policy("quorum none\n").is_met_by({A})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("quorum A\n", 1),
        ("quorum none\nquorum none\n", 2),
        ("witness none " + str(A), 1),
        (f"witness A {A}\nwitness A {B}\n", 2),
        (f"witness A {A}\nwitness B {A}\n", 2),
        (f"witness A {LOG}\n", 1),
        ("witness A nonsense\n", 1),
        (f"log {LOG}\nlog {LOG}\n", 2),
        (f"{NAMED}group g 5 A B\n", 5),
        (f"{NAMED}group g 0 A B\n", 5),
        (f"{NAMED}group g some A B\n", 5),
        (f"{NAMED}group g any\n", 5),
        (f"{NAMED}group g any E\n", 5),
        (f"{NAMED}group g all A A\n", 5),
        (f"{NAMED}group g all A\ngroup h all A\n", 6),
        ("observe A\n", 1),
        ("\n" * 2000, 1000),
    ],
)
def test_a_line_that_says_nothing_known_is_named(text: str, line: int) -> None:
    with pytest.raises(BadPolicy) as refused:
        read_policy(text)
    assert refused.value.facts == {"line": line}
