"""The listing of a term: the one canonical text whose SHA-256 closes a school's books.

Anybody who holds the text can check the hash with `sha256sum`, and the totals by counting lines
(docs/term-closing.md). It names sessions and accounts by id, and nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from domain.closing import TermTotals
from domain.compliance import Verdict

HEADING = "parent-credits term listing 1"


@dataclass(frozen=True, order=True)
class ListedSession:
    """An attested session: what it is worth, whether it counts, how many attended."""

    session_id: UUID
    course_id: UUID
    mode: str
    class_hours: int
    verdict: Verdict
    attended: int


@dataclass(frozen=True, order=True)
class ListedAccount:
    """An account's hours of the term at that school, in hundredths."""

    account_id: UUID
    hours: int


@dataclass(frozen=True)
class TermListing:
    """A term's sessions and accounts, in whatever order they were read."""

    school_code: str
    term: str
    sessions: tuple[ListedSession, ...]
    accounts: tuple[ListedAccount, ...]
    households: int

    @property
    def text(self) -> str:
        """One fact a line, sorted by kind and id; hours in hundredths; the last line ends too."""
        return "".join(f"{line}\n" for line in self._lines())

    @property
    def sha256(self) -> str:
        return sha256_of(self.text)

    @property
    def totals(self) -> TermTotals:
        counted = [each for each in self.sessions if each.verdict is Verdict.COUNTS]
        return TermTotals(
            activities=len(counted),
            class_hours=sum(each.class_hours for each in counted),
            sessions=len(self.sessions),
            attendances=sum(each.attended for each in self.sessions),
            credited_hours=sum(each.hours for each in self.accounts),
            learners=len(self.accounts),
            households=self.households,
        )

    def _lines(self) -> Iterator[str]:
        yield HEADING
        yield f"school {self.school_code}"
        yield f"term {self.term}"
        yield f"households {self.households}"
        for each in sorted(self.sessions):
            yield (
                f"session {each.session_id} {each.course_id} {each.mode} {each.class_hours}"
                f" {each.verdict.value} {each.attended}"
            )
        for account in sorted(self.accounts):
            yield f"account {account.account_id} {account.hours}"


def sha256_of(text: str) -> str:
    """The hash of a listing's text, as an auditor computes it: SHA-256 of its UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_listing(text: str) -> TermListing:
    """The listing that a text tells of; it has that text again."""
    heading, *lines = text.splitlines()
    assert heading == HEADING
    facts = [(kind, rest) for kind, *rest in (line.split(" ") for line in lines)]
    values = {kind: rest[0] for kind, rest in facts if len(rest) == 1}
    sessions = [rest for kind, rest in facts if kind == "session"]
    return TermListing(
        school_code=values["school"],
        term=values["term"],
        households=int(values["households"]),
        sessions=tuple(
            ListedSession(
                UUID(session), UUID(course), mode, int(hours), Verdict(verdict), int(attended)
            )
            for session, course, mode, hours, verdict, attended in sessions
        ),
        accounts=tuple(
            ListedAccount(UUID(rest[0]), int(rest[1])) for kind, rest in facts if kind == "account"
        ),
    )
