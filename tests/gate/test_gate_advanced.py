"""The parameters of the toolset `advanced`: what they send, what a person is told, and what is refused first."""

from typing import Any

import pytest

from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.scrub import holds_secret
from pai_dsw_mcp.tools._advanced import owner_found
from pai_emulator.policy import USER_IDS
from pai_emulator.serve import Emulator
from tests.gate.cases import GPU_SPEC, an_instance, image_for, new_notebook
from tests.support.desk import REGION, Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

VPC = "vpc-mine1234"
SPOT = {"spot_strategy": "SpotWithPriceLimit", "spot_price_limit": 0.2}


async def write(desk: Desk, tool: str, **arguments: Any) -> tuple[dict[str, Any], str, dict[str, Any]]:
    """The answer after a yes, what the person was shown, and the body that was sent."""
    person = Person("yes")
    answer = told(await desk.call("modern", person, tool, **arguments))
    (sent,) = desk.steering.writes()
    return answer, person.questions[0].message, sent["parameters"]


async def create(desk: Desk, **changed: Any) -> tuple[dict[str, Any], str, dict[str, Any]]:
    return await write(desk, "create_instance", **new_notebook(**changed))


async def refused(desk: Desk, tool: str, **arguments: Any) -> str:
    person = Person("yes")
    answer = await desk.call("modern", person, tool, **arguments)
    assert answer.is_error
    assert (person.questions, desk.steering.writes()) == ([], [])
    return text_of(answer)


async def refused_new(desk: Desk, **changed: Any) -> str:
    return await refused(desk, "create_instance", **new_notebook(**changed))


async def test_everything_is_sent_as_it_was_shown(desk: Desk) -> None:
    answer, asked, sent = await create(
        desk,
        ecs_spec=GPU_SPEC,
        image_id=image_for("GPU"),
        disk_gib=200,
        driver="535.54.03",
        vpc_id=VPC,
        extended_cidrs=["192.168.0.0/16", "10.0.0.0/8"],
        default_route="eth1",
        tags=[{"key": "cost", "value": "7"}],
        user_command="pip install vllm==0.5\njupyter labextension list",
        **SPOT,
    )
    assert answer["status"] == "done"
    assert sent["CloudDisks"] == [{"Capacity": "200Gi", "SubType": "rootfs"}]
    assert sent["SpotSpec"] == {"SpotStrategy": "SpotWithPriceLimit", "SpotPriceLimit": "0.2"}
    assert (sent["Driver"], sent["Tag"]) == ("535.54.03", [{"Key": "cost", "Value": "7"}])
    assert sent["UserVpc"] == {"VpcId": VPC, "ExtendedCIDRs": ["10.0.0.0/8", "192.168.0.0/16"], "DefaultRoute": "eth1"}
    assert sent["UserCommand"] == {"OnStart": {"Content": "pip install vllm==0.5\njupyter labextension list"}}
    for shown in ("Capacity=200Gi", "535.54.03", "cost=7", "SpotStrategy=SpotWithPriceLimit", "SpotPriceLimit=0.2"):
        assert shown in asked
    for shown in (
        "pip install vllm==0.5",
        "jupyter labextension list",
        "eth1",
        "10.0.0.0/8",
        "at most 0.2 CNY per hour",
    ):
        assert shown in asked
    for said in ("also while the instance is stopped", "take the machine back", "at each start"):
        assert said in asked


@pytest.mark.parametrize(("size", "said"), [(30, None), (60, "may be larger"), (200, "beyond the free 100 GiB")])
async def test_a_disk_says_what_it_costs(desk: Desk, size: int, said: str | None) -> None:
    _, asked, _ = await create(desk, disk_gib=size)
    assert ("charged by size" in asked) == (said is not None)
    assert said is None or said in asked


async def test_spot_without_a_limit_costs_what_the_market_wants(desk: Desk) -> None:
    _, asked, sent = await create(desk, spot_strategy="SpotAsPriceGo")
    assert sent["SpotSpec"] == {"SpotStrategy": "SpotAsPriceGo"}
    assert "without a limit" in asked


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"spot_strategy": "SpotWithPriceLimit"}, "spot_price_limit goes with"),
        ({"spot_strategy": "SpotAsPriceGo", "spot_price_limit": 1}, "spot_price_limit goes with"),
        ({"spot_price_limit": 1}, "spot_price_limit goes with"),
        ({"spot_strategy": "SpotWithPriceLimit", "spot_price_limit": 999}, "limits nothing"),
        ({"driver": "535.54.03"}, "this one has none"),
        ({"driver": "latest"}, "535.54.03"),
        ({"extended_cidrs": ["192.168.0.0/16"]}, "go with vpc_id"),
        ({"default_route": "eth0"}, "go with vpc_id"),
        ({"vpc_id": VPC, "extended_cidrs": ["everything"]}, "192.168.0.0/16"),
        ({"tags": [{"key": "acs:x"}]}, "reserved"),
        ({"user_id": "developer"}, "digits"),
        ({"user_command": "export TOKEN=hunter2"}, "--env-file"),
        ({"user_command": "a\tb"}, "no tabs"),
        ({"user_command": "x" * 2001}, "2000"),
        ({"disk_gib": 10}, "30"),
    ],
    ids=str,
)
async def test_what_cannot_be_right_is_refused_before_anybody_is_asked(
    desk: Desk, changed: dict[str, Any], words: str
) -> None:
    assert words in await refused_new(desk, **changed)


