"""The words of compliance and closing by code, in Chinese; templates translate them with `_`."""

from __future__ import annotations

LIGHTS = {
    "met": "已达标",
    "on_course": "按计划进行",
    "at_risk": "有风险",
    "not_met": "未达标",
    "not_reported": "未填报",
}
VERDICTS = {
    "counts": "计入",
    "parallel_run": "同一课程只计一次",
    "planned": "计划中",
    "not_attested": "尚未由两人确认",
    "not_held": "过期未举行",
    "mode_not_counted": "这种方式不计入",
    "cancelled": "已取消",
    "voided": "已作废",
}
OBSTACLES = {
    "session_unattested": "活动还没有由两人确认",
    "check_out_pending": "待补签退",
    "attendance_unjudged": "考勤还没有认定",
    "link_waiting": "到场家长待确认",
    "sheet_unchecked": "签到表还没有由两人核对",
    "scan_waiting": "收件箱里的扫码还没有处理",
    "dispute_unanswered": "异议还没有答复",
}
# Where an obstacle is finished, by what it is about.
OBSTACLE_PAGES = {
    "session": "/staff/sessions/{id}",
    "register": "/staff/sessions/{id}/register",
    "links": "/staff/links/{school}",
    "sheets": "/staff/sessions/{id}/sheets",
    "inbox": "/staff/sessions/{id}/inbox",
    "case": "/staff/cases/of/{id}",
}
TOTALS = {
    "activities": "计入的活动",
    "class_hours": "计入的课时",
    "sessions": "已确认的活动",
    "attendances": "到场人次",
    "credited_hours": "入账学时",
    "learners": "有学时的家长",
    "households": "到场的家庭",
}
# How a light looks: the colour of its chip, and the icon beside its word.
LIGHT_LOOKS = {
    "met": ("ok", "check"),
    "on_course": ("blue", "clock"),
    "at_risk": ("warn", "clock"),
    "not_met": ("warn", "x"),
    "not_reported": ("", "help"),
}
