"""The words of irregularities by code, in Chinese: to staff as found, to parents without blame."""

from __future__ import annotations

RULES = {
    "overlap": "同一人的两场时间重叠",
    "shared_device": "一部手机多户签到",
    "staff_burst": "短时间内连续点名",
    "late_entry": "期限后补录",
    "short_session": "实际时长短于计划",
    "relayed_code": "签到码可能被转发",
}
# What is asked of a parent. A school's own affair concerns no parent and has no question.
QUESTIONS = {
    "overlap": "记录显示您在同一时间参加了两场活动。请告诉我们您参加的是哪一场。",
    "shared_device": "这场活动有几位家长用同一部手机签到，其中有您。请告诉我们当时的情况。",
    "relayed_code": "这场活动有几位家长几乎同时用了同一个签到码，其中有您。请告诉我们当时的情况。",
}
STANDS = {
    "flagged": "等待核对",
    "proposed": "等第二人复核",
    "cleared": "已排除",
    "confirmed": "已查实",
}
FINDINGS = {"cleared": "排除", "confirmed": "查实"}
REASONS = {
    "one_household": "一家人共用手机",
    "helped_by_staff": "由工作人员协助签到",
    "network_or_clock": "网络慢或时钟不准",
    "paper_kept": "有纸质签到表为证",
    "was_there": "本人确实在场",
    "other_cause": "其他原因（见说明）",
    "not_there": "本人不在场",
    "code_passed_on": "签到码被转发",
    "entered_unseen": "未见本人即录入",
    "held_shorter": "活动提前结束",
}
SAYS = {
    "was_there": "我在场",
    "shared_phone": "我借用了别人的手机",
    "was_helped": "有人帮我签到，我在场",
    "was_not_there": "我没有到场",
    "other": "其他情况",
}
HEARD_BY = {
    "screen": "本人在手机上回答",
    "in_person": "当面说",
    "by_phone": "电话里说",
    "on_paper": "写在纸上",
}
TOLD_BY = {
    "in_person": "当面告知",
    "by_phone": "电话告知",
    "on_paper": "交给本人书面询问单",
}
FACTS = {
    "overlap_minutes": "重叠分钟",
    "apart_minutes": "两次签到相隔分钟",
    "persons": "人数",
    "families": "户数",
    "minutes": "分钟内",
    "entries": "本场点名人数",
    "days": "结束后天数",
    "planned_minutes": "计划分钟",
    "held_minutes": "实际分钟",
    "codes": "签到码个数",
    "late_elsewhere": "其他签到码的晚到人数",
}
# The parent's side of the same steps.
OUTCOMES = {
    "flagged": "正在核对，学时照记",
    "proposed": "正在核对，学时照记",
    "cleared": "核对完毕，记录没有问题",
    "confirmed": "核对完毕，学校将更正记录",
}
HEARING_STAGES = {"untold": "待告知", "told": "已告知", "held": "已听取"}
TABLES = {
    "irregularity_rules": RULES,
    "irregularity_stands": STANDS,
    "irregularity_findings": FINDINGS,
    "irregularity_reasons": REASONS,
    "irregularity_says": SAYS,
    "irregularity_heard_by": HEARD_BY,
    "told_by": TOLD_BY,
    "hearing_stages": HEARING_STAGES,
    "irregularity_facts": FACTS,
}
CHIPS = {"flagged": "blue", "proposed": "blue", "cleared": "ok", "confirmed": "warn"}
