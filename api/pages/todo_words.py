"""The words of what waits at a school, in Chinese; templates translate them with `_`."""

from __future__ import annotations

from typing import Final

TODOS: Final = {
    "sessions": "活动还没有由两人确认",
    "attendances": "签退、签到表或考勤还没有认定",
    "links": "家长等待确认",
    "details": "家长信息等待改正",
    "leaves": "请假等待回复",
    "cases": "异议、申诉等待答复",
    "irregularities": "异常提示等待核对",
    "corrections": "更正等您复核签字",
    "custody": "监护关系变更等待复核",
    "exams": "考核成绩等待复核",
    "certificates": "证书可以颁发",
    "stars": "星级可以推荐",
    "appeals": "申诉等待区级复核",
    "revocations": "证书撤销等待区级决定",
    "external": "校外学时等待区级认定",
    "erasures": "删除个人信息的申请等待答复",
    "status": "运行状况需要查看",
    "closing": "学期可以结账",
    "duty": "本学期还没有达标",
    "next_plan": "下学期还没有教学计划",
}
