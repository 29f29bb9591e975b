"""A write: one transmission, one use, only what was asked for, and the truth about what became of it."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from alibabacloud_pai_dsw20220101.models import StopInstanceRequest

import pai_dsw_mcp.cloud.writer
from pai_dsw_mcp.cloud.calls import RUNTIME, DswCall
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.operations import OPERATIONS, WriteToken
from pai_dsw_mcp.cloud.write_replies import WriteReply
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError, ErrorKind, InputError
from pai_dsw_mcp.model.auto_stop import IdleRule, ShutdownTimer
from pai_dsw_mcp.model.change import OPERATION_LABEL
from pai_dsw_mcp.model.instance import DatasetMount, InstanceChanges, InstanceFilter, NewInstance, UserVpc
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.model.writes import CREATE_INSTANCE, START_INSTANCE, STOP_INSTANCE, UPDATE_INSTANCE, WRITES, Request
from pai_emulator.faults.model import DamagedReply, LostReply, Reset, ServerError, Throttle
from pai_emulator.serve import Emulator
from tests.cloud.conftest import CloudAs
from tests.cloud.loopback import Answer, Loopback, dsw, hang, http, raw, reply, reset
from tests.support.writes import send

pytestmark = pytest.mark.anyio
REGION, INSTANCE_ID = "cn-hangzhou", "dsw-12345678"
NEW = NewInstance(
    workspace_id="40001",
    instance_name="one_write",
    ecs_spec="ecs.g6.large",
    image_url="dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1.34.0-pytorch2.3.1-cpu-py311-ubuntu22.04",
)


def writer(cloud: Cloud) -> Writer:
    return Writer(cloud, operation_id="op")


REQUESTS: dict[str, Value] = {
    "CreateInstance": NEW,
    "UpdateInstance": InstanceChanges(instance_name="other"),
    "CreateIdleInstanceCuller": IdleRule(max_idle_time_in_minutes=60, cpu_percent_threshold=10),
    "CreateInstanceShutdownTimer": ShutdownTimer(remaining_time_in_ms=3_600_000),
}


async def each_write(cloud: Cloud, name: str) -> object:
    spec, write = next((spec, each) for spec in WRITES.values() for each in spec.requests if each.operation == name)
    target_id = None if spec.creates else INSTANCE_ID
    request = Request(write, REQUESTS.get(name), {"instance_id": INSTANCE_ID})
    return await writer(cloud).send(spec, REGION, target_id, (request,))


NAMES = sorted({each.operation for spec in WRITES.values() if spec.target == "instance" for each in spec.requests})


def test_no_write_deletes_what_holds_work() -> None:
    deleting = {row.name.removeprefix("Delete") for row in OPERATIONS.values() if row.method == "DELETE"}
    assert deleting == {"IdleInstanceCuller", "InstanceShutdownTimer", "InstanceLabels", "Members", "RemoveMemberRole"}


BREAKING: dict[str, Answer] = {
    "closed before the reply": raw(b""),
    "reset": reset,
    "closed amid the reply": raw(http(200, b'{"Success": true, "InstanceId": "dsw-1')[:-10]),
    "no HTTP at all": raw(b"garbage\r\n\r\n"),
    "no answer in time": hang,
    "500 in JSON": reply({"Code": "InternalError", "Message": "failed"}, 500),
    "503 as HTML": raw(http(503, b"<html>")),
    "409": reply({"Code": "Conflict", "Message": "busy"}, 409),
    "429": reply({"Code": "Throttling.User", "Message": "slow down"}, 429, retry_after="0"),
    "408": reply({"Code": "Timeout", "Message": "slow"}, 408),
    "404 without a code": raw(http(404, b"not here")),
    "200 that says no": reply({"Success": False, "Code": "InternalError", "Message": "failed"}),
    "200 that says nothing": reply(None),
    "200 about nothing": reply({}),
    "204": reply({}, 204),
    "299": reply({"Code": "x"}, 299),
    "success as a string": reply({"Success": "true", "InstanceId": INSTANCE_ID}),
    "another instance": dsw({"InstanceId": "../../evil"}),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("breaking", BREAKING)
async def test_a_write_is_transmitted_once_and_its_outcome_is_unknown_after(name: str, breaking: str) -> None:
    seconds = 0.5 if breaking == "no answer in time" else 30.0
    breaks = Loopback(BREAKING[breaking])
    async with breaks as server, server.cloud(write_timeout=seconds) as cloud, asyncio.timeout(20):
        await cloud.identity()
        with pytest.raises(CloudError) as caught:
            await each_write(cloud, name)
    assert [received.operation for received in server.received] == [name]
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_refusal_with_a_code_means_that_nothing_happened(name: str, status: int) -> None:
    refusing = reply({"Code": "ValidationError", "Message": "no"}, status)
    async with Loopback(refusing) as server, server.cloud() as cloud:
        with pytest.raises(CloudError) as caught:
            await each_write(cloud, name)
    assert len(server.received) == 1
    assert caught.value.outcome == "none"
    assert caught.value.code == "ValidationError"


async def test_a_connection_that_never_stood_means_that_nothing_happened() -> None:
    async with Loopback(dsw({})) as server:
        pass
    async with server.cloud() as cloud:
        with pytest.raises(CloudError) as caught:
            await send(writer(cloud), CREATE_INSTANCE, REGION, None, NEW)
    assert caught.value.kind is ErrorKind.UNREACHABLE
    assert caught.value.outcome == "none"


@pytest.mark.parametrize("name", NAMES)
async def test_a_write_never_rides_on_a_connection_that_was_kept(name: str) -> None:
    reading = dsw({"InstanceId": INSTANCE_ID, "InstanceName": "x", "Status": "Stopped"})
    async with Loopback(reading) as server, server.cloud() as cloud:
        await cloud.get_instance(REGION, INSTANCE_ID)
        await cloud.get_instance(REGION, INSTANCE_ID)
        assert server.connections == 1
        await each_write(cloud, name)
        await each_write(cloud, name)
    assert server.connections == 3


async def test_a_writer_writes_once(cloud: Cloud, emulator: Emulator) -> None:
    one = writer(cloud)
    await send(one, CREATE_INSTANCE, REGION, None, NEW)
    for again in (
        send(one, CREATE_INSTANCE, REGION, None, NEW),
        send(one, START_INSTANCE, REGION, INSTANCE_ID),
        send(one, STOP_INSTANCE, REGION, INSTANCE_ID),
        send(one, UPDATE_INSTANCE, REGION, INSTANCE_ID, InstanceChanges()),
    ):
        with pytest.raises(CloudError) as caught:
            await again
        assert caught.value.kind is ErrorKind.REFUSED
    assert [entry.operation for entry in emulator.journal.entries if entry.write] == ["CreateInstance"]


async def test_nothing_is_written_without_a_token_or_with_a_spent_or_foreign_one(
    cloud: Cloud, emulator: Emulator
) -> None:
    sdk = await cloud.sdk()
    spent, foreign = WriteToken("StopInstance"), WriteToken("StartInstance")
    assert spent.spend("StopInstance")
    for token in (None, spent, foreign):
        call = DswCall(sdk.caller, REGION, WriteReply, token)
        with pytest.raises(CloudError) as caught:
            await call.stop_instance_with_options_async(INSTANCE_ID, StopInstanceRequest(), {}, RUNTIME)
        assert caught.value.kind is ErrorKind.REFUSED
    assert not emulator.journal.entries


@pytest.mark.parametrize("name", NAMES)
async def test_a_read_only_cloud_sends_no_write_whatever_the_token(
    name: str, cloud_as: CloudAs, emulator: Emulator
) -> None:
    async with cloud_as("admin", read_only=True) as cloud:
        with pytest.raises(CloudError) as caught:
            await each_write(cloud, name)
        assert caught.value.kind is ErrorKind.READ_ONLY
        assert await cloud.list_instances(REGION, InstanceFilter()) == ()
    assert not any(entry.write for entry in emulator.journal.entries)


async def test_an_operation_outside_the_table_stays_here(cloud: Cloud, emulator: Emulator) -> None:
    sdk = await cloud.sdk()
    call: Any = (await sdk.write_call(CREATE_INSTANCE.requests[0], REGION, WriteToken("StopInstance")))[1]
    with pytest.raises(CloudError) as caught:
        await call.delete_instance_with_options_async(INSTANCE_ID, {}, RUNTIME)
    assert caught.value.kind is ErrorKind.REFUSED
    with pytest.raises(CloudError):
        await call.stop_instance_with_options_async("..", StopInstanceRequest(), {}, RUNTIME)
    assert not emulator.journal.entries


NOT_IDS = ["..", ".", "", "/", "dsw-", "dsw-1234/..", "../instances", "dsw-1234%2f", "DSW-12345678", "dsw-1234\n", "\0"]


@pytest.mark.parametrize("wrong", NOT_IDS)
async def test_what_is_not_an_id_never_becomes_a_path(wrong: str, cloud: Cloud, emulator: Emulator) -> None:
    for call in (
        send(writer(cloud), START_INSTANCE, REGION, wrong),
        send(writer(cloud), STOP_INSTANCE, REGION, wrong),
        send(writer(cloud), UPDATE_INSTANCE, REGION, wrong, InstanceChanges(instance_name="x")),
        cloud.get_instance(REGION, wrong),
        cloud.get_workspace(REGION, wrong),
        cloud.get_image(REGION, wrong),
        cloud.get_dataset(REGION, wrong),
    ):
        with pytest.raises(InputError):
            await call
    assert not emulator.journal.entries


async def test_a_create_carries_the_label_that_finds_it_again() -> None:
    async with Loopback(dsw({"InstanceId": INSTANCE_ID})) as server, server.cloud() as cloud:
        await send(Writer(cloud, operation_id="K7Q2-9MTX"), CREATE_INSTANCE, REGION, None, NEW)
    (received,) = server.received
    assert json.loads(received.body)["Labels"] == [{"Key": OPERATION_LABEL, "Value": "K7Q2-9MTX"}]


class Misnamed(Value):
    """A field that the SDK's request does not have."""

    instance_name: str = "other"
    no_such_setting: str = "1"


