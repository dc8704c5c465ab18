"""The words of exams and questions by code, in Chinese."""

from __future__ import annotations

WAYS = {
    "paper": "纸质",
    "online": "线上",
    "oral": "口头",
    "study_note": "学习体会",
}
STANDINGS = {
    "waiting": "待复核",
    "open": "正在作答",
    "counted": "已计入",
    "withdrawn": "已撤回",
    "voided": "已作废",
}
ORAL_REASONS = {
    "elderly": "年长",
    "low_literacy": "识字有困难",
    "disability": "残障",
    "language": "语言",
    "other": "其他",
}
QUESTION_KINDS = {
    "single": "单选题",
    "several": "多选题",
    "true_false": "判断题",
}
EXAM_TABLES = {
    "exam_ways": WAYS,
    "exam_standings": STANDINGS,
    "oral_reasons": ORAL_REASONS,
    "question_kinds": QUESTION_KINDS,
}
