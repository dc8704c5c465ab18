"""Dockerfile, compose file, Makefile and CI name only what is there. No engine is needed."""

from __future__ import annotations

import re
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.source import PACKAGES, ROOT
from tools.inventory import commands, settings

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE))


def _instructions(word: str) -> list[str]:
    return re.findall(rf"^{word}\s+(.+)$", DOCKERFILE, re.MULTILINE)


def _typed(command: list[str]) -> str:
    assert command[0] == "parent-credits"
    return command[1]


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [
        line.split()[0] for line in _instructions("COPY") if not line.startswith(("--from", ". "))
    ]
    needed = [*copied, *PACKAGES, "pyproject.toml", "README.md", "LICENSE", "NOTICE", "licenses"]
    assert [name for name in needed if not (ROOT / name).exists()] == []
    assert [name for name in needed if f"!{name.partition('/')[0]}" not in ignored] == []


def test_the_containers_run_commands_that_exist() -> None:
    known = {command.name for command in commands()}
    image = [yaml.safe_load(line) for line in _instructions("CMD")]
    composed = [one["command"] for one in COMPOSE["services"].values() if "command" in one]
    assert {_typed(command) for command in image + composed} <= known


def test_the_containers_set_only_settings_that_exist() -> None:
    known = {setting.name for setting in settings()}
    named = set(re.findall(r"PARENT_CREDITS_[A-Z_]+", DOCKERFILE))
    for service in ("web", "worker"):
        named |= COMPOSE["services"][service]["environment"].keys()
        named |= {secret.upper() for secret in COMPOSE["services"][service]["secrets"]}
    assert named - known == set()


def test_the_composed_services_name_secrets_and_volumes_that_are_declared() -> None:
    for service in COMPOSE["services"].values():
        assert set(service["secrets"]) <= COMPOSE["secrets"].keys()
        named = {volume.partition(":")[0] for volume in service["volumes"]}
        assert named <= COMPOSE["volumes"].keys()


def test_the_proxy_on_the_host_is_believed() -> None:
    """It reaches the containers from their network's gateway."""
    [network] = COMPOSE["networks"]["default"]["ipam"]["config"]
    said = COMPOSE["services"]["web"]["environment"]["PARENT_CREDITS_TRUSTED_PROXIES"]
    assert said == f"${{PARENT_CREDITS_TRUSTED_PROXIES:-{network['gateway']}}}"
    assert ip_address(network["gateway"]) in ip_network(network["subnet"])
    assert COMPOSE["services"]["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_no_container_runs_as_root() -> None:
    assert _instructions("USER") == ["parent-credits"]


def test_every_word_of_make_can_be_parsed() -> None:
    words = sorted(TARGETS - {"tools"})
    done = subprocess.run(
        ["make", "--dry-run", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_make_alone_lists_every_word_people_need() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    words = {line.split()[0] for line in listed.splitlines()}
    assert words == TARGETS - {"format-check", "tools"}


def test_ci_calls_only_make_and_the_tests_last() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    called = [line for line in script if line.startswith("make ")]
    assert called[-1] == script[-1] == "make test"
    words = {word for line in called for word in line.split()[1:]}
    assert {word for word in words if not word.startswith("--")} <= TARGETS


@pytest.mark.parametrize("name", [".ci/run"])
def test_scripts_can_be_run(name: str) -> None:
    assert Path(ROOT / name).stat().st_mode & 0o111
