"""What is read of the CLI's profile file."""

from pathlib import Path
from typing import Any

import pytest

from pai_dsw_mcp.cloud.profiles import read_profile
from tests.cloud.machine import Machine, ak_profile


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_the_current_profile_or_the_named_one_is_read(machine: Machine) -> None:
    machine.profiles(ak_profile("one", "LTAIone"), ak_profile("two", "LTAItwo"), current="two")
    current = read_profile(str(machine.home), None)
    named = read_profile(str(machine.home), "one")
    assert current is not None
    assert named is not None
    assert (current.name, named.name) == ("two", "one")
    assert current.facts == ("two", "AK", "LTAItwo")
    assert read_profile(str(machine.home), "three") is None


def test_no_secret_is_among_the_facts(machine: Machine) -> None:
    names = ("access_key_secret", "sts_token", "oauth_refresh_token", "access_token", "private_key")
    secrets = dict.fromkeys(names, "CANARY")
    for mode in ("AK", "StsToken", "RamRoleArn", "EcsRamRole", "OIDC", "CloudSSO", "OAuth", "ChainableRamRoleArn"):
        machine.profiles({"name": "x", "mode": mode, "access_key_id": "LTAIx", **secrets}, current="x")
        profile = read_profile(str(machine.home), None)
        assert profile is not None
        assert profile.modes == (mode,)
        assert "CANARY" not in repr(profile)


def test_a_chain_of_roles_is_followed_once_around(machine: Machine) -> None:
    role: dict[str, Any] = {"mode": "ChainableRamRoleArn", "ram_role_arn": "acs:ram::1:role/x"}
    machine.profiles(
        {**role, "name": "a", "source_profile": "b"}, {**role, "name": "b", "source_profile": "a"}, current="a"
    )
    profile = read_profile(str(machine.home), None)
    assert profile is not None
    assert profile.modes == ("ChainableRamRoleArn",) * 2


def test_half_a_pair_at_the_end_of_a_chain_is_noticed(machine: Machine) -> None:
    machine.profiles(
        {"name": "role", "mode": "ChainableRamRoleArn", "source_profile": "half"},
        ak_profile("half", "LTAIhalf", secret=""),
        current="role",
    )
    profile = read_profile(str(machine.home), None)
    assert profile is not None
    assert not profile.is_complete


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"profiles": 7}', '{"current": "x", "profiles": [null, 7, {"name": null}]}']
)
def test_a_file_that_makes_no_sense_has_no_profile(text: str, machine: Machine) -> None:
    machine.profiles()
    (machine.home / ".aliyun" / "config.json").write_text(text)
    assert read_profile(str(machine.home), None) is None


def test_no_file_has_no_profile(tmp_path: Path) -> None:
    assert read_profile(str(tmp_path), "x") is None
