"""The words of a term's archive by item, in Chinese; templates translate them with `_`."""

from __future__ import annotations

from typing import Final

ITEMS: Final = {
    "rulebook": "本学期的规则",
    "teacher_hours": "教师学时登记",
    "term_plan": "教学计划",
    "announcement": "活动前公布",
    "register": "签到表，签退已确认",
    "sheet_scan": "纸质签到表的扫描件",
    "sheet_check": "纸质签到表由第二人复核",
    "outcome": "活动开展或取消",
    "head_count": "现场清点人数",
    "host_attestation": "主持人确认名单",
    "coordinator_attestation": "管理员确认名单",
    "exam_results": "考核成绩录入并复核",
    "certificates": "达成的都已发证",
    "term_totals": "学期结账和合计",
    "corrections": "更正都已有决定",
}
# Whose demand it is. What no policy text says is the program's own default, and is said to be so.
CLAUSES: Final = {
    "rulebook": "穗行动计划第6条“有完整档案”；放入规则是地方默认",
    "teacher_hours": "穗行动计划第3条“鼓励全体教师参与培训”",
    "term_plan": "穗行动计划第6条“有教学计划”",
    "announcement": "地方默认：课时和对象在活动前定下",
    "register": "穗行动计划第6条“有考勤登记”",
    "sheet_scan": "穗行动计划第6条“有考勤登记”；留扫描件是地方默认",
    "sheet_check": "地方默认：一人录入，另一人复核",
    "outcome": "穗行动计划第6条“每学期至少组织2次”",
    "head_count": "地方默认：清点人数与签到核对",
    "host_attestation": "地方默认：两人确认后入账",
    "coordinator_attestation": "地方默认：两人确认后入账",
    "exam_results": "地方默认：考核由两人录入和复核",
    "certificates": "穗行动计划第6条“结业颁证”",
    "term_totals": "穗行动计划第6条“总时长不少于8个课时”；结账是地方默认",
    "corrections": "地方默认：更正留痕，两人签字",
}
TABLES: Final = {"archive_items": ITEMS, "archive_clauses": CLAUSES}
