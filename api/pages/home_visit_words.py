"""The words of home visits, by code, in Chinese; templates translate them with `_`."""

from __future__ import annotations

VISIT_FORMS = {
    "on_site": "实地",
    "online": "网络",
}
VISIT_WAYS = {
    "single": "个体",
    "group": "分组",
}
TABLES = {
    "visit_forms": VISIT_FORMS,
    "visit_ways": VISIT_WAYS,
}
