"""What is read of the files with profiles, and what is not."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from pai_dsw_mcp.cloud.profile_files import read_cli_profile, read_ini_profile
from pai_dsw_mcp.cloud.profiles import ProfileError
from pai_dsw_mcp.cloud.sources import Source
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError, ErrorKind
from pai_dsw_mcp.model.writes import STOP_INSTANCE
from tests.cloud.loopback import Loopback, dsw
from tests.cloud.machine import Machine, ak_profile
from tests.support.writes import send

ROLE: dict[str, Any] = {"mode": "ChainableRamRoleArn", "ram_role_arn": "acs:ram::1:role/x"}
WHOLE: dict[str, Any] = {
    "access_key_id": "LTAIx",
    "ram_role_arn": "acs:x",
    "ram_role_name": "x",
    "source_profile": "source",
    "oidc_provider_arn": "acs:y",
    "oidc_token_file": "/tmp/jwt",
    "cloud_sso_sign_in_url": "https://signin-x.alibabacloudsso.com/start/login",
    "cloud_sso_account_id": "1",
    "cloud_sso_access_config": "x",
    "cloud_sso_access_token_expire": 1,
    # `aliyun configure` writes what a mode does not need as an empty value.
    "sts_region": "",
    "expired_seconds": 0,
    "region_id": "cn-hangzhou",
    "process_command": "",
    "ram_session_name": "",
    **dict.fromkeys(("access_key_secret", "sts_token", "oauth_access_token", "access_token", "private_key"), "CANARY"),
}


def refused(home: Path, wanted: str | None = None) -> ProfileError:
    with pytest.raises(ProfileError) as caught:
        read_cli_profile(home, wanted)
    return caught.value


def test_the_current_profile_or_the_named_one_is_read(machine: Machine) -> None:
    machine.profiles(ak_profile("one", "LTAIone"), ak_profile("two", "LTAItwo"), current="two")
    (current,) = read_cli_profile(machine.home, None)
    (named,) = read_cli_profile(machine.home, "one")
    assert current.facts == ("two", "AK", "LTAItwo")
    assert named.facts == ("one", "AK", "LTAIone")
    assert read_cli_profile(machine.home, "three") == ()


@pytest.mark.parametrize(
    "mode", ["AK", "StsToken", "RamRoleArn", "EcsRamRole", "OIDC", "CloudSSO", "OAuth", "ChainableRamRoleArn"]
)
def test_a_profile_as_the_cli_writes_it_is_read_and_shows_no_secret(mode: str, machine: Machine) -> None:
    machine.profiles({"name": "x", "mode": mode, **WHOLE}, ak_profile("source", "LTAIs"), current="x")
    profile = read_cli_profile(machine.home, None)[0]
    assert profile.facts[:2] == ("x", mode)
    assert "CANARY" not in repr(profile) + repr(profile.facts)


@pytest.mark.parametrize("name", [7, True, 1.5, ["a"], {"a": 1}, None, "\ud800"], ids=repr)
def test_a_name_that_is_no_text_is_refused_and_not_turned_into_one(name: object, machine: Machine) -> None:
    machine.config(json.dumps({"current": name, "profiles": [{**ak_profile("", "LTAIx"), "name": name}]}))
    assert refused(machine.home).key == "credentials_file_invalid"


def test_of_two_profiles_with_one_name_none_is_taken(machine: Machine) -> None:
    machine.profiles(ak_profile("default", "LTAIone"), ak_profile("default", "LTAItwo"))
    assert refused(machine.home).key == "credentials_file_invalid"
    assert refused(machine.home, "default").key == "credentials_file_invalid"


def test_profiles_that_are_not_used_do_not_matter(machine: Machine) -> None:
    machine.profiles(
        {"name": "new", "mode": "Unheard"}, {"name": "ext", "mode": "External"}, ak_profile("mine", "LTAIx")
    )
    assert read_cli_profile(machine.home, "mine")[0].facts == ("mine", "AK", "LTAIx")


def test_roles_that_build_on_each_other_lead_to_a_key(machine: Machine) -> None:
    machine.profiles(
        {**ROLE, "name": "a", "source_profile": "b"},
        {**ROLE, "name": "b", "source_profile": "c"},
        ak_profile("c", "LTAIc"),
        current="a",
    )
    profiles = read_cli_profile(machine.home, None)
    assert [profile.name for profile in profiles] == ["a", "b", "c"]
    assert Source("", profiles).provider().get_provider_name() == "ram_role_arn"


@pytest.mark.parametrize("source", ["a", "b", "nobody"])
def test_roles_that_lead_in_a_circle_or_nowhere_are_refused(source: str, machine: Machine) -> None:
    machine.profiles(
        {**ROLE, "name": "a", "source_profile": "b"}, {**ROLE, "name": "b", "source_profile": source}, current="a"
    )
    error = refused(machine.home)
    assert (error.values["profile"], error.values["members"]) == ("b", "source_profile")


@pytest.mark.parametrize(
    ("mode", "member", "value"),
    [
        ("AK", "access_key_secret", ""),
        ("AK", "access_key_id", 7),
        ("StsToken", "sts_token", None),
        ("RamRoleArn", "ram_role_arn", ""),
        ("RamRoleArn", "sts_region", "cn-nowhere"),
        ("RamRoleArn", "enable_vpc", "true"),
        ("RamRoleArn", "expired_seconds", "900"),
        ("OIDC", "oidc_token_file", ""),
        ("CloudSSO", "cloud_sso_sign_in_url", "http://signin-x.alibabacloudsso.com/"),
        ("OAuth", "oauth_site_type", "evil.example"),
        ("CredentialsURI", "mode", "CredentialsURI"),
    ],
)
def test_a_member_that_cannot_be_used_is_named_and_its_value_is_not(
    mode: str, member: str, value: object, machine: Machine
) -> None:
    machine.profiles({"name": "x", **WHOLE, "mode": mode, member: value}, current="x")
    error = refused(machine.home)
    assert error.values["members"] == member
    assert "CANARY" not in repr(vars(error))


def test_a_folder_instead_of_the_file_is_refused(machine: Machine) -> None:
    (machine.home / ".aliyun" / "config.json").mkdir(parents=True)
    assert refused(machine.home).key == "credentials_file_invalid"


def test_no_file_has_no_profile(tmp_path: Path) -> None:
    assert read_cli_profile(tmp_path, "x") == ()
    assert read_ini_profile(tmp_path / "credentials.ini", "default") == ()


INI = "[{name}]\ntype = {type}\naccess_key_id = TESTini # mine\naccess_key_secret = 100%\nrole_arn = acs:x\n"


@pytest.mark.anyio
async def test_the_credentials_file_is_the_source_after_the_cli(machine: Machine) -> None:
    machine.ini(INI.format(name="default", type="access_key"))
    async with Loopback(dsw({})) as server, server.cloud(test_access_key=None) as cloud:
        assert (await cloud.identity()).provider == "default/profile/static_ak"


@pytest.mark.parametrize(
    ("kind", "more", "facts"),
    [
        ("access_key", "", ("AK", "TESTini")),
        ("ram_role_arn", "", ("RamRoleArn", "TESTini", "acs:x")),
        ("oidc_role_arn", "oidc_provider_arn = acs:y\noidc_token_file_path = /tmp/jwt", ("OIDC", "acs:x")),
        ("ecs_ram_role", "role_name = r", ("EcsRamRole", "r")),
        ("rsa_key_pair", "public_key_id = p\nprivate_key_file = {key}", ("RsaKeyPair", "p")),
    ],
)
def test_each_kind_of_section_is_read_and_has_a_provider(
    kind: str, more: str, facts: tuple[str, ...], machine: Machine
) -> None:
    key = machine.home / "key"
    key.write_text("CANARY")
    machine.environment(ecs_metadata_disabled="false")
    machine.ini(INI.format(name="work", type=kind) + more.format(key=key))
    file = machine.home / ".alibabacloud" / "credentials.ini"
    (profile,) = read_ini_profile(file, "work")
    assert profile.facts == ("work", *facts)
    assert profile.provider(None)
    assert read_ini_profile(file, "other") == ()


@pytest.mark.parametrize("text", ["[default\n", "key = 1\n", "[default]\n[default]\n", "[default]\ntype = what\n"])
def test_a_credentials_file_that_makes_no_sense_is_refused(text: str, machine: Machine) -> None:
    machine.ini(text)
    with pytest.raises(ProfileError):
        read_ini_profile(machine.home / ".alibabacloud" / "credentials.ini", "default")


EXTERNAL = {"name": "default", "mode": "External"}
EXTERNAL_ROLE = {"name": "role", "mode": "ChainableRamRoleArn", "ram_role_arn": "acs:x"}
HOSTILE_FILES: dict[str, Any] = {
    "current": {"current": "default", "profiles": [EXTERNAL]},
    "the source of a role": {"current": "role", "profiles": [EXTERNAL, {**EXTERNAL_ROLE, "source_profile": "default"}]},
    **{
        f"named {name!r}": {"current": name, "profiles": [{**EXTERNAL, "name": name}]}
        for name in (7, True, 1.5, ["a"], {"a": 1})
    },
    "current is a list": {"current": ["a"], "profiles": [EXTERNAL]},
    "an int as source": {
        "current": "role",
        "profiles": [{**EXTERNAL, "name": 7}, {**EXTERNAL_ROLE, "source_profile": 7}],
    },
    "an int as source, found": {"current": "role", "profiles": [EXTERNAL, {**EXTERNAL_ROLE, "source_profile": 7}]},
    "a lone surrogate": {"current": "\ud800", "profiles": [{**EXTERNAL, "name": "\ud800"}]},
    "two of a name": {"current": "default", "profiles": [ak_profile("default", "TESTkey"), EXTERNAL]},
    "no profiles": {"current": "default", "profiles": []},
    "a mode that is not known": {"current": "default", "profiles": [{**EXTERNAL, "mode": "external"}]},
    "no text": None,
}


@pytest.mark.anyio
@pytest.mark.parametrize("case", [*HOSTILE_FILES, "nested", "BOM"])
async def test_a_command_in_a_profile_is_never_run_and_what_cannot_be_read_is_refused(
    case: str, machine: Machine
) -> None:
    ran = machine.home / "ran"
    text = json.dumps(HOSTILE_FILES.get(case, HOSTILE_FILES["current"]))
    text = text.replace('"External"', f'"External", "process_command": "touch {ran}"')
    if case == "nested":
        text = text.replace('"External"', f'"External", "x": {"[" * 300}{"]" * 300}')
    machine.config("\ufeff" + text if case == "BOM" else text)
    async with Loopback(dsw({})) as server, server.cloud(test_access_key=None) as cloud, asyncio.timeout(4):
        calls = (
            lambda: cloud.get_instance("cn-hangzhou", "dsw-12345678"),
            lambda: send(Writer(cloud, operation_id="x"), STOP_INSTANCE, "cn-hangzhou", "dsw-12345678"),
            cloud.identity,
        )
        for call in calls:
            with pytest.raises(CloudError) as caught:
                await call()
            assert (caught.value.kind, caught.value.outcome) == (ErrorKind.CREDENTIALS_INVALID, "none")
    assert not ran.exists()
    assert server.connections == 0
