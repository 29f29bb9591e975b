"""Under `--role-arn` the cloud knows the people apart: each sees and does what their own session may, and no more."""

from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp_types import CallToolResult

from pai_dsw_mcp.cloud import people
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.gate.caller import person_of
from pai_emulator.policy import ACCOUNT_ID, ROLE_ID, ROLE_NAME, USER_IDS
from pai_emulator.serve import Emulator
from tests.gate.cases import an_instance, new_notebook, place
from tests.http.provider import AUDIENCE, Provider
from tests.http.site import ANY_PORT, Site, serving
from tests.support.desk import REGION, Desk, Person, make_desk, text_of, told
from tests.support.steering import Steering

pytestmark = pytest.mark.anyio

ROLE = f"acs:ram::{ACCOUNT_ID}:role/{ROLE_NAME}"
RESEARCH = "40001"


@pytest.fixture
def cloud() -> Generator[Emulator]:
    """An emulator in whose first workspace the role is an administrator."""
    with Emulator() as running:
        running.world.region(REGION).workspaces[RESEARCH]["Members"] |= {ROLE_ID: ("PAI.WorkspaceAdmin",)}
        yield running


@pytest.fixture
def team_desk(cloud: Emulator, idp: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Desk]:
    def make(user: str = "admin", **settings: Any) -> Desk:
        key = cloud.user(user)
        monkeypatch.setattr("alibabacloud_credentials.utils.auth_util.environment_access_key_id", key.access_key_id)
        monkeypatch.setattr(
            "alibabacloud_credentials.utils.auth_util.environment_access_key_secret", key.access_key_secret
        )
        signed_in: dict[str, Any] = {"oidc_issuer": idp.issuer, "oidc_audience": AUDIENCE, "approve": "form"}
        chosen: dict[str, Any] = {"http": address(ANY_PORT), "role_arn": ROLE, **signed_in, **settings}
        return make_desk(Steering(cloud.url, cloud.control_key), tmp_path, **chosen)

    return make


@pytest.fixture
async def site(team_desk: Callable[..., Desk]) -> AsyncGenerator[Site]:
    async with serving(team_desk()) as running:
        yield running


async def call(site: Site, token: str, tool: str, person: Person | None = None, **arguments: Any) -> CallToolResult:
    async with site.client("modern", person, token) as client:
        return await client.call_tool(tool, {"region_id": REGION, **arguments})


def session_name(idp: Provider, sub: str, name: str | None = None) -> str:
    return f"{name or sub}-{person_of(idp.issuer, sub)}"


def asked(cloud: Emulator, operation: str) -> list[str | None]:
    """Who sent these requests."""
    return [entry.user for entry in cloud.journal if entry.operation == operation]


def policy(cloud: Emulator, idp: Provider, sub: str, *denied: str) -> None:
    """Denies the session of this person these actions."""
    rights = ["paidsw:*", "paiworkspace:*", "paiimage:*", "paidataset:*", "pai:*"]
    cloud.world.policies[f"{ROLE_NAME}/{session_name(idp, sub)}"] = {"rights": rights, "denied": list(denied)}


async def test_the_trail_of_the_cloud_shows_who_it_was(site: Site, idp: Provider, cloud: Emulator) -> None:
    for sub in ("ada", "eve", "ada"):
        await call(site, idp.token(sub=sub), "list_instances")
    ada, eve = (f"{ROLE_NAME}/{session_name(idp, sub)}" for sub in ("ada", "eve"))
    assert set(asked(cloud, "ListInstances")) == {ada, eve}
    assert asked(cloud, "AssumeRole") == ["admin", "admin"]
    assert {entry.user for entry in cloud.journal if entry.operation != "AssumeRole"} == {ada, eve}


async def test_a_name_that_no_session_can_have_is_made_one_and_stays_apart_from_others(
    site: Site, idp: Provider, cloud: Emulator
) -> None:
    for sub, name in (("1", "李 雷/" + "x" * 80), ("2", "李 雷/" + "x" * 80), ("3", "ada@example.com")):
        assert not (await call(site, idp.token(sub=sub, preferred_username=name), "list_instances")).is_error
    safe = "_" * 4 + "x" * 27
    expected = [
        f"{ROLE_NAME}/{session_name(idp, *who)}" for who in (("1", safe), ("2", safe), ("3", "ada@example.com"))
    ]
    assert list(dict.fromkeys(asked(cloud, "ListInstances"))) == expected


async def test_many_calls_at_once_assume_the_role_once(site: Site, idp: Provider, cloud: Emulator) -> None:
    async with site.client("modern", None, idp.token()) as client:
        await client.call_tool("list_ecs_specs", {"region_id": REGION, "accelerator_type": "GPU"})
        await client.call_tool("check_environment", {"region_id": REGION})
    assert asked(cloud, "AssumeRole") == ["admin"]


