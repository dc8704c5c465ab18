"""What people read when something was not done: the way on, and what is wrong with a field."""

from __future__ import annotations

WAYS_ON = {
    400: "请返回上一页，检查后再提交。",
    403: "如果您认为应该可以，请联系学校的家长学校管理员。",
    404: "地址可能抄错了，或者内容已经撤下。请从首页重新进入。",
    405: "请从首页重新进入，再按页面上的按钮操作。",
    409: "情况可能已经变化。请返回上一页，刷新看看。",
    410: "请换一个新的再试；没有的话，请向学校索取。",
    413: "请分成几份，或换小一点的文件再试。",
    422: "请返回上一页，改好后再提交。",
    429: "已有的记录不受影响。着急的话，请找老师帮忙。",
    500: "这不是您的错，已有的记录不受影响。请过一会儿再试；着急请联系学校。",
}
WAY_ON = "请返回上一页再试，或请老师帮忙。"

FAULTS = {
    "missing": "没有填写",
    "int_parsing": "请填整数",
    "int_type": "请填整数",
    "greater_than_equal": "数字太小",
    "less_than_equal": "数字太大",
    "string_too_short": "没有填写",
    "string_too_long": "太长了",
    "date_from_datetime_parsing": "日期有误",
    "date_parsing": "日期有误",
    "time_parsing": "时间有误",
    "enum": "请从列表中选择",
    "literal_error": "请从列表中选择",
}
FAULT = "填写有误"
