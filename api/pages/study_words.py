"""What study at home counts, and what a cap leaves of it, in plain words."""

from __future__ import annotations

from api.pages.parent_words import Words
from api.studies_worth import Worth
from domain.hours import as_short_text

MOST = {
    "cap_per_day": "每天最多计 {hours} 学时。",
    "cap_per_term": "每学期最多计 {hours} 学时。",
}
FULL = {
    "cap_per_day": "今天的 {hours} 学时已经计满，今天再完成的不计学时；想看随时可以看。",
    "cap_per_term": "本学期的 {hours} 学时已经计满，再完成的不计学时；想看随时可以看。",
    "term_cap_total": "本学期所有学时合计已满 {hours}，再完成的不计学时；想看随时可以看。",
}
LEFT = "这里最多再计 {hours} 学时，其余已到上限。"


def told_of_pushes(worth: Worth | None) -> list[Words]:
    """What right answers count for a person today."""
    if worth is None:
        return []
    if not worth.count:
        return [Words("答对推送不计学时。")]
    values: dict[str, object] = {"count": worth.count, "hours": as_short_text(worth.hours)}
    return [Words("每答对 {count} 条推送计 {hours} 学时。", values), *told_of_caps(worth)]


def told_of_caps(worth: Worth | None) -> list[Words]:
    """The caps of a mode; and where what is sought does not fit under them, what is left."""
    if worth is None:
        return []
    caps = {"cap_per_day": worth.cap_per_day, "cap_per_term": worth.cap_per_term}
    told = [
        Words(MOST[n], {"hours": as_short_text(cap)}) for n, cap in caps.items() if cap is not None
    ]
    if worth.left is not None and worth.left < worth.hours:
        told.append(lacking_room(worth, worth.left))
    return told


def lacking_room(worth: Worth, left: int) -> Words:
    full = FULL.get(worth.left_by or "")
    if left or full is None:
        return Words(LEFT, {"hours": as_short_text(left)})
    return Words(full, {"hours": as_short_text(worth.full)})
