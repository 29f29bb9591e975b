"""The regions and workspaces that the operator allows: nothing else is asked, shown or changed."""

from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError, ErrorKind
from pai_dsw_mcp.model.catalogue import DatasetFilter, ImageFilter
from pai_dsw_mcp.model.instance import InstanceFilter, NewInstance
from pai_dsw_mcp.model.workspace import NewWorkspace
from pai_dsw_mcp.model.writes import CREATE_INSTANCE, CREATE_WORKSPACE, STOP_INSTANCE
from pai_emulator.serve import Emulator
from tests.cloud.conftest import CloudAs
from tests.gate.cases import new_workspace
from tests.support.desk import REGION, Desk, Person, text_of, told
from tests.support.steering import Steering
from tests.support.writes import send

pytestmark = pytest.mark.anyio

ELSEWHERE = "cn-shanghai"
OURS, OTHERS = "40001", "40002"


async def refused(call: Awaitable[object]) -> str:
    """The key of what is said of a request that is not allowed."""
    with pytest.raises(CloudError) as caught:
        await call
    assert caught.value.kind is ErrorKind.REFUSED
    return caught.value.sentence.key


def operations(emulator: Emulator) -> list[str]:
    return [entry.operation or "" for entry in emulator.journal.entries]


def instance_in(steering: Steering, workspace_id: str) -> str:
    instance_id = steering.generate(1)[0]
    steering.instance(instance_id, WorkspaceId=workspace_id)
    return instance_id


ASKED: Final[dict[str, Callable[[Cloud], Awaitable[object]]]] = {
    "instances": lambda cloud: cloud.list_instances(ELSEWHERE, InstanceFilter()),
    "workspaces": lambda cloud: cloud.list_workspaces(ELSEWHERE),
    "specs": lambda cloud: cloud.list_ecs_specs(ELSEWHERE, "CPU"),
    "stop": lambda cloud: send(Writer(cloud, operation_id="x"), STOP_INSTANCE, ELSEWHERE, "dsw-12345678"),
}


@pytest.mark.parametrize("asked", ASKED)
async def test_nothing_is_sent_to_another_region(cloud_as: CloudAs, emulator: Emulator, asked: str) -> None:
    async with cloud_as("admin", regions=(REGION,)) as cloud:
        assert await refused(ASKED[asked](cloud)) == "region_not_allowed"
    assert operations(emulator) == []


async def test_all_regions_are_the_allowed_ones(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(regions=(REGION, ELSEWHERE))
    listed = told(await desk.call("modern", None, "list_instances", region_ids=["ALL"]))
    assert listed["region_ids"] == [REGION, ELSEWHERE]
    await desk.call("modern", None, "check_environment", region_ids=["ALL"])
    await desk.call("modern", None, "list_ecs_specs", gpu_type="A10", gpu_count=99)
    assert {entry["region_id"] for entry in desk.steering.requests()} <= {REGION, ELSEWHERE}


async def test_what_is_in_another_workspace_is_left_out_of_lists(cloud_as: CloudAs, steering: Steering) -> None:
    ours, theirs = instance_in(steering, OURS), instance_in(steering, OTHERS)
    async with cloud_as("admin", workspaces=(OURS,)) as cloud:
        listed = await cloud.list_instances(REGION, InstanceFilter())
        counted = await cloud.list_instances(REGION, InstanceFilter(), every_workspace=True)
        workspaces = await cloud.list_workspaces(REGION)
        images = await cloud.list_images(REGION, ImageFilter())
    assert {each.instance_id for each in listed} == {ours}
    assert {each.instance_id for each in counted} == {ours, theirs}
    assert [each.workspace_id for each in workspaces] == [OURS]
    assert images
    assert {each.workspace_id for each in images} <= {None, OURS}


async def test_what_is_in_another_workspace_is_refused_by_id(cloud_as: CloudAs, steering: Steering) -> None:
    theirs = instance_in(steering, OTHERS)
    async with cloud_as("admin", workspaces=(OURS,)) as cloud:
        for call in (
            cloud.get_instance(REGION, theirs),
            cloud.get_workspace(REGION, OTHERS),
            cloud.list_permissions(REGION, OTHERS),
            cloud.list_instances(REGION, InstanceFilter(workspace_id=OTHERS)),
            cloud.list_datasets(REGION, DatasetFilter(workspace_id=OTHERS)),
        ):
            assert await refused(call) == "workspace_not_allowed"


async def test_what_is_in_another_workspace_is_never_changed(cloud_as: CloudAs, steering: Steering) -> None:
    ours, theirs = instance_in(steering, OURS), instance_in(steering, OTHERS)
    new = NewInstance(workspace_id=OTHERS, instance_name="train_1", ecs_spec="ecs.g6.large", image_url="x/y:1")
    async with cloud_as("admin", workspaces=(OURS,)) as cloud:
        stop = send(Writer(cloud, operation_id="x"), STOP_INSTANCE, REGION, theirs)
        assert await refused(stop) == "workspace_not_allowed"
        create = send(Writer(cloud, operation_id="y"), CREATE_INSTANCE, REGION, None, new)
        assert await refused(create) == "workspace_not_allowed"
        assert steering.writes() == []
        steering.instance(ours, Status="Running")
        await send(Writer(cloud, operation_id="z"), STOP_INSTANCE, REGION, ours)
    assert [entry["operation"] for entry in steering.writes()] == ["StopInstance"]


async def test_where_only_some_workspaces_are_allowed_none_is_made(
    cloud_as: CloudAs, emulator: Emulator, new_desk: Callable[..., Desk]
) -> None:
    new = NewWorkspace(workspace_name="vision", description="Vision", env_types=("prod",))
    async with cloud_as("admin", workspaces=(OURS,)) as cloud:
        made = send(Writer(cloud, operation_id="x"), CREATE_WORKSPACE, REGION, None, new)
        assert await refused(made) == "workspace_without_id_not_allowed"
    desk, person = new_desk(workspaces=(OURS,)), Person("yes")
    answer = await desk.call("modern", person, "create_workspace", **new_workspace())
    assert answer.is_error
    assert "--workspaces" in text_of(answer)
    assert person.questions == []
    assert "CreateWorkspace" not in operations(emulator)


async def test_the_limits_are_shown(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(regions=(REGION,), workspaces=(OURS,), max_running=3)
    checks = told(await desk.call("modern", None, "check_environment", region_ids=[REGION]))["checks"]
    shown = next(each["found"] for each in checks if each["name"] == "limits")
    assert shown == f"--max-running 3, --regions {REGION}, --workspaces {OURS}"
