"""What a newcomer reads in the terminal: where to go, and who can sign in."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from api.bootstrap import Runtime
from api.demo.keeping import kept, path_of


def welcome(runtime: Runtime) -> None:
    content = kept(runtime)
    base = runtime.settings.public_url
    table = Table("用户 user", "密码 password", "角色 role", "单位 organisation")
    for login in content["logins"]:
        table.add_row(login["user"], login["password"], login["role"], login["organisation"])
    console = Console()
    console.print(table)
    console.print(f"动态验证码 one-time codes: {base}/demo   ({path_of(runtime)})")
    for learner in content["learners"]:
        console.print(f"家长 parent {learner['name']}: {learner['enrolment_url']}", soft_wrap=True)
    console.print(f"大屏幕 presenter: {content['open_session']['presenter_url']}", soft_wrap=True)
