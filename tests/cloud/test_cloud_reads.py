"""Every read, against the emulator."""

import pytest

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError, ErrorKind, InputError
from pai_dsw_mcp.model.catalogue import DatasetFilter, ImageFilter
from pai_dsw_mcp.model.change import OPERATION_LABEL
from pai_dsw_mcp.model.instance import DatasetMount, InstanceFilter, Label, NewInstance, UserVpc
from pai_dsw_mcp.model.writes import CREATE_INSTANCE, START_INSTANCE
from pai_emulator.serve import Emulator
from tests.cloud.conftest import CloudAs
from tests.cloud.loopback import Loopback, reply
from tests.support.writes import send

pytestmark = pytest.mark.anyio
REGION = "cn-hangzhou"


async def test_specs_come_with_price_and_availability_and_all_pages(cloud: Cloud) -> None:
    specs = await cloud.list_ecs_specs(REGION, "GPU")
    assert len(specs) > 10
    assert {spec.accelerator_type for spec in specs} == {"GPU"}
    assert all(spec.price and spec.currency == "CNY" and spec.gpu for spec in specs)


async def test_a_spec_is_found_whatever_its_kind(cloud: Cloud, emulator: Emulator) -> None:
    small = await cloud.find_ecs_spec(REGION, "ecs.g6.large")
    assert small is not None
    assert (small.accelerator_type, small.cpu, small.gpu, small.gpu_type) == ("CPU", 2, 0, None)
    large = await cloud.find_ecs_spec(REGION, "ecs.gn6v-c8g1.2xlarge")
    assert large is not None
    assert large.accelerator_type == "GPU"
    assert await cloud.find_ecs_spec(REGION, "ecs.g6") is None
    assert {entry.parameters["AcceleratorType"] for entry in emulator.journal.entries} == {"CPU", "GPU"}


async def test_workspaces_are_listed_named_and_read(cloud: Cloud) -> None:
    workspaces = await cloud.list_workspaces(REGION)
    assert [workspace.workspace_name for workspace in workspaces] == ["research", "production"]
    assert await cloud.list_workspaces(REGION, name="resea") == (workspaces[0],)
    read = await cloud.get_workspace(REGION, workspaces[0].workspace_id)
    assert read.owner_name == "admin"
    assert read.resource_group_id == workspaces[0].resource_group_id


async def test_products_say_whether_they_are_bought(cloud: Cloud) -> None:
    (product,) = await cloud.list_products(REGION, ("PAI_share",))
    assert product.is_purchased
    assert product.purchase_url is not None


async def test_images_come_with_labels_and_filters_combine(cloud: Cloud) -> None:
    every = await cloud.list_images(REGION, ImageFilter())
    wanted = (Label(key="system.chipType", value="CPU"), Label(key="system.official", value="true"))
    some = await cloud.list_images(REGION, ImageFilter(labels=wanted))
    assert 0 < len(some) < len(every)
    assert {image.label("system.chipType") for image in some} == {"CPU"}
    image = await cloud.get_image(REGION, some[0].image_id)
    assert image == some[0]


async def test_datasets_are_those_of_the_workspace_and_carry_their_mount_path(cloud: Cloud) -> None:
    wanted = DatasetFilter(workspace_id="40001", data_source_types=("NAS", "OSS"), name="training")
    (dataset,) = await cloud.list_datasets(REGION, wanted)
    assert dataset.default_mount_path == "/mnt/data/training_corpus/"
    assert await cloud.get_dataset(REGION, dataset.dataset_id) == dataset


async def test_an_instance_reads_back_as_it_was_made(cloud: Cloud, emulator: Emulator) -> None:
    (dataset, *_) = await cloud.list_datasets(REGION, DatasetFilter(workspace_id="40001"))
    (image, *_) = await cloud.list_images(REGION, ImageFilter(labels=(Label(key="system.chipType", value="CPU"),)))
    mark = Label(key=OPERATION_LABEL, value="K7Q2-9MTX")
    mount = DatasetMount(dataset_id=dataset.dataset_id, mount_path="/mnt/data", mount_access="RO")
    vpc = UserVpc(vpc_id="vpc-1", v_switch_id="vsw-1", security_group_id="sg-1", extended_cidrs=("192.168.0.0/24",))
    new = NewInstance(
        workspace_id="40001",
        instance_name="reads_back",
        ecs_spec="ecs.g6.large",
        image_id=image.image_id,
        accessibility="PUBLIC",
        datasets=(mount,),
        user_vpc=vpc,
    )
    instance_id = await send(Writer(cloud, operation_id="K7Q2-9MTX"), CREATE_INSTANCE, REGION, None, new) or ""
    made = await cloud.get_instance(REGION, instance_id)
    assert made.status == "Creating"
    assert (made.region_id, made.instance_name, made.ecs_spec) == (REGION, "reads_back", "ecs.g6.large")
    assert (made.accessibility, made.accelerator_type, made.image_id) == ("PUBLIC", "CPU", image.image_id)
    assert (made.labels, made.user_vpc) == ((mark,), vpc)
    assert [(kept.dataset_id, kept.mount_path, kept.mount_access) for kept in made.datasets] == [
        (dataset.dataset_id, "/mnt/data", "RO")
    ]
    assert await cloud.list_instances(REGION, InstanceFilter(labels=(mark,))) == (made,)
    emulator.clock.advance(600)
    running = await cloud.get_instance(REGION, instance_id)
    assert running.status == "Running"
    assert running.instance_url is not None
    assert running.running_milliseconds


