"""What the states of a sign-in sheet and the faults of its rows are called, in Chinese, by code."""

from __future__ import annotations

TABLES: dict[str, dict[str, str]] = {
    "sheet_standings": {
        "printed": "待录入",
        "entered": "待复核",
        "checked": "已复核",
    },
    "sheet_faults": {
        "left_only": "只有签退，没有签到。请看原表。",
        "times_wrong": "时间不对：离场须晚于到场，到场须早于活动结束。",
        "time_unreadable": "时间请写成19:05或1905。",
        "guest_missing": "请填写这一行的班级和家长姓名。",
        "guest_without_tick": "填了姓名，请点“到”。",
        "guest_unknown": "这个班没有这位家长，请核对班级和姓名。",
        "guest_ambiguous": "有几位同名，请补上学生姓名。",
        "row_wrong": "这位家长已在表上另一行，或时间不对。",
    },
}
