"""The words of a person's own data, put right or erased, in Chinese; templates translate them."""

from __future__ import annotations

from typing import Final

from api.pages.details_words import TABLES as DETAILS

STATES: Final = {
    "waiting": "等待答复",
    "carried_out": "已删除",
    "refused": "未删除",
    "withdrawn": "已撤回",
}
GROUNDS: Final = {
    "not_identified": "没有核实是本人，请带身份证件到学校",
    "procedure_open": "还有未结的申诉或撤销程序，结束后再办",
    "duty_to_keep": "法律规定的保存期限未到",
}
WISHES: Final = {
    "withdraw": "证书一并注销",
    "keep": "证书留在登记册里，照样可以查验",
}
TABLES: Final = {
    **DETAILS,
    "erasure_states": STATES,
    "erasure_grounds": GROUNDS,
    "erasure_wishes": WISHES,
}
