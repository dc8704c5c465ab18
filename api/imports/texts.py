"""What each code of an import means; those of single cells are the readers' own."""

from __future__ import annotations

from typing import Final, Literal

from api.files.texts import TEXTS as TEXTS_OF_CELLS
from api.files.texts import reason as reason_of_a_cell
from api.language.refusals import ANSWERS

# fmt: off
TEXTS: Final[dict[str, tuple[str, str]]] = {
    # plans
    "time_missing": ("须填写开始时间和结束时间", "a session needs its start and its end"),
    "grades_needed": ("本校有几个学段，请写明面向的年级",
                      "the school has several stages: name the grades"),
    "grades_of_two_stages": ("一场活动只能面向一个学段的年级，请分行填写",
                             "one session is for grades of one stage: use a row for each"),
    "term_not_opened": ("这个学期尚未开通", "this term is not opened yet"),
    "date_outside_term": ("日期不在所填学期之内", "the date is outside the term"),
    "clash": ("与同一时间的另一场活动冲突（同一地点或同一年级）",
              "another session at that time has the same room or the same grades"),
    "course_retired": ("这门课程已停用，不能再排活动", "The course is not taught any more"),
    "session_begun": ("这场活动已经开始或已取消，不能再改",
                      "this session has begun or was cancelled and cannot be changed"),
    "session_called_off": ("这一天的这场活动已取消：确认这一行，才作为新的一场排定",
                           "this session was called off: confirm the row to bring it as a new one"),
    # rosters
    "two_persons_match": ("手机号码与姓名分别对应两个人，请核对",
                          "phone and name point to two different people"),
    "another_person_has_this_relation": ("这名学生已有另一位父亲或母亲，请核对",
                                         "the child has another father or mother already"),
    "child_ambiguous": (
        "同班有同名学生，无法确定是哪一位：请填写“校内学号”，或已登记家长的姓名和“手机号码”",
        "children of one name are in the class: the number, or a known adult's phone, says which"),
    "child_may_be_twice": (
        "同班两名同名学生的家长也同名，或为一家：请先比较两条家长记录；不是一家的，填写学号或手机号码",
        "two children and their adults have one name: compare the adults, or give number or phone"),
    "child_may_be_known": (
        "上学年或他班有同名学生：同一人的，请用已登记家长的那一行先导入；不同的，先为那名学生补学号",
        "another class has a child of this name: bring a known adult of it first, or its number"),
    "child_has_left": ("这名学生本学年已离校，请在“已离校的学生”里登记返校；从他校转回的办理转学",
                       "left this year: taken back under “Children who left”, or by a transfer"),
    # packages: OneRoster, SDS
    "package_broken": ("压缩包损坏、加密，或路径、编码不规范",
                       "the ZIP is broken, locked, or holds odd paths"),
    "package_bursts": ("压缩包解开后过大，未读取", "the ZIP unpacks to too much and was not read"),
    "package_file_missing": ("压缩包里缺少这个文件", "this file is missing in the ZIP"),
    "package_not_utf8": ("这个文件的编码不是UTF-8", "this file is not in UTF-8"),
    "package_version": ("只能读取 OneRoster 1.2", "only OneRoster 1.2 is read"),
    "package_of_another_school": ("压缩包里没有本校（学校标识码须为 identifier 或 sourcedId）",
                                  "the school is not in the ZIP as identifier or sourcedId"),
    "record_twice": ("sourcedId 重复，以前一条为准",
                     "this sourcedId is there twice; the first counts"),
    "record_deleted": ("标记为待删除；花名册只登记、不删除，请在班级页面办理",
                       "marked to be deleted: a roster never removes; the page of the class does"),
    "reference_missing": ("引用的记录不在压缩包里", "what it refers to is not in the ZIP"),
    "class_missing": ("找不到这名学生所在的班级", "no class of this pupil is found"),
    "class_ended": ("这名学生的班级都已结束", "every class of this pupil has ended"),
    "class_ambiguous": ("这名学生同时在几个班级", "the pupil is in several classes at once"),
    "adult_missing": ("这名学生没有家长或监护人", "the pupil has no parent or guardian"),
    "role_is_no_family": ("这种角色不能登记为家长学员（须为 parent、guardian 或 relative）",
                          "this role cannot be a parent learner (parent, guardian or relative)"),
    # exams
    "exam_to_come": ("这一天还没到，不会有成绩，请核对日期",
                     "that day is still to come and has no results: look at the date"),
    "date_without_rules": ("这一天没有生效的规则，请核对年份",
                           "no rules were in force on that day: look at the year"),
    "learner_not_found": ("花名册中没有这位家长", "no such learner is in the roster"),
    "adult_ambiguous": (
        "有几位家长与这一行相符：“班级”请写上年级；仍分不清的，请核对花名册中的学号和手机号码",
        "several adults fit: the class with its grade may tell; else look at numbers and phones"),
    "learner_not_listed": (
        "考核当天这位家长不在本校名单上：孩子已离校，或监护关系已终止",
        "not on the school's lists of that day: the child had left, or the tie had ended"),
    "learner_twice": ("同一位家长出现两次且成绩不同", "the same learner has two different scores"),
    "exam_not_published": ("这场考核尚未公布", "this exam is not published"),
    "attempts_used": ("考核次数已用完", "no attempt is left"),
    "result_differs": ("与先前录入的成绩不一致，请一起核对试卷",
                       "another score was typed before: look at the paper together"),
    "result_not_entered": ("尚未录入成绩，不能复核", "no result was typed that could be checked"),
    "checks_own_entry": ("复核人不能是录入人", "whoever typed a result cannot check it"),
    "own_case": ("不能处理本人的记录，请由同事办理",
                 "nobody records their own case: a colleague does"),
    "check_locked": ("复核多次不一致，请负责人核对试卷",
                     "too many readings differed: the coordinator looks"),
    "attempt_waits": ("已有成绩等待复核，或上一次考核还没有结果",
                      "a result waits to be checked, or an earlier attempt has none yet"),
    "sheet_waits_for_rows": ("同一张表有行待核对，整张未计入",
                             "another row of the sheet has to be looked at first"),
    "exam_not_open": ("这场考核没有纸质方式", "this exam is not taken on paper"),
}
# fmt: on


def reason(code: str, language: Literal["zh", "en"]) -> str:
    """The sentence for a code of a row or a cell. A code without one is a bug: KeyError.

    What the ledger refuses a row for says what it says elsewhere.
    """
    if code in TEXTS:
        return TEXTS[code][0 if language == "zh" else 1]
    if code in TEXTS_OF_CELLS:
        return reason_of_a_cell(code, language)
    answer = ANSWERS[code]
    return answer.zh if language == "zh" else answer.en
