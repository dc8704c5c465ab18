"""How the installation stands (运行状况), for its operator and those who oversee them."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.policy import Forbidden, LoginRequired
from api.access_log import organisations_of
from api.asking import InAsking
from api.findings import State
from api.pages.staff_words import staff_page
from api.status import status_of

router = APIRouter(include_in_schema=False)

PAGE = "/staff/status"
NAMES: Final = {
    "read_models": "页面数据跟上账本",
    "log": "存证日志",
    "backup": "备份",
    "drill": "恢复演练",
}
STATES: Final = {
    State.GOOD: ("ok", "check", "正常"),
    State.LOOK: ("warn", "clock", "请看一下"),
    State.BAD: ("warn", "x", "需要处理"),
}


@router.get(PAGE)
def status(request: Request, asking: InAsking) -> Response:
    """Nobody's data. Raises Forbidden, LoginRequired."""
    if asking.principal is None:
        raise LoginRequired
    if not organisations_of(asking, Action.STATUS_READ):
        raise Forbidden(action=Action.STATUS_READ.value)
    found = status_of(asking.runtime)
    return staff_page(request, "status.html", found=found, names=NAMES, states=STATES)