async def test_filters_travel_in_the_units_of_the_api(cloud: Cloud, emulator: Emulator) -> None:
    wanted = InstanceFilter(
        workspace_id="40001",
        min_cpu=2,
        max_gpu=0.5,
        min_memory=4,
        max_gpu_memory=16.5,
        created_after="2026-01-01T00:00:00Z",
        created_before="2026-12-31T00:00:00Z",
        status="Running",
        sort_by="GmtCreateTime",
    )
    assert await cloud.list_instances(REGION, wanted) == ()
    sent = emulator.journal.entries[-1].parameters
    assert sent == {
        "WorkspaceId": "40001",
        "ResourceId": "ALL",
        "MinCpu": "2000",
        "MaxGpu": "500",
        "MinMemory": "4",
        "MaxGpuMemory": "16.5",
        "CreateTimeAfter": "2026-01-01T00:00:00Z",
        "CreateTimeBefore": "2026-12-31T00:00:00Z",
        "Status": "Running",
        "SortBy": "GmtCreateTime",
        "Order": "DESC",
        "PageNumber": "1",
        "PageSize": "100",
    }


async def test_thousands_of_instances_are_listed_whole(cloud: Cloud, emulator: Emulator) -> None:
    emulator.world.generate_instances(REGION, 2_350)
    found = await cloud.list_instances(REGION, InstanceFilter())
    assert len({instance.instance_id for instance in found}) == len(found) == 2_350


async def test_each_region_is_asked_at_its_own_host(cloud: Cloud, emulator: Emulator) -> None:
    await cloud.list_workspaces("ap-southeast-5")
    await cloud.list_ecs_specs("cn-guangzhou", "CPU")
    assert {(entry.product, entry.region_id) for entry in emulator.journal.entries} == {
        ("aiworkspace", "ap-southeast-5"),
        ("pai-dsw", "cn-guangzhou"),
    }


async def test_a_region_without_workspaces_is_named_before_anything_is_sent(cloud: Cloud, emulator: Emulator) -> None:
    with pytest.raises(InputError, match="not offered in `me-central-1`"):
        await cloud.list_workspaces("me-central-1")
    assert await cloud.list_ecs_specs("me-central-1", "CPU")
    assert {entry.operation for entry in emulator.journal.entries} == {"ListEcsSpecs"}


async def test_what_does_not_exist_is_not_found(cloud: Cloud) -> None:
    for missing in (
        cloud.get_instance(REGION, "dsw-00000000"),
        cloud.get_workspace(REGION, "99999"),
        cloud.get_image(REGION, "image-00000000"),
        cloud.get_dataset(REGION, "d-00000000"),
    ):
        with pytest.raises(CloudError) as caught:
            await missing
        assert caught.value.kind is ErrorKind.NOT_FOUND
        assert caught.value.request_id


async def test_a_missing_right_is_named_even_where_the_service_calls_it_not_found(
    cloud_as: CloudAs, emulator: Emulator
) -> None:
    async with cloud_as("viewer") as cloud:
        with pytest.raises(CloudError) as caught:
            await send(Writer(cloud, operation_id="x"), START_INSTANCE, REGION, "dsw-00000000")
    assert caught.value.kind is ErrorKind.PERMISSION_DENIED
    assert caught.value.outcome == "none"
    assert "paidsw:StartInstance" in caught.value.explain()


async def test_the_permission_points_of_the_caller_are_read_whole(cloud_as: CloudAs) -> None:
    async with cloud_as("viewer") as cloud:
        points = await cloud.list_permissions(REGION, "40001")
    assert "PaiWorkspace:GetWorkspace" in points
    assert "PaiDSW:StartInstance" not in points
    short = {"Permissions": [{"PermissionCode": "PaiDSW:GetInstance", "PermissionRules": None}], "TotalCount": 2}
    async with Loopback(reply(short)) as server, server.cloud() as cloud:
        with pytest.raises(CloudError) as caught:
            await cloud.list_permissions(REGION, "40001")
    assert caught.value.kind is ErrorKind.LIST_UNVERIFIED


@pytest.mark.parametrize("date", [None, "yesterday", "Thu, 01 Jan 99999999999999999999 00:00:00 GMT"])
async def test_a_reply_without_a_date_says_nothing_of_the_clock(date: str | None) -> None:
    dated = {} if date is None else {"date": date}
    async with Loopback(reply({"Products": []}, 200, **dated)) as server, server.cloud() as cloud:
        await cloud.list_products(REGION, ())
        assert await cloud.clock_skew() is None


async def test_identity_is_a_name_without_a_secret(cloud_as: CloudAs, emulator: Emulator) -> None:
    async with cloud_as("admin") as one, cloud_as("viewer") as other:
        first, again, second = await one.identity(), await one.identity(), await other.identity()
    assert first == again
    assert first.principal != second.principal
    user = emulator.user("admin")
    assert user.access_key_id not in repr(first)
    assert user.access_key_secret not in repr(first)


async def test_wrong_secrets_are_an_error_of_credentials(emulator: Emulator) -> None:
    key = (emulator.user("admin").access_key_id, "wrong-secret")
    async with Cloud(CloudOptions(endpoint=emulator.url, test_access_key=key)) as cloud:
        with pytest.raises(CloudError) as caught:
            await cloud.list_workspaces(REGION)
    assert caught.value.kind is ErrorKind.CREDENTIALS_INVALID
    assert caught.value.code == "SignatureDoesNotMatch"
    assert emulator.user("admin").access_key_id not in caught.value.explain() + repr(vars(caught.value))
