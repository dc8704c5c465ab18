"""What the page on high availability prints is what the tests run."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from tests.failover.nodes import Pair, pair

PAGE = (Path(__file__).parents[2] / "docs" / "high-availability.md").read_text(encoding="utf-8")


def test_the_page_names_the_connection_that_is_tried_and_its_questions_can_be_asked() -> None:
    [address] = re.findall(r"PARENT_CREDITS_DATABASE_URL='(.*)'", PAGE)
    documented = conninfo_to_dict(address)
    assert urlsplit(address).scheme == "postgresql"
    assert str(documented["host"]).count(",") == 2
    with pair() as nodes:
        tried = conninfo_to_dict(nodes.conninfo())
        assert documented["target_session_attrs"] == tried["target_session_attrs"]
        ask_everything(nodes)


def ask_everything(nodes: Pair) -> None:
    [block] = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    replication, waiting, replayed, archiver = block.strip().splitlines()
    [(name, state, sync_state, _)] = nodes.primary.ask(replication)
    assert (name, state, sync_state) == ("standby", "streaming", "sync")
    assert nodes.primary.ask(waiting) == [(0,)]
    assert nodes.standby.ask(replayed)[0][0] is True
    assert nodes.primary.ask(archiver)[0][1] == 0
