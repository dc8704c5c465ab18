"""The words of stars by proposal, by code, in Chinese; templates translate them with `_`."""

from __future__ import annotations

PROPOSAL_STATES = {
    "published": "公示中",
    "granted": "已授予",
    "refused": "未通过",
}
OBJECTION_REASONS = {
    "hours_not_earned": "学时与实际不符",
    "conditions_not_met": "条件没有达到",
    "no_example": "不宜作为榜样",
    "other": "其他原因",
}
REFUSAL_REASONS = {
    "objection_upheld": "异议成立",
    "conditions_not_met": "条件没有达到",
    "no_example": "不宜作为榜样",
    "other": "其他原因",
}
ANSWERS = {"dismissed": "异议不成立", "upheld": "异议成立"}
