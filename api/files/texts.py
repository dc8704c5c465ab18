"""What each code of a rejection means, in Chinese and English."""

from __future__ import annotations

from typing import Final, Literal

# fmt: off
TEXTS: Final[dict[str, tuple[str, str]]] = {
    # the file as a whole
    "file_missing": ("找不到文件或无法读取", "there is no such file, or it cannot be read"),
    "file_too_large": ("文件过大，未读取", "the file is too large and was not read"),
    "file_empty": ("文件是空的", "the file is empty"),
    "format_not_csv": ("不是CSV文件，请另存为“CSV UTF-8”",
                       "not a CSV file; save it as “CSV UTF-8”"),
    "encoding_not_utf8": ("编码不是UTF-8，请另存为“CSV UTF-8”",
                          "the encoding is not UTF-8; save it as “CSV UTF-8”"),
    "too_many_rows": ("行数超过上限，请分成几个文件", "too many rows; divide the file"),
    "column_missing": ("缺少这一列", "this column is missing"),
    "column_unknown": ("模板中没有这一列", "the template has no such column"),
    "column_twice": ("这一列出现两次", "this column appears twice"),
    # a row or a cell as such
    "row_ragged": ("单元格数与表头不一致", "the row has more or fewer cells than the header"),
    "row_too_long": ("这一行过长", "the row is too long"),
    "quote_unclosed": ("引号没有成对", "a quotation mark is not closed"),
    "nul_byte": ("含有空字节（NUL）", "there is a NUL byte in the cell"),
    "control_character": ("含有不可见的控制字符", "there is an invisible control character"),
    "cell_too_long": ("单元格内容过长", "the cell is too long"),
    "formula_in_cell": ("不接受公式，请改为文字或数字",
                        "formulas are not taken; give text or a number"),
    "duplicate_row": ("与前面的行重复", "an earlier row says the same"),
    "value_missing": ("必填，不能为空", "a value is needed here"),
    "value_too_long": ("文字过长", "the text is too long"),
    "not_yes_or_no": ("请填“是”或“否”", "say 是 (yes) or 否 (no)"),
    "not_a_whole_number": ("请填整数", "a whole number is needed"),
    "date_unreadable": ("日期无法识别，请按2026-11-22填写", "not a date; write it as 2026-11-22"),
    "time_unreadable": ("时间无法识别，请按19:00填写", "not a time; write it as 19:00"),
    # people
    "name_letters": ("姓名只能是文字，不能含数字或符号",
                     "a name has letters only, no digits and no other signs"),
    "name_length": ("姓名须为2至40个字", "a name has 2 to 40 characters"),
    "phone_not_11_digits": ("手机号码须为11位数字", "a mobile phone number has 11 digits"),
    "phone_not_mobile": ("不是手机号码（应以1开头）",
                         "not a mobile phone number (it begins with 1)"),
    "relation_unknown": ("与学生关系无法识别", "this relation to the child is not known"),
    "relation_not_a_learner": ("这一关系不能登记为家长学员",
                               "this relation cannot be a parent learner"),
    "relation_not_a_guardian": ("委托照护人不是监护人，请填“否”",
                                "an entrusted carer is no guardian; say 否 (no)"),
    "parent_is_guardian": ("父母是法定监护人，请填“是”",
                           "a father or mother is a guardian by law; say 是 (yes)"),
    "student_no_unreadable": ("校内学号只能是字母和数字",
                              "a pupil's number has letters and digits only"),
    # schools and classes
    "school_code_not_10_digits": ("学校标识码须为10位数字", "a school code has 10 digits"),
    "school_code_foreign": ("不是本校的标识码", "this is another school's code"),
    "grade_unknown": ("年级无法识别", "this grade is not known"),
    "grade_not_of_this_school": ("本校没有这个学段", "the school has no such stage"),
    "class_unreadable": ("班级无法识别", "this class cannot be read"),
    "class_unknown": ("本校没有这个班", "the school has no such class"),
    "class_contradicts_grade": ("班级与年级不一致", "the class contradicts the grade"),
    # plans
    "school_year_unreadable": ("学年无法识别，请填2026", "not a school year; write 2026"),
    "term_unknown": ("学期请填1或2", "the term is 1 or 2"),
    "week_out_of_range": ("周次须为1至30", "weeks run from 1 to 30"),
    "date_outside_school_year": ("日期不在所填学年之内", "the date is outside the school year"),
    "time_missing": ("开始时间和结束时间须同时填写", "give both the start and the end, or neither"),
    "ends_before_start": ("结束时间须晚于开始时间", "the end must be later than the start"),
    "family_unknown": ("课程类别无法识别", "this course family is not known"),
    "carrier_unknown": ("载体无法识别", "this carrier is not known"),
    "mode_unknown": ("方式无法识别", "this mode is not known"),
    "mode_not_planned": ("这种方式不列入教学计划", "this mode is not part of a term plan"),
    "class_hours_out_of_range": ("课时须为1至8的整数", "class hours are whole, from 1 to 8"),
    "class_hours_exceed_time": ("课时超过活动时长", "the class hours do not fit between the times"),
    # exams
    "score_not_whole": ("成绩须为整数", "the score must be a whole number"),
    "score_out_of_range": ("成绩须在0至100之间", "the score must be from 0 to 100"),
    "pass_disagrees": ("是否合格与成绩不符", "the score and the pass mark say otherwise"),
    "sitting_out_of_range": ("场次须为1至9的整数", "a sitting is a whole number from 1 to 9"),
    "same_marker_and_checker": ("阅卷人与复核人不能是同一人",
                                "marking and checking need two different people"),
    # sheets
    "sheet_code_unreadable": ("编号是签到表左下角的8位字母和数字",
                              "the number is the 8 letters and digits at the bottom left"),
    "row_not_on_sheet": ("序号须为1至30的整数", "rows are numbered from 1 to 30"),
    "signed_for_another": ("不接受代签，请由本人到场签名", "nobody signs for somebody else"),
    "left_only": ("只有签退，没有签到，请看原表", "signed out, but not in: look at the paper"),
    # questions
    "question_kind_unknown": ("题型须为单选题、多选题或判断题",
                              "a question is 单选题, 多选题 or 判断题"),
    "question_number_unreadable": ("题号只能是20个以内的字母、数字、点和连字符",
                                   "a number has up to 20 letters, digits, dots and hyphens"),
    "choices_too_few": ("至少要有两个选项", "there must be two choices or more"),
    "choice_left_out": ("选项须从A起依次填写，中间不能空",
                        "choices stand from A on, without a gap"),
    "choice_twice": ("选项重复", "this choice appears twice"),
    "choices_not_right_and_wrong": ("判断题不需要选项", "a 判断题 needs no choices"),
    "answer_names_no_choice": ("答案须是选项的字母，如A或A、C",
                               "the answer names choices by letter, as A or A、C"),
    "answer_not_single": ("单选题只能有一个答案", "a 单选题 has one answer"),
    "answer_not_right_or_wrong": ("判断题的答案须为对或错", "the answer of a 判断题 is 对 or 错"),
    # teachers
    "staff_no_unreadable": ("工号只能是字母和数字", "a staff number has letters and digits only"),
    "period_unreadable": ("起止日期无法识别，请按2026-03-07至2026-03-08填写",
                          "not the days of a training; write them as 2026-03-07至2026-03-08"),
    "period_backwards": ("结束日期早于开始日期", "the last day is before the first"),
    "cycle_unreadable": ("周期无法识别，请填2024-2026", "not a cycle; write 2024-2026"),
    "training_hours_unreadable": ("学时须为正数，最多两位小数",
                                  "hours are more than zero, with two decimals at most"),
}
# fmt: on


def reason(code: str, language: Literal["zh", "en"]) -> str:
    """The sentence for a code. A code without one is a bug: KeyError."""
    return TEXTS[code][0 if language == "zh" else 1]
