"""The file of a passbook: its shape, and reading one that somebody brings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from domain.hours import as_text
from domain.refusals import Refused
from ledger.log.merkle import MOST_HASHES
from ledger.recomputing.given import Row

MOST_BYTES = 64 * 1024 * 1024
ABOUT = (
    "学时存折：您的学时、结业和星级所依据的全部记录和当时的规则。其中没有姓名和手机号。",
    "不联网重新计算：parent-credits verify --recompute",
    "Passbook: the facts and rules under your hours, completions and stars. No names, no phones.",
    "To derive it all again offline: parent-credits verify --recompute",
)


# Times that every clock can be set to: those at the ends of time cannot be said in another zone.
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC)),
]


class PassbookUnreadable(Refused):
    """The file is no passbook, or not one of a version that this program knows (`version`)."""

    code: ClassVar[str] = "passbook_unreadable"


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(Part):
    """An event exactly as it is stored: `state` is its text, of which the log has the SHA-256.

    `leaf` is its place in the log and `proof` the hashes from there to the root of the checkpoint.
    """

    stream: UUID
    version: int = Field(ge=1)
    topic: str
    position: int = Field(ge=1)
    recorded_at: Moment
    state: str
    leaf: int | None = Field(default=None, ge=0)
    proof: tuple[str, ...] | None = Field(default=None, max_length=MOST_HASHES)

    @classmethod
    def of(cls, row: Row) -> Self:
        stored = row.stored
        return cls(
            stream=row.stream,
            version=stored.originator_version,
            topic=stored.topic,
            position=row.position,
            recorded_at=row.recorded_at,
            state=stored.state.decode(),
        )

    @property
    def row(self) -> Row:
        stored = StoredEvent(self.stream, self.version, self.topic, self.state.encode())
        return Row(self.position, self.recorded_at, stored)


class YearOfHours(Part):
    """What stands of a school year in a stage, in hundredths of 学时."""

    school_year: int
    stage: str
    hours: int
    face_to_face: int


class Completed(Part):
    """`period` is a school year, or the stage."""

    stage: str
    kind: str
    period: str
    hours: int


class Star(Part):
    stage: str
    level: int
    since: date | None = None


class Summary(Part):
    """What the pages show: it is compared with what the facts come to."""

    hours: int
    years: tuple[YearOfHours, ...]
    completions: tuple[Completed, ...]
    stars: tuple[Star, ...]

    def figures(self) -> Iterator[tuple[str, str]]:
        """Each value with its name."""
        yield "balance", as_text(self.hours)
        for year in self.years:
            yield f"{year.school_year} {year.stage}", as_text(year.hours)
            yield f"{year.school_year} {year.stage} face_to_face", as_text(year.face_to_face)
        for done in self.completions:
            yield f"{done.stage} {done.kind} {done.period}", as_text(done.hours)
        for star in self.stars:
            yield f"{star.stage} star", f"{star.level} {star.since}"


class Edition(Part):
    """Rules that are among the facts, by their content."""

    version: str
    organisation: str
    effective_from: date
    sha256: str


class Logged(Part):
    """The log's key (`name+id+base64`), and a checkpoint (C2SP) with its signatures."""

    key: str
    checkpoint: str


class Passbook(Part):
    """Everything that the figures of one person rest on, as of a moment and a feed position."""

    format: Literal["parent-credit-ledger/passbook"] = "parent-credit-ledger/passbook"
    version: Literal[1] = 1
    about: tuple[str, ...] = ABOUT
    learner_id: UUID
    as_of: Moment
    position: int
    summary: Summary
    rulebooks: tuple[Edition, ...]
    log: Logged | None = None
    facts: tuple[Fact, ...]

    def as_bytes(self) -> bytes:
        return self.model_dump_json(indent=1, exclude_none=True).encode()


def read(path: Path) -> Passbook:
    """A passbook from disk. Raises PassbookUnreadable."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PassbookUnreadable(most_bytes=MOST_BYTES)
        return Passbook.model_validate_json(path.read_bytes())
    except OSError as error:
        raise PassbookUnreadable(reason=error.strerror) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise PassbookUnreadable(field=field, reason=first["msg"]) from error
