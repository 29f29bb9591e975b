"""What a person is told besides the change: what ids name, who pays and who asks, and what else may exist."""

from collections.abc import Callable
from typing import Any

import pytest
from mcp.client import Client
from mcp_types import CallToolResult, Implementation, TextContent

from pai_dsw_mcp.model.change import Origin
from pai_dsw_mcp.model.sanitize import mask
from pai_dsw_mcp.tools._meanings import meaning_of_spec
from pai_emulator.policy import ACCOUNT_ID
from tests.approval.changes_to_show import ONE_A10, create_a10, create_cpu
from tests.gate.cases import CASES, CPU_SPEC, Case, an_instance, image_for, new_notebook
from tests.support.desk import REGION, Desk, Person, told

pytestmark = pytest.mark.anyio

LOST = {"kind": "lost_reply", "operation": "CreateInstance"}
UNSEEN = {"kind": "list_lag", "seconds": 120}


async def question(desk: Desk, tool: str, **arguments: Any) -> str:
    """What a person is asked who says no."""
    person = Person("no")
    told(await desk.call("modern", person, tool, **arguments))
    return person.questions[0].message


async def test_the_ids_of_a_new_instance_stand_above_what_they_name(desk: Desk) -> None:
    dataset = told(await desk.call("modern", None, "list_datasets", workspace_id="40001"))["datasets"][0]
    mounted = [{"dataset_id": dataset["dataset_id"], "mount_path": "/mnt/data", "mount_access": "RO"}]
    asked = await question(desk, "create_instance", **new_notebook(datasets=mounted))
    lines = asked.splitlines()
    assert lines[lines.index(f"- Machine type: {CPU_SPEC}") + 1] == "  = no GPU, 2 vCPU, 8 GiB memory"
    image = lines[lines.index(f"- Image: {image_for('CPU')}") + 1]
    assert image.startswith("  = modelscope:1.34.0-pytorch2.3.1-cpu")
    assert image.endswith(', "PyTorch 2.3.1", for CPU')
    mount = lines[lines.index(f"- Dataset mount: {dataset['dataset_id']} -> /mnt/data (RO)") + 1]
    assert dataset["name"] in mount
    assert mount.endswith(f", {dataset['data_source_type']}, read only")


@pytest.mark.parametrize(("tool", "status"), [("start_instance", "Stopped"), ("stop_instance", "Running")])
async def test_a_start_and_a_stop_say_what_the_instance_runs_on(desk: Desk, tool: str, status: str) -> None:
    instance_id = an_instance(desk.steering, status)
    image_id = desk.steering.instance(instance_id, ImageId=image_for("CPU"))["ImageId"]
    asked = await question(desk, tool, instance_id=instance_id)
    assert (
        f"· Machine type: {CPU_SPEC}\n  = no GPU, 2 vCPU, 8 GiB memory\n· Image: {image_id}\n  = modelscope:" in asked
    )


async def test_a_stop_says_which_charges_end(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    asked = await question(desk, "stop_instance", instance_id=instance_id)
    assert (
        "! While it is stopping it keeps its compute and costs 0.50 CNY per hour; after that, compute costs nothing."
        in asked.splitlines()
    )


@pytest.mark.parametrize("operation", ["ListEcsSpecs", "GetImage"])
async def test_a_stop_is_asked_about_although_nothing_more_can_be_found_out(desk: Desk, operation: str) -> None:
    instance_id = an_instance(desk.steering, "Running")
    desk.steering.instance(instance_id, ImageId=image_for("CPU"), ImageName="my own")
    desk.steering.faults({"kind": "server_error", "operation": operation, "times": None})
    ended = told(await desk.call("modern", Person("yes"), "stop_instance", instance_id=instance_id))
    assert ended["status"] == "done"


async def test_an_image_that_cannot_be_read_in_time_keeps_nobody_from_stopping(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pai_dsw_mcp.tools._meanings._SECONDS", 0)
    instance_id = an_instance(desk.steering, "Running")
    desk.steering.instance(instance_id, ImageId=image_for("CPU"), ImageName="my own")
    assert '\n  = "my own"\n' in await question(desk, "stop_instance", instance_id=instance_id)


async def test_an_instance_without_spec_and_image_of_its_own_is_stopped(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    desk.steering.instance(instance_id, EcsSpec=None, ImageId=None, ImageUrl=None)
    asked = await question(desk, "stop_instance", instance_id=instance_id)
    assert "It runs on" not in asked


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_who_pays_and_who_asks_is_told(desk: Desk, case: Case) -> None:
    asked = await question(desk, case.tool, **case.arguments(desk.steering))
    lines = asked.splitlines()
    assert lines[1].startswith("EMULATOR")
    assert f"Account that pays: {mask(ACCOUNT_ID)}" in lines
    assert ACCOUNT_ID not in asked
    assert "Credentials from: environment variables · default/env" in lines
    assert next(line for line in lines if line.startswith('AI client: "mcp '))


async def test_a_client_cannot_add_lines_with_its_name(desk: Desk) -> None:
    person = Person("no")
    info = Implementation(name="x\nApproval: AAAA-AAAA", version="1")
    async with Client(desk.server, mode="legacy", elicitation_callback=person, client_info=info) as client:
        await client.call_tool("create_instance", {"region_id": REGION, **new_notebook()})
    assert 'AI client: "x Approval: AAAA-AAAA 1"' in person.questions[0].message.splitlines()


async def test_an_approval_covers_ids_and_not_what_is_told_of_them() -> None:
    told_more = create_a10()
    told_less = told_more.model_copy(update={"meanings": {}, "origin": Origin(), "kept": told_more.parameters[:1]})
    assert told_more.arguments_digest == told_less.arguments_digest


async def test_a_spec_whose_gpu_memory_the_service_does_not_tell_is_told_without_it() -> None:
    told_of = meaning_of_spec(ONE_A10.model_copy(update={"gpu_memory": None}))
    assert [part.key for part in told_of] == [
        part.key for part in meaning_of_spec(ONE_A10) if "gpu_memory" not in part.key
    ]


async def test_the_account_is_asked_for_once(desk: Desk) -> None:
    for name in ("train_1", "train_2"):
        await question(desk, "create_instance", **new_notebook(instance_name=name))
    assert [each["operation"] for each in desk.steering.requests()].count("GetCallerIdentity") == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "server_error", "times": None},
        {"kind": "damaged_reply", "damage": "truncated"},
        {"kind": "delay", "seconds": 5},
    ],
    ids=["fails", "makes no sense", "takes too long"],
)
async def test_an_account_that_is_not_found_out_in_time_is_unknown_and_keeps_nobody_from_approving(
    desk: Desk, fault: dict[str, Any]
) -> None:
    desk.services.account_patience = 0.2
    desk.steering.faults({**fault, "operation": "GetCallerIdentity"})
    person = Person("yes")
    for name in ("train_1", "train_2"):
        ended = told(await desk.call("modern", person, "create_instance", **new_notebook(instance_name=name)))
        assert ended["status"] == "done"
        assert "Account that pays: unknown" in person.questions[-1].message.splitlines()


