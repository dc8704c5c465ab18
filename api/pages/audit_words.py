"""The words of audit samples by code, in Chinese."""

from __future__ import annotations

SOURCES = {
    "pailie5": "中国体育彩票“排列5”开奖号码",
    "sse_close": "上证综合指数收盘点位",
}
FINDINGS = {
    "in_order": "没有问题",
    "sheet_missing": "缺签到表",
    "head_count_differs": "清点人数不符",
    "list_differs": "名单与签到表不符",
    "hours_wrong": "学时有误",
    "not_held": "活动没有举办",
    "other": "其他（见说明）",
}
SEVERITIES = {"none": "无", "minor": "轻微", "serious": "严重"}
TABLES = {
    "seed_sources": SOURCES,
    "audit_findings": FINDINGS,
    "audit_severities": SEVERITIES,
}