@pytest.mark.parametrize("action", ["update_instance", "start_instance"])
async def test_a_request_that_the_sdk_would_not_send_in_full_is_not_sent(
    action: str, cloud: Cloud, emulator: Emulator
) -> None:
    with pytest.raises(CloudError) as caught:
        await send(writer(cloud), WRITES[action], REGION, INSTANCE_ID, Misnamed())
    assert (caught.value.kind, caught.value.outcome) == (ErrorKind.REFUSED, "none")
    assert not emulator.journal.entries


async def test_an_update_sends_what_changes_and_no_empty_list() -> None:
    changes = InstanceChanges(
        instance_name="other",
        datasets=(DatasetMount(dataset_id="d-1234abcd", mount_path="/mnt/data"),),
        user_vpc=UserVpc(vpc_id="vpc-1", v_switch_id="vsw-1"),
        start_instance=True,
    )
    async with Loopback(dsw({"InstanceId": INSTANCE_ID})) as server, server.cloud() as cloud:
        await send(writer(cloud), UPDATE_INSTANCE, REGION, INSTANCE_ID, changes)
        again = InstanceChanges(datasets=(), instance_name="again")
        await send(writer(cloud), UPDATE_INSTANCE, REGION, INSTANCE_ID, again)
    assert [json.loads(received.body) for received in server.received] == [
        {
            "InstanceName": "other",
            "Datasets": [{"DatasetId": "d-1234abcd", "MountPath": "/mnt/data"}],
            "UserVpc": {"VpcId": "vpc-1", "VSwitchId": "vsw-1"},
            "StartInstance": True,
        },
        {"InstanceName": "again"},
    ]


