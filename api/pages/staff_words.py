"""The words of the staff pages by code, in Chinese; templates translate them with `_`."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from api.language.catalogue import Language, language_of, translate
from api.pages.access_words import FACT_KINDS, LOOKED_AT, NAME_REASONS, PURPOSES, ROLES
from api.pages.archive_words import TABLES as ARCHIVE
from api.pages.case_words import TABLES as CASE_TABLES
from api.pages.compliance_words import LIGHTS, OBSTACLES, VERDICTS
from api.pages.earning_words import TABLES as EARNING
from api.pages.erasure_words import TABLES as OWN_DATA
from api.pages.exam_words import EXAM_TABLES
from api.pages.home_visit_words import TABLES as HOME_VISITS
from api.pages.sheet_words import TABLES as SHEETS
from api.pages.todo_words import TODOS
from api.pages.topic_words import TOPICS
from api.rendering import page
from domain.carriers import Carrier, CourseFamily, LecturerKind, Mode, Named
from domain.grades import Stage
from domain.relation import relation_of

STANDINGS = {
    "scheduled": "未开始",
    "cancelled": "已取消",
    "opened": "进行中",
    "closed": "已结束",
    "attested": "已确认",
    "voided": "已作废",
}
STEPS = {
    "open": "开启签到",
    "wait": "查看",
    "present": "展示二维码",
    "close": "结束活动",
    "count": "清点人数",
    "attest_as_host": "确认名单",
    "attest_as_coordinator": "确认名单",
    "view": "查看",
}
RESULTS = {
    "full": "全额",
    "half": "半额",
    "none": "不计学时",
    "pending": "待补签退",
}
CHANNELS = {
    "rotating_qr": "扫码",
    "typed_code": "输入签到码",
    "staff_scan": "教师扫码",
    "staff_entry": "教师点名",
    "paper_import": "纸质签到表",
    "file_import": "文件导入",
    "online": "网页",
    "system": "系统",
}
EXPLANATIONS = {
    "guests_not_on_roster": "有未在名册的来宾或陪同",
    "present_not_checked_in": "有人在场但未签到",
    "left_before_count": "有人签到后提前离场",
    "came_after_count": "有人在清点后到场",
    "children_counted": "清点时包含学生",
}
LINES = {
    "awarded": "学时入账",
    "reversed": "学时冲正",
    "limited": "学时封顶",
    "held": "核实中",
    "released": "核实完毕",
}
REASONS = {
    "duplicate": "重复记录",
    "wrong_person": "记错了人",
    "not_present": "本人未到场",
    "session_voided": "活动作废",
    "entry_error": "录入有误",
    "rule_misapplied": "规则适用有误",
    "fraud_confirmed": "经核实不实",
    "merged": "学员合并",
    "unmerged": "撤销合并",
    "re_evaluated": "按规则重新计算",
}
CERTIFICATES = {
    "valid": "有效",
    "replaced": "已换发",
    "revoked": "已撤销",
}
CORRECTIONS = {
    "attendance": "更正考勤",
    "session_times": "更正活动时间",
    "exam_result": "更正考核成绩",
    "session_void": "作废活动",
    "external": "更正校外学时",
    "merge": "合并学员记录",
    "unmerge": "撤销学员合并",
}
CORRECTION_STATES = {
    "waiting": "待复核",
    "applied": "已生效",
    "refused": "不予通过",
    "withdrawn": "已撤回",
}
CORRECTION_REFUSALS = {
    "not_founded": "与事实不符",
    "evidence_missing": "依据不足",
    "wrong_figures": "数字有误",
}
EFFECT_NAMES = {
    "awarded": "学时入账",
    "reversed": "学时冲正",
    "limited": "学时封顶",
    "completion_reached": "结业达成",
    "completion_withdrawn": "结业撤回",
    "star_awarded": "星级授予",
    "star_taken_over": "星级带入",
    "star_proposable": "可推荐星级",
    "star_not_proposable": "不再可推荐星级",
    "star_not_renewed": "星级未续学",
    "star_renewed": "星级恢复续学",
    "claim_withdrawn": "撤回未入账的记录",
    "fraud_confirmed": "查实弄虚作假",
    "fraud_handed_over": "弄虚作假转出",
    "fraud_taken_over": "弄虚作假转入",
    "exam_corrected": "考核成绩更正",
    "exam_voided": "考核成绩作废",
    "certificate_reviewed": "证书转入复核",
    "certificate_review_closed": "证书复核结束",
    "child_linked": "关联学生",
    "child_unlinked": "解除学生关联",
    "place_taken": "登记就读",
    "place_ended": "结束就读",
    "place_given_back": "转回就读登记",
}
EVIDENCE = {
    "same_name_and_child": "同名、同一学生",
    "same_phone": "同一手机号",
    "roster_doubt": "花名册一行对应两人",
    "papers_shown": "本人出示证件",
    "link_confirmed": "家长登记后由班主任确认",
    "same_device": "先后登记在同一部手机上",
}
DOUBTS = {
    "child_not_in_class": "班里没有这个姓名",
    "child_twice_in_class": "班里有两个同名学生",
    "phone_of_another_family": "手机号是别家家长的",
    "relation_taken": "名册上已有这位父亲或母亲",
    "phone_differs": "手机号与名册不同",
    "name_differs": "姓名与名册不同",
    "asked_twice": "同一人登记了两次",
    "same_device": "同一部手机登记了几项",
    "already_on_a_phone": "这位家长登记过手机",
    "name_missing": "没有写姓名或关系",
    "not_on_roster": "名册上没有，是新家长",
}
CUSTODY = {
    "custody_changed": "监护权变更",
    "care_ended": "委托照护结束",
    "entered_in_error": "登记有误",
}
RESTORATIONS = {
    "ended_in_error": "终止有误",
    "care_resumed": "重新监护",
}
LEAVING = {
    "transferred": "转往外市",
    "graduated": "毕业",
    "left": "其他原因离校",
}
RETURNING = {
    "returned": "返回本校就读",
    "entered_in_error": "离校登记有误",
}
TRANSFERS = {
    "announced": "待新学校登记",
    "claimed": "待原学校确认",
    "confirmed": "已转学",
    "withdrawn": "已撤回转出",
}
SOURCES = {
    "platform_file": "省平台文件",
    "staff_entry": "同事录入",
}
CANCEL_REASONS = {
    "lecturer_absent": "主讲人不能来",
    "place_not_free": "场地不能用",
    "weather_or_emergency": "天气或突发情况",
    "school_affairs": "与学校工作冲突",
    "entered_in_error": "录入有误",
}
SCAN_REFUSALS = {
    "recorded_otherwise": "已另行登记",
    "not_present": "本人未到场",
    "wrong_person": "扫错了人",
    "not_of_this_session": "不是本场活动的",
    "code_not_valid": "码无效或已作废",
}
TABLES: dict[str, dict[str, str]] = {
    "cancel_reasons": CANCEL_REASONS,
    "todos": TODOS,
    **CASE_TABLES,
    "corrections": CORRECTIONS,
    "correction_states": CORRECTION_STATES,
    "correction_refusals": CORRECTION_REFUSALS,
    "effects": EFFECT_NAMES,
    "standings": STANDINGS,
    "steps": STEPS,
    "results": RESULTS,
    "channels": CHANNELS,
    "roles": ROLES,
    "explanations": EXPLANATIONS,
    "lines": LINES,
    "reasons": REASONS,
    "topics": TOPICS,
    "fact_kinds": FACT_KINDS,
    "purposes": PURPOSES,
    "looked_at": LOOKED_AT,
    "name_reasons": NAME_REASONS,
    "evidence": EVIDENCE,
    "custody": CUSTODY,
    "restorations": RESTORATIONS,
    "doubts": DOUBTS,
    "leaving": LEAVING,
    "returning": RETURNING,
    "transfers": TRANSFERS,
    "certificates": CERTIFICATES,
    "lights": LIGHTS,
    "verdicts": VERDICTS,
    "obstacles": OBSTACLES,
    **EXAM_TABLES,
    "sources": SOURCES,
    "scan_refusals": SCAN_REFUSALS,
    **EARNING,
    **OWN_DATA,
    **SHEETS,
    **HOME_VISITS,
    **ARCHIVE,
}
# How a code looks: the colour of its chip, and the icon beside its word.
LOOKS = {
    "opened": ("ok", "scan"),
    "closed": ("warn", "clock"),
    "attested": ("ok", "check"),
    "cancelled": ("", "x"),
    "voided": ("", "x"),
    "scheduled": ("blue", "clock"),
}
LINE_ICONS = {"awarded": "plus", "reversed": "undo", "limited": "full", "held": "clock"}
STREAM_ICONS = {
    "attendance": "scan",
    "account": "plus",
    "evaluation": "shield",
    "certificate": "cert",
    "attempt": "list",
    "exam_record": "list",
    "learner": "user",
}
KINDS: dict[str, type[Named]] = {
    "mode": Mode,
    "carrier": Carrier,
    "family": CourseFamily,
    "lecturer_kind": LecturerKind,
}


def staff_page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page of the staff, with the words for every code that it may show."""
    language = language_of(request)

    def words(table: str, code: str) -> str:
        return translate(language, TABLES[table].get(code, code))

    def named(kind: str, code: str) -> str:
        return name_of(kind, code, language)

    known: dict[str, Any] = {"home": "/staff", "words": words, "named": named, "looks": LOOKS}
    known |= {"line_icons": LINE_ICONS, "stream_icons": STREAM_ICONS}
    return page(request, f"staff/{template}", status, **{**known, **values})


def name_of(kind: str, code: str, language: Language) -> str:
    """What a code of the plan is called; a rulebook may know modes that have no name here."""
    chinese = language is Language.CHINESE
    if kind == "relation":
        relation = relation_of(code)
        return relation.zh if chinese else relation.en
    known: type[Named | Stage] = Stage if kind == "stage" else KINDS[kind]
    if code not in set(known):
        return code
    found = known(code)
    return found.zh if chinese else found.en


def role_called(language: Language, role: str) -> str:
    return translate(language, ROLES.get(role, role))
