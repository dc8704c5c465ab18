"""The words of what earns beside attendance, by code, in Chinese; templates translate them."""

from __future__ import annotations

LEAVE_CATEGORIES = {
    "work": "工作",
    "illness": "身体不适",
    "care": "照顾家人",
    "travel": "外出",
    "other": "其他",
}
MAKE_UP_REASONS = {
    "leave": "准假",
    "cancelled": "活动取消",
    "accessibility": "无障碍需要",
}
SERVICES = {
    "parent_lecturer": "家长讲师",
    "committee_or_volunteer": "家委会/志愿服务",
}
ISSUERS = {
    "school_elsewhere": "外地学校",
    "community_station": "社区家长学校",
    "city_platform": "市级平台",
    "womens_federation": "妇联",
    "other_public_body": "其他公共机构",
}
TURNED_DOWN = {
    "not_verifiable": "无法核实",
    "not_family_education": "不属于家庭教育",
    "counted_already": "已计过学时",
    "entry_error": "登记有误，请更正后重新登记",
}
WITHDRAWN_BECAUSE = {
    "wrong_key": "正确项有误",
    "wrong_content": "内容或链接有误",
    "sent_in_error": "误发",
}
LACKS = {
    "watched": "观看时长不够",
    "checks": "中途提问还没答够",
    "quiz": "小测没有达到合格线",
}
TABLES = {
    "leave_categories": LEAVE_CATEGORIES,
    "make_up_reasons": MAKE_UP_REASONS,
    "services": SERVICES,
    "issuers": ISSUERS,
    "turned_down": TURNED_DOWN,
}
