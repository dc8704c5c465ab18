"""The plain model that the rules are held against: minutes on record, and a sum per person."""

from __future__ import annotations

from dataclasses import dataclass, field

CAP = 800  # theme activities, a term (rulebook: modes.theme_activity.cap_per_term)
NEEDED = 600  # for the annual completion, with a passed exam (the rules of the machine)
PLANNED = 80
STAYS = (0, 39, 40, 47, 48, 59, 60, 80)  # minutes, on both sides of a half, of 60 and of 75 percent


def worth(minutes: int, full_percent: int) -> int:
    """Hours of an evening of two, of which half counts from half of the time on."""
    percent = minutes * 100 // PLANNED
    return 200 if percent >= full_percent else 100 if percent >= 50 else 0


@dataclass
class Model:
    """Who is on record for how many minutes of which evening, and which evenings count.

    `full_percent` is what the rules asked for when the evening was announced. Records that were
    merged lead to the one that speaks for them.
    """

    minutes: dict[tuple[int, int], int] = field(default_factory=dict)
    full_percent: dict[int, int] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)
    voided: set[int] = field(default_factory=set)
    merged: dict[int, int] = field(default_factory=dict)
    passed: set[int] = field(default_factory=set)
    is_closed: bool = False

    def speaker(self, record: int) -> int:
        while record in self.merged:
            record = self.merged[record]
        return record

    def balance(self, record: int) -> int:
        """Each evening once, by the longer stay of the person's records; then the cap."""
        if record in self.merged:
            return 0
        best: dict[int, int] = {}
        for (session, who), minutes in self.minutes.items():
            if self.speaker(who) == record and session not in self.voided:
                hours = worth(minutes, self.full_percent[session])
                best[session] = max(best.get(session, 0), hours)
        return min(sum(best.values()), CAP)

    def completes(self, record: int) -> bool:
        has_passed = any(self.speaker(each) == record for each in self.passed)
        return record not in self.merged and has_passed and self.balance(record) >= NEEDED