async def test_what_one_session_is_denied_it_does_not_get_from_what_another_one_saw(
    site: Site, idp: Provider, cloud: Emulator
) -> None:
    policy(cloud, idp, "eve", "paidsw:GetInstance", "paidsw:ListInstances", "paiworkspace:ListPermissions")
    site.desk.services.sleep = lambda _: anyio.lowlevel.checkpoint()
    instance_id = an_instance(site.desk.steering, "Queuing")
    calls: dict[str, dict[str, Any]] = {
        "list_instances": {},
        "get_instance": {"instance_id": instance_id},
        "wait_for_instance": {"instance_id": instance_id, "until": "Running", "seconds": 1},
    }
    for tool, arguments in calls.items():
        assert "Queuing" in text_of(await call(site, idp.token(), tool, **arguments)), tool
        refused = await call(site, idp.token(sub="eve"), tool, **arguments)
        assert refused.is_error, tool
        assert "Queuing" not in text_of(refused), tool


async def test_a_change_is_sent_by_whom_it_was_approved_by_and_by_nobody_whose_session_may_not(
    site: Site, idp: Provider, cloud: Emulator
) -> None:
    policy(cloud, idp, "eve", "paidsw:StartInstance")
    instance_id, eve, ada = an_instance(site.desk.steering, "Stopped"), Person("yes"), Person("yes")
    assert told(await call(site, idp.token(), "start_instance", ada, **place(instance_id)))["status"] == "done"
    (write,) = cloud.journal.writes()
    assert write.user == f"{ROLE_NAME}/{session_name(idp, 'ada')}"
    cloud.world.overwrite_instance(instance_id, {"Status": "Stopped"})
    refused = await call(site, idp.token(sub="eve"), "start_instance", eve, **place(instance_id))
    assert refused.is_error
    assert [entry.applied for entry in cloud.journal.writes()] == [True, False]
    # What one of them was told of rights and account is not what the other one is told.
    assert [len(set(asked(cloud, each))) for each in ("ListPermissions", "GetCallerIdentity")] == [2, 2]


@pytest.mark.parametrize("user", ["developer", "viewer"])
async def test_where_the_role_cannot_be_assumed_nothing_is_sent_with_the_keys_of_the_server(
    team_desk: Callable[..., Desk], idp: Provider, cloud: Emulator, user: str
) -> None:
    async with serving(team_desk(user)) as site:
        refused = await call(site, idp.token(), "list_instances")
        assert refused.is_error
        assert all(each in text_of(refused) for each in ("--role-arn", "sts:AssumeRole", "NoPermission"))
    assert [(entry.operation, entry.user) for entry in cloud.journal] == [("AssumeRole", user)] * len(cloud.journal)


async def test_a_role_that_is_not_there_is_told(team_desk: Callable[..., Desk], idp: Provider) -> None:
    async with serving(team_desk(role_arn=ROLE + "-2")) as site:
        assert "EntityNotExist.Role" in text_of(await call(site, idp.token(), "list_instances"))


async def test_only_so_many_people_are_remembered(
    site: Site, idp: Provider, cloud: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST_PEOPLE", 2)
    for sub in ("ada", "eve", "ada", "bob", "ada", "eve"):
        await call(site, idp.token(sub=sub), "list_instances")
    assert len(asked(cloud, "AssumeRole")) == 4


async def test_without_a_person_nothing_is_sent(site: Site, cloud: Emulator) -> None:
    with pytest.raises(RefusedError, match="--role-arn"):
        await site.desk.services.cloud.list_workspaces(REGION)
    assert not list(cloud.journal)


NOBODY = {"role_arn": None, "owner_claim": "aliyun_uid"}


@pytest.mark.parametrize("as_number", [False, True])
async def test_a_new_notebook_belongs_to_who_asked_for_it_and_the_question_says_so(
    team_desk: Callable[..., Desk], idp: Provider, cloud: Emulator, as_number: bool
) -> None:
    owner, person = USER_IDS["developer"], Person("yes")
    token = idp.token(aliyun_uid=int(owner) if as_number else owner)
    async with serving(team_desk(owner_claim="aliyun_uid")) as site:
        made = told(await call(site, token, "create_instance", person, **new_notebook()))
    assert f'{owner}\n  = "Wu Developer"' in person.questions[0].message
    instance = cloud.world.region(REGION).instances[made["instance_id"]]
    assert (instance.user_id, instance.settings["Accessibility"]) == (owner, "PRIVATE")
    assert "Read back: the owner is" in made["message"]


async def test_without_the_claim_nothing_is_created_and_reading_goes_on(
    team_desk: Callable[..., Desk], idp: Provider, cloud: Emulator
) -> None:
    async with serving(team_desk(**NOBODY)) as site:
        for claim in ({}, {"aliyun_uid": "ada"}, {"aliyun_uid": True}):
            refused = await call(site, idp.token(**claim), "create_instance", Person("yes"), **new_notebook())
            assert refused.is_error
            assert "aliyun_uid" in text_of(refused)
        assert not (await call(site, idp.token(), "list_instances")).is_error
    assert not cloud.journal.writes()


async def test_nobody_creates_in_the_name_of_another_person(
    team_desk: Callable[..., Desk], idp: Provider, cloud: Emulator
) -> None:
    token = idp.token(aliyun_uid=USER_IDS["developer"])
    async with serving(team_desk(**NOBODY)) as site:
        refused = await call(site, token, "create_instance", Person("yes"), **new_notebook(user_id=USER_IDS["viewer"]))
        assert refused.is_error
        assert "--owner-claim" in text_of(refused)
        same = await call(site, token, "create_instance", Person("no"), **new_notebook(user_id=USER_IDS["developer"]))
        assert told(same)["status"] == "declined"
    assert not cloud.journal.writes()
