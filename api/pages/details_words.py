"""The words of details that are put right, in Chinese; templates translate them with `_`."""

from __future__ import annotations

from typing import Final

DETAILS: Final = {"name": "姓名", "phone": "手机号", "relation": "孩子或关系"}
REASONS: Final = {
    "not_verified": "还没有核对到，请带有关证件到学校",
    "not_so": "与学校核对的不一致，保持原样",
}
TABLES: Final = {"details": DETAILS, "details_refusals": REASONS}
