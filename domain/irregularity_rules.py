"""What makes a recorded evening look odd: six rules over recorded facts. A flag decides nothing.

Thresholds are local defaults (LOCAL), chosen on a simulated crowd: docs/irregularities.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Channel
from domain.irregularity_look import Evening, Flag, LateEntry, Look, Rule, Seen
from domain.rules import AttendanceRules

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)
FULL_SCORE: Final = 100

Code = tuple[str, int]  # of a channel, in the order they are shown


RULES_VERSION: Final = "2026.1"


@dataclass(frozen=True)
class Thresholds:
    """What is still ordinary. How many persons share a phone is a figure of the rulebook."""

    overlap_minutes: int = 30  # two stays of one person; clocks and habits differ by less
    apart_minutes: int = 10  # between check-ins at two schools, where no check-out is known
    burst_persons: int = 15  # entered one by one by one member of staff
    burst_minutes: int = 2
    late_persons: int = 3  # entered on one day, after the days for confirming stays
    missing_percent: int = 20  # of the minutes that the class hours stand for
    relay_persons: int = 4  # late scans of one and the same code
    relay_step_percent: int = 20  # of the scans of that code were late
    relay_other_percent: int = 20  # and of all other codes of the evening no more than this


DEFAULTS: Final = Thresholds()


def flags_of(look: Look, limits: Thresholds = DEFAULTS) -> Iterator[Flag]:
    """What the rules say of an evening: the same facts give the same flags."""
    yield from overlaps(look, limits)
    yield from shared_devices(look)
    yield from staff_bursts(look, limits)
    yield from late_entries(look, limits)
    yield from short_session(look, limits)
    yield from relayed_codes(look, limits)


def score_of(measured: int, threshold: int) -> int:
    """50 at the threshold, 100 at its double and beyond: one scale for all rules."""
    return min(FULL_SCORE, FULL_SCORE // 2 * measured // max(threshold, 1))


def overlaps(look: Look, limits: Thresholds) -> Iterator[Flag]:
    """One person at two places at once, by check-outs or by check-ins that lie too close."""
    for pair in look.elsewhere:
        same_school = pair.other_school_code == look.evening.school_code
        if same_school and pair.other_place == look.evening.place:
            continue
        first, second = sorted(
            [(pair.came, pair.left), (pair.other_came, pair.other_left)], key=lambda stay: stay[0]
        )
        if first[1] is not None:
            minutes = (min(first[1], second[1] or first[1]) - second[0]) // _MINUTE
            measured, threshold, fact = minutes, limits.overlap_minutes, "overlap_minutes"
        else:
            minutes = (second[0] - first[0]) // _MINUTE
            measured = 0 if same_school else 2 * limits.apart_minutes - minutes
            threshold, fact = limits.apart_minutes, "apart_minutes"
        if measured >= threshold:
            sessions = sorted((look.evening.session_id, pair.other_session_id))
            yield _flag(
                look.evening, Rule.OVERLAP, score_of(measured, threshold), {fact: minutes},
                sessions=sessions, learners=[pair.learner_id], cause=str(pair.learner_id),
            )  # fmt: skip


def shared_devices(look: Look) -> Iterator[Flag]:
    """More persons on one phone than the rulebook allows, of more than one family."""
    by_device: dict[str, list[Seen]] = defaultdict(list)
    for each in look.seen:
        if each.device_hash is not None:
            by_device[each.device_hash].append(each)
    most = look.rules.max_persons_per_device_per_session
    for device, persons in by_device.items():
        families = families_among(persons)
        if len(persons) > most and families > 1:
            yield _flag(
                look.evening, Rule.SHARED_DEVICE, score_of(len(persons), most + 1),
                {"persons": len(persons), "families": families},
                learners=[each.learner_id for each in persons], cause=device,
            )  # fmt: skip


def families_among(persons: Iterable[Seen]) -> int:
    """How many families they are: who shares a child is one of them."""
    families: list[set[UUID]] = []
    for each in persons:
        own = set(each.child_ids) or {each.learner_id}
        apart = [family for family in families if family.isdisjoint(own)]
        own.update(*(family for family in families if family not in apart))
        families = [*apart, own]
    return len(families)


def staff_bursts(look: Look, limits: Thresholds) -> Iterator[Flag]:
    """More entries one by one than anybody could make with the persons before them."""
    by_staff: dict[UUID, list[datetime]] = defaultdict(list)
    for each in look.seen:
        if each.channel == Channel.STAFF_ENTRY and not each.is_corrected:
            by_staff[each.recorded_by].append(each.checked_in_at)
    window = timedelta(minutes=limits.burst_minutes)
    for staff_id, moments in by_staff.items():
        most = most_within(sorted(moments), window)
        if most >= limits.burst_persons:
            facts = {"persons": most, "minutes": limits.burst_minutes, "entries": len(moments)}
            yield _flag(
                look.evening, Rule.STAFF_BURST, score_of(most, limits.burst_persons), facts,
                staff=[staff_id], cause=str(staff_id),
            )  # fmt: skip


def most_within(moments: Sequence[datetime], window: timedelta) -> int:
    """The most of these moments, in order, that lie in one window."""
    most = first = 0
    for last, at in enumerate(moments):
        while at - moments[first] > window:
            first += 1
        most = max(most, last - first + 1)
    return most


def late_entries(look: Look, limits: Thresholds) -> Iterator[Flag]:
    """Persons put on the list after the days in which staff may confirm stays."""
    days = look.rules.missing_check_out_confirm_days
    deadline = look.evening.closed_at + timedelta(days=days)
    by_day: dict[str, list[LateEntry]] = defaultdict(list)
    for each in look.late:
        if each.entered_at > deadline:
            by_day[local_day(each.entered_at, CITY_ZONE).isoformat()].append(each)
    for day, entries in by_day.items():
        if len(entries) >= limits.late_persons:
            late = max(each.entered_at for each in entries) - look.evening.closed_at
            yield _flag(
                look.evening, Rule.LATE_ENTRY, score_of(late.days, max(days, 1)),
                {"persons": len(entries), "days": late.days},
                staff=[each.entered_by for each in entries], cause=day,
            )  # fmt: skip


def short_session(look: Look, limits: Thresholds) -> Iterator[Flag]:
    """Held for fewer minutes than its class hours stand for."""
    held = look.evening
    taught = min(held.closed_at, held.ends_at) - max(held.opened_at, held.begins_at)
    minutes = max(taught // _MINUTE, 0)
    planned = min(
        held.class_hours * held.class_hour_minutes // 100,
        (held.ends_at - held.begins_at) // _MINUTE,
    )
    missing = (planned - minutes) * 100 // max(planned, 1)
    if missing >= limits.missing_percent:
        yield _flag(
            held, Rule.SHORT_SESSION, score_of(missing, limits.missing_percent),
            {"planned_minutes": planned, "held_minutes": minutes},
            staff=[held.host_id] if held.host_id else [],
        )  # fmt: skip


def relayed_codes(look: Look, limits: Thresholds) -> Iterator[Flag]:
    """A code that was passed on: many open it only after the screen shows the next one.

    No place is recorded of anybody, so only time can tell. A slow network makes every code of
    the evening late; a picture that was sent round makes one or a few late, and those wholly.
    """
    scans, late_of = _scans_of(look)
    suspect = [
        key
        for key, late in late_of.items()
        if len(late) >= limits.relay_persons
        and len(late) * 100 >= limits.relay_step_percent * scans[key]
    ]
    others = sum(scans.values()) - sum(scans[key] for key in suspect)
    late_others = sum(len(late) for key, late in late_of.items() if key not in suspect)
    if suspect and late_others * 100 <= limits.relay_other_percent * others:
        learners = [each for key in suspect for each in late_of[key]]
        yield _flag(
            look.evening, Rule.RELAYED_CODE,
            score_of(max(len(late_of[key]) for key in suspect), limits.relay_persons),
            {"persons": len(learners), "codes": len(suspect), "late_elsewhere": late_others},
            learners=learners,
        )  # fmt: skip


def _scans_of(look: Look) -> tuple[Counter[Code], dict[Code, list[UUID]]]:
    """How often each code of the evening was used, and who used it late."""
    scans: Counter[Code] = Counter()
    late_of: dict[Code, list[UUID]] = defaultdict(list)
    for each in look.seen:
        shown = _shown(each, look.rules)
        if shown is not None and each.code_step is not None:
            scans[each.channel, each.code_step] += 1
            if each.checked_in_at >= shown:
                late_of[each.channel, each.code_step].append(each.learner_id)
    return scans, late_of


def _shown(seen: Seen, rules: AttendanceRules) -> datetime | None:
    """From when on a scan is late: a third into the time a code is good after it was shown."""
    if seen.code_step is None:
        return None
    if seen.channel == Channel.ROTATING_QR:
        step = rules.rotating_code_seconds
        grace = rules.rotating_code_accept_seconds - step
    elif seen.channel == Channel.TYPED_CODE:
        step, grace = rules.typed_code_seconds, rules.typed_code_grace_seconds
    else:
        return None
    return _EPOCH + timedelta(seconds=(seen.code_step + 1) * step + grace // 3)


def _flag(
    evening: Evening,
    rule: Rule,
    score: int,
    facts: Mapping[str, int],
    *,
    sessions: Iterable[UUID] = (),
    learners: Iterable[UUID] = (),
    staff: Iterable[UUID] = (),
    cause: str = "",
) -> Flag:
    return Flag(
        rule=rule,
        school_code=evening.school_code,
        term=evening.term,
        session_ids=tuple(sessions) or (evening.session_id,),
        score=score,
        facts=facts,
        learner_ids=tuple(sorted(set(learners))),
        staff_ids=tuple(sorted(set(staff))),
        cause=cause,
    )
