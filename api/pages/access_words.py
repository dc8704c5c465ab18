"""What an auditor and a data protection officer read: purposes of looks, kinds of facts."""

from __future__ import annotations

PURPOSES = {
    "attendance_correction": "更正考勤",
    "attendance_register": "签到表",
    "case": "异议与申诉",
    "case_on_paper": "代家长登记异议",
    "certificate_document": "证书文件",
    "certificate_register": "证书发放登记表",
    "certificates_due": "待办证书",
    "changes_on_paper": "书面变动通知",
    "class_families": "班级与家庭",
    "correction_preview": "更正预览",
    "custody_change": "监护变更",
    "details_requests": "信息改正",
    "enrolment_slips": "登记条",
    "exam_correction": "更正考核成绩",
    "exam_results": "考核成绩",
    "external_hours": "校外学时",
    "learner_history": "学员留痕记录",
    "learner_page": "学员账本",
    "link_requests": "待确认家长",
    "merge_records": "合并学员记录",
    "name_shown.audit_sample": "显示姓名：审计抽查",
    "name_shown.complaint": "显示姓名：处理投诉",
    "name_shown.identity": "显示姓名：核对身份",
    "name_shown.school_asked": "显示姓名：学校请求协助",
    "personal_code_slips": "个人码纸条",
    "session_class_list": "活动班级名单",
    "session_leaves": "请假与补课",
    "session_scan": "签到台扫码",
    "session_scan_inbox": "待处理的扫码",
    "session_scan_list": "签到台离线名单",
    "session_services": "家长服务",
    "sheet_scan": "签到表扫描件",
    "sign_in_sheet": "纸质签到表",
    "star_objection": "星级异议",
    "star_proposals": "星级推荐",
    "statement_of_hours": "学时证明",
    "teacher_cycle": "教师学时",
    "term_plan": "教学计划",
    "transfers": "转学",
}
# Why an officer who sees masks asks for the full name.
NAME_REASONS = {
    code.removeprefix("name_shown."): words.removeprefix("显示姓名：")
    for code, words in PURPOSES.items()
    if code.startswith("name_shown.")
}
# What a timeline is filtered by.
FACT_KINDS = {
    "": "全部",
    "hours": "学时",
    "attendance": "考勤",
    "exams": "考核",
    "results": "星级与结业",
    "certificates": "证书",
    "person": "资料",
    "cases": "异议与申诉",
    "reversals": "冲正",
    "other": "其他",
}