async def test_spot_is_refused_where_there_is_none_and_on_a_quota(desk: Desk, emulator: Emulator) -> None:
    emulator.world.region(REGION).ecs_specs["ecs.g6.large"]["SpotStockStatus"] = "NoStock"
    assert "cannot be had as spot" in await refused_new(desk, **SPOT)
    share = {"resource_id": "quota40001", "requested_resource": {"cpu": "4", "memory": "16GB"}}
    assert "not on a resource quota" in await refused_new(desk, ecs_spec=None, **share, **SPOT)


async def test_a_spec_without_a_price_has_its_limit_told_all_the_same(desk: Desk, emulator: Emulator) -> None:
    emulator.world.region(REGION).ecs_specs["ecs.g6.large"].pop("Price")
    _, asked, _ = await create(desk, **SPOT)
    assert "at most 0.2" in asked


@pytest.mark.parametrize(
    ("command", "is_secret"),
    [
        ("pip install -r /mnt/workspace/projects/requirements/base.txt", False),
        ("export PATH=/mnt/workspace/miniconda3/envs/train/bin:$PATH", False),
        ("HF_TOKEN=$HF_TOKEN python run.py", False),
        ('curl -H "Authorization: Bearer ${TOKEN}" https://example.com', False),
        ("wandb_api_key=abc123 python run.py", True),
        ("mysql --password=hunter2", True),
        ("git clone https://me:pass@example.com/repo.git", True),
        ("git clone https://me:pa%73s%40example.com/repo.git", True),
        ("aliyun configure set LTAI5tAbCdEfGhIjKlMn", True),
        ('curl -H "Authorization: Bearer abcdef"', True),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc", True),
    ],
    ids=str,
)
def test_a_value_of_a_secret_is_told_from_the_name_of_a_variable(command: str, is_secret: bool) -> None:
    assert holds_secret(command) is is_secret


async def test_an_owner_is_shown_by_name_and_read_back(desk: Desk) -> None:
    answer, asked, sent = await create(desk, user_id=USER_IDS["developer"])
    assert sent["UserId"] == USER_IDS["developer"]
    assert "Wu Developer" in asked
    assert "ignores this without a word" in asked
    assert answer["status"] == "done"
    assert "the owner is de****er" in answer["message"]


async def test_an_owner_that_was_ignored_is_told_as_not_done(desk: Desk, emulator: Emulator) -> None:
    for workspace in emulator.world.region(REGION).workspaces.values():
        workspace["Members"][USER_IDS["admin"]] = ["PAI.AlgoDeveloper"]
    answer, _, sent = await create(desk, user_id=USER_IDS["developer"])
    assert sent["UserId"] == USER_IDS["developer"]
    assert answer["status"] == "partly_done"
    assert "NOT the owner" in answer["message"]
    assert answer["instance_id"]


def test_an_owner_who_cannot_be_read_back_is_not_claimed() -> None:
    nobodys = Instance(region_id=REGION, instance_id="dsw-1", instance_name="train_1", status="Creating")
    found = owner_found(USER_IDS["developer"], nobodys)
    assert not found.is_so
    assert "could NOT be read back" in found.told


async def test_an_owner_outside_the_workspace_is_remarked(desk: Desk) -> None:
    person = Person("no")
    await desk.call("modern", person, "create_instance", **new_notebook(user_id="200000000000000099"))
    assert "not found among the members" in person.questions[0].message


async def test_an_owner_whose_name_cannot_be_read_keeps_nobody_from_deciding(desk: Desk, emulator: Emulator) -> None:
    emulator.world.policies["admin"] = {"rights": ["*"], "denied": ["paiworkspace:ListMembers"]}
    _, asked, _ = await create(desk, user_id=USER_IDS["developer"])
    assert "Wu Developer" not in asked


async def test_a_name_with_another_disk_or_tag_is_not_the_same_settings(desk: Desk) -> None:
    await create(desk, disk_gib=200, tags=[{"key": "cost", "value": "7"}])

    async def again(**changed: Any) -> Any:
        return await desk.call("modern", Person("no"), "create_instance", **new_notebook(**changed))

    assert told(await again(disk_gib=200, tags=[{"key": "cost", "value": "7"}]))["status"] == "nothing_to_do"
    assert "CloudDisks" in told(await again())["message"]
    for changed, words in (
        ({"disk_gib": 300}, "CloudDisks"),
        ({"tags": [{"key": "cost", "value": "8"}]}, "Tag"),
        (SPOT, "the same SpotSpec cannot be told"),
        ({"user_command": "ls"}, "the same UserCommand cannot be told"),
        ({"driver": "535.54.03"}, "Driver"),
        ({"user_id": USER_IDS["developer"]}, "somebody else"),
    ):
        answer = await again(**changed)
        assert answer.is_error
        assert words in text_of(answer)
    assert len(desk.steering.writes()) == 1


