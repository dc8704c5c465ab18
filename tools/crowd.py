"""An invented crowd with a seed: honest evenings with all that goes wrong, and evenings of cheats.

Every figure here is an assumption; docs/irregularities.md states them beside what came out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from domain.envelope import Channel
from domain.irregularity_look import Elsewhere, Evening, LateEntry, Look, Rule, Seen
from domain.rules import AttendanceRules
from ledger.rulebooks import default_rulebook

BEGINS = datetime(2026, 9, 18, 11, 0, tzinfo=UTC)
LASTS = timedelta(minutes=80)
SCHOOL, OTHER_SCHOOL = "4401040001", "4401040002"
RULES: AttendanceRules = default_rulebook().attendance
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Crowd:
    """One evening in the making."""

    chance: Random
    number: int
    seen: list[Seen] = field(default_factory=list[Seen])
    elsewhere: list[Elsewhere] = field(default_factory=list[Elsewhere])
    late: list[LateEntry] = field(default_factory=list[LateEntry])
    held: timedelta = LASTS
    latency: float = 2.5  # seconds from the code on the screen to our server, median

    def id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128))

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def look(self) -> Look:
        evening = Evening(
            self.id(), SCHOOL, "2026-1", "报告厅", 200, 40, BEGINS, BEGINS + LASTS,
            BEGINS - timedelta(minutes=20), BEGINS + self.held, self.id(),
        )  # fmt: skip
        return Look(evening, RULES, self.seen, self.elsewhere, self.late)

    def arrival(self) -> datetime:
        """Most come in the last ten minutes before it begins."""
        return BEGINS + timedelta(seconds=self.chance.triangular(-1200, 900, -240))

    def scan(self, at: datetime, child: UUID, phone: str | None = None) -> Seen:
        """What the screen shows at `at`; who is too slow for it scans the next code."""
        while True:
            step = int(at.timestamp()) // RULES.rotating_code_seconds
            good_until = (step * RULES.rotating_code_seconds) + RULES.rotating_code_accept_seconds
            reached = at + timedelta(seconds=self.chance.lognormvariate(0, 0.55) * self.latency)
            if reached.timestamp() < good_until:
                return self.arrived(reached, child, phone, Channel.ROTATING_QR, step)
            at = reached + timedelta(seconds=3)

    def arrived(
        self, at: datetime, child: UUID, phone: str | None, channel: Channel, step: int | None
    ) -> Seen:
        learner = self.id()
        device = phone or str(self.id())
        return Seen(learner, (child,), channel, learner, at, at, BEGINS + self.held, device, step)

    def entered(self, at: datetime, staff: UUID, child: UUID | None = None) -> Seen:
        made = self.arrived(at, child or self.id(), None, Channel.STAFF_ENTRY, None)
        return replace(made, recorded_by=staff, device_hash=None)


Spoiling = Callable[[Crowd], None]


def honest(chance: Random, number: int) -> Crowd:
    """Families who share phones, a desk that helps, slow halls, paper, wrong clocks."""
    crowd = Crowd(chance, number)
    crowd.latency = chance.choices((2.5, 6.0, 10.0), (75, 20, 5))[0]
    crowd.held = LASTS - timedelta(minutes=chance.triangular(-10, 12, 0))
    if crowd.happens(0.005):  # the power fails
        crowd.held = LASTS * chance.uniform(0.4, 0.74)
    network_fails = crowd.happens(0.02)
    for _ in range(chance.randint(15, 120)):
        family(crowd)
    if network_fails:
        roll_call(crowd)
    if crowd.happens(0.04):
        neighbour(crowd)
    if crowd.happens(0.10):
        paper(crowd)
    late_uploads(crowd)
    two_evenings(crowd)
    return crowd


def family(crowd: Crowd) -> None:
    """One adult, a couple, or a grandparent too; four in ten families of several share a phone."""
    chance, child, at = crowd.chance, crowd.id(), crowd.arrival()
    adults = chance.choices((1, 2, 3), (80, 16, 4))[0]
    phone = str(crowd.id()) if adults > 1 and crowd.happens(0.4) else None
    desk = UUID(int=7)
    for place in range(adults):
        when = at + timedelta(seconds=place * 15)
        match chance.choices(("helped", "typed", "scanned"), (8, 4, 88))[0]:
            case "helped":  # a grandparent without a phone, at the desk
                crowd.seen.append(crowd.entered(when, desk, child))
            case "typed":
                crowd.seen.append(typed(crowd, when, child))
            case _:
                crowd.seen.append(crowd.scan(when, child, phone))


def typed(crowd: Crowd, at: datetime, child: UUID) -> Seen:
    step = int(at.timestamp()) // RULES.typed_code_seconds
    reached = at + timedelta(seconds=crowd.chance.triangular(8, 45, 15))
    return crowd.arrived(reached, child, None, Channel.TYPED_CODE, step)


def roll_call(crowd: Crowd) -> None:
    """The network is gone: somebody calls a class by name and taps whoever answers."""
    at, staff = BEGINS, UUID(int=8)
    for _ in range(crowd.chance.randint(20, 45)):
        at += timedelta(seconds=crowd.chance.triangular(4, 25, 9))
        crowd.seen.append(crowd.entered(at, staff))


def neighbour(crowd: Crowd) -> None:
    """A parent of the class committee signs in some grandparents who stand beside her."""
    phone, at = str(crowd.id()), crowd.arrival()
    for place in range(crowd.chance.choices((2, 3, 4, 5), (50, 30, 14, 6))[0]):
        crowd.seen.append(crowd.scan(at + timedelta(seconds=40 * place), crowd.id(), phone))


def paper(crowd: Crowd) -> None:
    """A sheet that two persons read some days later."""
    at = BEGINS + LASTS + timedelta(days=crowd.chance.lognormvariate(0.7, 0.8))
    crowd.late += [
        LateEntry(crowd.id(), at, UUID(int=9)) for _ in range(crowd.chance.randint(2, 30))
    ]


def late_uploads(crowd: Crowd) -> None:
    """A scanner that was off the network, and is brought back on another day."""
    if crowd.happens(0.05):
        at = BEGINS + LASTS + timedelta(days=crowd.chance.expovariate(0.5))
        persons = crowd.chance.randint(1, 12)
        crowd.late += [LateEntry(crowd.id(), at, UUID(int=6)) for _ in range(persons)]


def two_evenings(crowd: Crowd) -> None:
    """Who has children at two schools goes from one to the other; clocks may be wrong."""
    chance = crowd.chance
    for person in chance.sample(crowd.seen, min(2, len(crowd.seen))):
        if crowd.happens(0.25):
            left = BEGINS + timedelta(minutes=chance.uniform(30, 60))
            way, wrong = chance.uniform(8, 30), chance.triangular(-5, 5, 0)
            if crowd.happens(0.06):  # the desk confirms the stay to the end, by habit
                left = BEGINS + crowd.held
                way -= (left - BEGINS) / timedelta(minutes=2)
            came = left + timedelta(minutes=way + wrong)
            crowd.elsewhere.append(
                Elsewhere(
                    person.learner_id, person.came, left if crowd.happens(0.8) else None,
                    UUID(int=crowd.number), OTHER_SCHOOL, "阶梯教室", came, None,
                )
            )  # fmt: skip


def at_both(crowd: Crowd) -> None:
    """Somebody checks in for a person who is somewhere else the whole evening."""
    person = crowd.chance.choice(crowd.seen)
    came = BEGINS + timedelta(minutes=crowd.chance.uniform(-15, 15))
    there = (UUID(int=crowd.number), OTHER_SCHOOL, "阶梯教室", came, BEGINS + LASTS)
    crowd.elsewhere.append(Elsewhere(person.learner_id, person.came, BEGINS + LASTS, *there))


def one_phone(crowd: Crowd) -> None:
    """One parent signs in friends who stay at home."""
    phone, at = str(crowd.id()), crowd.arrival()
    for place in range(crowd.chance.randint(2, 8)):
        crowd.seen.append(crowd.scan(at + timedelta(seconds=30 * place), crowd.id(), phone))


def made_up_list(crowd: Crowd) -> None:
    """Somebody taps through a class nobody of which is there; a third take their time."""
    pace = crowd.chance.choice((2.0, 4.0, 12.0))
    at, staff = BEGINS + timedelta(minutes=20), UUID(int=8)
    for _ in range(crowd.chance.randint(15, 40)):
        at += timedelta(seconds=crowd.chance.uniform(0.7, 1.3) * pace)
        crowd.seen.append(crowd.entered(at, staff))


def filled_later(crowd: Crowd) -> None:
    """Names that are added when the term is nearly over; some do it in the first week."""
    at = BEGINS + LASTS + timedelta(days=crowd.chance.uniform(3, 40))
    persons = crowd.chance.randint(3, 15)
    crowd.late += [LateEntry(crowd.id(), at, UUID(int=9)) for _ in range(persons)]


def cut_short(crowd: Crowd) -> None:
    """Everybody goes home, and the hours stay."""
    crowd.held = LASTS * crowd.chance.uniform(0.2, 0.85)


def sent_round(crowd: Crowd) -> None:
    """A picture of the code goes to a group; some open it while it is still accepted."""
    chance = crowd.chance
    for _ in range(chance.randint(1, 3)):
        taken = crowd.arrival()
        step = int(taken.timestamp()) // RULES.rotating_code_seconds
        begins = _EPOCH + timedelta(seconds=step * RULES.rotating_code_seconds)
        good_until = begins + timedelta(seconds=RULES.rotating_code_accept_seconds)
        for _ in range(chance.randint(5, 30)):
            opened = taken + timedelta(seconds=3 + chance.lognormvariate(2.2, 0.8))
            if opened < good_until:
                made = crowd.arrived(opened, crowd.id(), None, Channel.ROTATING_QR, step)
                crowd.seen.append(made)


CHEATS: dict[Rule, Spoiling] = {
    Rule.OVERLAP: at_both,
    Rule.SHARED_DEVICE: one_phone,
    Rule.STAFF_BURST: made_up_list,
    Rule.LATE_ENTRY: filled_later,
    Rule.SHORT_SESSION: cut_short,
    Rule.RELAYED_CODE: sent_round,
}


def honest_evenings(seed: int, count: int) -> Iterator[Look]:
    chance = Random(seed)  # noqa: S311 - a simulation, told by its seed
    for number in range(count):
        yield honest(chance, number).look()


def evenings_of(rule: Rule, seed: int, count: int) -> Iterator[Look]:
    """Evenings that are honest but for one cheat, of the kind that a rule is made for."""
    chance = Random(f"{seed} {rule}")  # noqa: S311 - as above
    for number in range(count):
        crowd = honest(chance, number)
        CHEATS[rule](crowd)
        yield crowd.look()