async def test_a_stop_does_not_ask_to_save_the_image() -> None:
    async with Loopback(dsw({"InstanceId": INSTANCE_ID})) as server, server.cloud() as cloud:
        await send(writer(cloud), STOP_INSTANCE, REGION, INSTANCE_ID)
    assert [(received.query, received.body) for received in server.received] == [({}, b"")]


async def test_cancelling_a_write_does_not_send_it_again() -> None:
    async with Loopback(hang) as server, server.cloud() as cloud:
        await cloud.identity()
        task = asyncio.ensure_future(send(writer(cloud), CREATE_INSTANCE, REGION, None, NEW))
        await server.arrival.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(server.received) == 1


@pytest.mark.parametrize(
    "fault",
    [
        LostReply(operation="CreateInstance"),
        LostReply(operation="CreateInstance", reset=True),
        ServerError(operation="CreateInstance", applied=True, html=True, status=502),
        DamagedReply(operation="CreateInstance", damage="truncated"),
        DamagedReply(operation="CreateInstance", damage="null"),
        *(fault(operation="CreateInstance") for fault in (Throttle, Reset)),
    ],
)
async def test_the_emulator_sees_one_create_whatever_goes_wrong(fault: Any, cloud: Cloud, emulator: Emulator) -> None:
    emulator.faults.add(fault)
    with pytest.raises(CloudError) as caught:
        await send(writer(cloud), CREATE_INSTANCE, REGION, None, NEW)
    assert caught.value.outcome == "unknown"
    assert len([entry for entry in emulator.journal.entries if entry.write]) == 1


def test_write_tokens_are_made_in_one_place_and_requests_leave_through_one() -> None:
    package = Path(pai_dsw_mcp.cloud.writer.__file__).parents[1]
    sources = {str(path.relative_to(package)): path.read_text("utf-8") for path in package.rglob("*.py")}

    def mentioning(pattern: str) -> set[str]:
        return {name for name, source in sources.items() if re.search(pattern, source)}

    assert mentioning(r"\bWriteToken\(") == {"cloud/writer.py"}
    assert mentioning(r"\.transport\.send\(") == {"cloud/caller.py"}
    assert mentioning(r"session\.request\(") == {"cloud/transport.py"}
    assert mentioning(r"import .*\bWriter\b|cloud import writer") == {"gate/permit.py"}