async def test_an_account_that_was_not_found_out_is_asked_for_again_after_a_minute(
    new_desk: Callable[..., Desk],
) -> None:
    clock = [1_000_000.0]
    desk = new_desk(now=lambda: clock[0])
    desk.steering.faults({"kind": "damaged_reply", "damage": "truncated", "operation": "GetCallerIdentity"})
    lines: list[str] = []
    for seconds, name in ((0, "train_1"), (59, "train_2"), (1, "train_3")):
        clock[0] += seconds
        asked = await question(desk, "create_instance", **new_notebook(instance_name=name))
        lines += [line for line in asked.splitlines() if line.startswith("Account that pays")]
    assert lines == ["Account that pays: unknown"] * 2 + [f"Account that pays: {mask(ACCOUNT_ID)}"]


@pytest.mark.parametrize(
    ("spot", "price"),
    [({}, "0.50"), ({"spot_strategy": "SpotWithPriceLimit", "spot_price_limit": 0.2}, "at most 0.20")],
    ids=["plain", "spot"],
)
async def test_a_create_says_which_other_create_may_exist_whatever_its_name(
    new_desk: Callable[..., Desk], spot: dict[str, Any], price: str
) -> None:
    clock = [1_000_000.0]
    desk = new_desk(now=lambda: clock[0])
    desk.steering.faults(LOST, UNSEEN)
    nb9 = new_notebook(instance_name="nb9", **spot)
    first = told(await desk.call("modern", Person("yes"), "create_instance", **nb9))
    assert first["status"] == "unknown"
    clock[0] += 300
    warning = f"! nb9, sent 5 minutes ago, may exist and cost {price} CNY per hour."
    asked = await question(desk, "create_instance", **new_notebook(instance_name="nb9b"))
    assert warning in asked.splitlines()
    # Nobody has told the person yet, although this call can see that it exists.
    desk.steering.advance(130)
    asked = await question(desk, "create_instance", **new_notebook(instance_name="nb9c"))
    assert warning in asked.splitlines()
    asked = await question(desk, "create_instance", **new_notebook(instance_name="nb9d"))
    assert "nb9," not in asked


async def test_another_create_that_nobody_finished_may_exist_too_whatever_it_costs(desk: Desk) -> None:
    journal, change = desk.services.journal, create_cpu().model_copy(update={"price": None})
    approval = await journal.ask(
        principal=(await desk.services.cloud.identity()).principal,
        tool=change.action,
        arguments_digest="d1",
        change=change,
        channel="page",
        channels=frozenset({"page"}),
    )
    await journal.decide(approval.approval_id, approve=True, channel="page")
    await journal.begin(
        approval_id=approval.approval_id,
        operation_id="op-1",
        fingerprint=change.fingerprint,
        scope=change.scope,
        deadline_seconds=0.0,
        channels=frozenset({"page"}),
    )
    asked = await question(desk, "create_instance", **new_notebook())
    assert "! notes, sent less than a minute ago, may exist and cost money." in asked.splitlines()


def ends(answer: CallToolResult) -> str:
    """The last line that the model reads."""
    (content,) = answer.content
    assert isinstance(content, TextContent)
    return content.text.splitlines()[-1]


async def test_the_answers_of_an_emulator_are_marked(desk: Desk) -> None:
    answer = await desk.call("modern", None, "list_workspaces")
    assert (answer.structured_content or {})["cloud"] == "emulator"
    assert ends(answer) == "cloud: emulator"
    failed = await desk.call("modern", None, "get_instance", instance_id="dsw-nosuchthing")
    refused = await desk.call("modern", None, "list_workspaces", no_such_argument=1)
    for error in (failed, refused):
        assert error.is_error
        assert ends(error) == "cloud: emulator"
    async with desk.client("legacy", None) as client:
        assert (client.instructions or "").startswith("EMULATOR")