async def test_what_the_service_does_not_show_is_known_of_what_was_sent_from_here(desk: Desk) -> None:
    await create(desk, user_command="ls", **SPOT)
    same = told(await desk.call("modern", None, "create_instance", **new_notebook(user_command="ls", **SPOT)))
    assert same["status"] == "nothing_to_do"
    other = await desk.call("modern", None, "create_instance", **new_notebook(user_command="rm -r /", **SPOT))
    assert other.is_error
    assert "differs in UserCommand (by what was approved here)" in text_of(other)
    assert "SpotSpec" not in text_of(other)


async def test_an_update_sends_what_differs_and_says_what_it_replaces_unseen(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, CloudDisks=[{"Capacity": "100GB", "SubType": "rootfs"}])
    answer, asked, sent = await write(
        desk,
        "update_instance",
        instance_id=instance_id,
        disk_gib=300,
        user_command="ls",
        user_id=USER_IDS["developer"],
        **SPOT,
    )
    assert sent["CloudDisks"] == [{"Capacity": "300Gi", "SubType": "rootfs"}]
    assert (sent["SpotSpec"]["SpotPriceLimit"], sent["UserCommand"]["OnStart"]["Content"]) == ("0.2", "ls")
    assert sent["UserId"] == USER_IDS["developer"]
    for said in ("Capacity=100GB", "new terms replace", "new one replaces", "Wu Developer", "charged by size"):
        assert said in asked
    assert "Read back" in answer["message"]


async def test_a_disk_of_the_same_size_is_not_sent_and_a_smaller_one_refused(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, CloudDisks=[{"Capacity": "100GB", "SubType": "rootfs"}])
    same = told(await desk.call("modern", None, "update_instance", instance_id=instance_id, disk_gib=100))
    assert same["status"] == "nothing_to_do"
    assert "never smaller" in await refused(desk, "update_instance", instance_id=instance_id, disk_gib=50)


async def test_the_order_of_address_ranges_makes_no_difference(desk: Desk) -> None:
    ranges = ["192.168.0.0/16", "10.0.0.0/8"]
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, UserVpc={"VpcId": VPC, "ExtendedCIDRs": ranges, "DefaultRoute": "eth1"})
    wanted = {"instance_id": instance_id, "vpc_id": VPC, "extended_cidrs": ranges}
    assert told(await desk.call("modern", None, "update_instance", **wanted))["status"] == "nothing_to_do"
    _, asked, sent = await write(desk, "update_instance", **wanted, default_route="eth0")
    assert (sent["UserVpc"]["DefaultRoute"], "eth1" in asked) == ("eth0", True)


async def test_disk_and_command_need_a_stopped_instance_and_the_owner_does_not(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    text = await refused(desk, "update_instance", instance_id=instance_id, disk_gib=300, user_command="ls")
    assert "CloudDisks, UserCommand" in text
    answer, _, _ = await write(desk, "update_instance", instance_id=instance_id, user_id=USER_IDS["developer"])
    assert answer["status"] == "done"


async def test_what_an_instance_has_is_shown_in_full(desk: Desk) -> None:
    await create(desk, disk_gib=200, tags=[{"key": "cost", "value": "7"}], vpc_id=VPC, default_route="eth0")
    (found,) = told(await desk.call("modern", None, "list_instances"))["instances"]
    shown = told(await desk.call("modern", None, "get_instance", instance_id=found["instance_id"], detail="full"))
    assert (shown["system_disk"], shown["tags"], shown["default_route"]) == ("200 GiB", {"cost": "7"}, "eth0")


async def an_instance_on_a_quota(desk: Desk, status: str) -> str:
    instance_id = an_instance(desk.steering, status)
    share = {"CPU": "4", "GPU": "0", "Memory": "16GB"}
    desk.steering.instance(instance_id, ResourceId="quota40001", RequestedResource=share, EcsSpec=None)
    return instance_id


async def test_an_update_on_a_quota_tells_its_terms_and_no_price(desk: Desk) -> None:
    instance_id = await an_instance_on_a_quota(desk, "Stopped")
    person = Person("no")
    arguments = {"instance_id": instance_id, "accessibility": "PUBLIC", "start_after": True}
    answer = told(await desk.call("modern", person, "update_instance", **arguments))
    asked = person.questions[0].message
    for said in ("research_quota", "no price per hour", "4 vCPU (64 free)", "keeps what it takes"):
        assert said in asked
    assert "charged from the start" not in asked
    assert "price_per_hour" not in answer["change"]
    assert "instance_name" not in person.questions[0].model_dump(by_alias=True)["requestedSchema"]["properties"]


async def test_an_instance_on_a_quota_cannot_get_a_spec_or_become_spot(desk: Desk) -> None:
    instance_id = await an_instance_on_a_quota(desk, "Stopped")
    for changed in ({"ecs_spec": "ecs.g6.large"}, SPOT):
        assert "quota40001" in await refused(desk, "update_instance", instance_id=instance_id, **changed)
