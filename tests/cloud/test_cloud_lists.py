"""A list is complete or an error: a damaged one must never look like "the name is free"."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.paging import PAGE_SIZE, read_all
from pai_dsw_mcp.errors import CloudError, ErrorKind, ServiceError
from pai_dsw_mcp.model.instance import InstanceFilter
from pai_emulator.faults.model import DamagedReply
from pai_emulator.serve import Emulator
from tests.cloud.loopback import Loopback, dsw, http, raw, reply
from tests.support.unmeasured import unmeasured

pytestmark = pytest.mark.anyio
REGION = "cn-hangzhou"
Page = tuple[tuple[int, ...], int]


def row(number: int, **other: object) -> dict[str, object]:
    return {"InstanceId": f"dsw-{number:08}", "InstanceName": f"name_{number}", "Status": "Stopped", **other}


GOOD = {"Success": True, "RequestId": "REQ-1", "TotalCount": 2, "Instances": [row(1), row(2)]}

DAMAGED: dict[str, Any] = {
    "no success": {**GOOD, "Success": False, "Code": "InternalError"},
    "no envelope": {"TotalCount": 0, "Instances": []},
    "success as a string": {**GOOD, "Success": "true"},
    "success as a number": {**GOOD, "Success": 1},
    "no count": {"Success": True, "Instances": []},
    "count is null": {**GOOD, "TotalCount": None},
    "count as a string": {**GOOD, "TotalCount": "2"},
    "count as a fraction": {**GOOD, "TotalCount": 2.5},
    "negative count": {**GOOD, "TotalCount": -1},
    "no rows": {"Success": True, "TotalCount": 2},
    "rows are null": {**GOOD, "Instances": None},
    "rows are a string": {**GOOD, "Instances": "x"},
    "rows are an object": {**GOOD, "Instances": {}},
    "wrong case": {"success": True, "totalCount": 0, "instances": []},
    "a row is null": {**GOOD, "Instances": [row(1), None]},
    "a row without a name": {**GOOD, "Instances": [row(1), {"InstanceId": "dsw-1", "Status": "x"}]},
    "a row with another type": {**GOOD, "Instances": [row(1), row(2, InstanceName=["x"])]},
    "a row too few": {**GOOD, "Instances": [row(1)]},
    "a row too many": {**GOOD, "Instances": [row(1), row(2), row(3)]},
    "a row twice": {**GOOD, "Instances": [row(1), row(1)]},
    "a row twice beyond the count": {**GOOD, "Instances": [row(1), row(2), row(2)]},
    "no rows but a count": {**GOOD, "Instances": []},
    "rows but no count": {**GOOD, "TotalCount": 0},
    "a count beyond belief": {**GOOD, "TotalCount": 10**9},
    "a list": [],
    "null": None,
    "a string": "Instances",
}


@pytest.mark.parametrize("name", DAMAGED)
async def test_a_damaged_list_is_an_error(name: str) -> None:
    async with Loopback(reply(DAMAGED[name])) as server, server.cloud() as cloud:
        with pytest.raises(CloudError) as caught:
            await cloud.list_instances(REGION, InstanceFilter(instance_name="name"))
    assert caught.value.kind in {
        ErrorKind.REPLY_INVALID,
        ErrorKind.LIST_UNVERIFIED,
        ErrorKind.SERVICE_FAILED,
    }


@pytest.mark.parametrize(
    "damage", ["truncated", "wrong_types", "success_false", "null", "missing_total", "wrong_case", "empty"]
)
async def test_a_list_that_the_emulator_damages_is_an_error(damage: Any, cloud: Cloud, emulator: Emulator) -> None:
    emulator.world.generate_instances(REGION, 3)
    emulator.faults.add(DamagedReply(operation="ListInstances", damage=damage, times=None))
    with pytest.raises(CloudError):
        await cloud.list_instances(REGION, InstanceFilter())


WHOLE = json.dumps(GOOD).encode()


@given(at=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255), cut=st.booleans())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@unmeasured()
def test_a_list_with_any_byte_changed_or_cut_off_never_loses_a_row(at: int, byte: int, *, cut: bool) -> None:
    body = WHOLE[:at] if cut else WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :]

    async def listed() -> int:
        async with Loopback(raw(http(200, body))) as server, server.cloud() as cloud:
            return len(await cloud.list_instances(REGION, InstanceFilter()))

    try:
        count = asyncio.run(listed())
    except CloudError:
        return
    assert count == 2


def pages_of(total: int, *, size: int = PAGE_SIZE) -> Callable[[int, int], Awaitable[Page]]:
    async def fetch(number: int, _size: int) -> Page:
        start = (number - 1) * size
        return tuple(range(start, min(start + size, total))), total

    return fetch


@pytest.mark.parametrize("total", [0, 1, 99, 100, 101, 1_000, 1_234])
@pytest.mark.parametrize("size", [10, 50, 100])
async def test_every_page_is_read_whatever_size_the_service_gives(total: int, size: int) -> None:
    assert await read_all("List", pages_of(total, size=size), str) == tuple(range(total))


@pytest.mark.parametrize(("largest", "asked"), [(100, [100]), (99, [100, 50]), (10, [100, 50, 10])])
async def test_a_page_that_is_refused_is_asked_for_in_a_smaller_size(largest: int, asked: list[int]) -> None:
    sizes: list[int] = []

    async def fetch(number: int, size: int) -> Page:
        sizes.append(size)
        if size > largest:
            raise ServiceError(ErrorKind.INVALID_PARAMETER, operation="List")
        return await pages_of(120, size=size)(number, size)

    assert await read_all("List", fetch, str) == tuple(range(120))
    assert list(dict.fromkeys(sizes)) == asked
    assert sizes.count(asked[-1]) == -(-120 // asked[-1])


@pytest.mark.parametrize(("kind", "count"), [(ErrorKind.INVALID_PARAMETER, 3), (ErrorKind.PERMISSION_DENIED, 1)])
async def test_a_refusal_that_has_another_cause_is_told(kind: ErrorKind, count: int) -> None:
    sizes: list[int] = []

    async def fetch(_number: int, size: int) -> Page:
        sizes.append(size)
        raise ServiceError(kind, operation="List", action="list")

    with pytest.raises(ServiceError) as caught:
        await read_all("List", fetch, str)
    assert (caught.value.kind, len(sizes)) == (kind, count)


async def test_rows_that_moved_while_they_were_read_are_read_again() -> None:
    rows = list(range(250))
    reads: list[int] = []

    async def fetch(number: int, _size: int) -> Page:
        reads.append(number)
        if len(reads) == 2:
            # The last row becomes the first: page 2 shows the end of page 1 again, and the moved row is missed.
            rows.insert(0, rows.pop())
        return tuple(rows[(number - 1) * 100 : number * 100]), len(rows)

    assert sorted(await read_all("List", fetch, str)) == list(range(250))
    assert reads == [1, 2, 3, 1, 2, 3]


async def test_rows_that_never_stand_still_are_an_error() -> None:
    rows = list(range(250))

    async def fetch(number: int, _size: int) -> Page:
        rows.insert(0, rows.pop())
        return tuple(rows[(number - 1) * 100 : number * 100]), len(rows)

    with pytest.raises(CloudError) as caught:
        await read_all("List", fetch, str)
    assert caught.value.kind is ErrorKind.LIST_UNVERIFIED
    assert "twice" in caught.value.explain()


async def test_a_count_that_changes_between_pages_is_an_error() -> None:
    async def fetch(number: int, _size: int) -> Page:
        return tuple(range((number - 1) * 100, number * 100)), 300 + number

    with pytest.raises(CloudError, match="the count changed"):
        await read_all("List", fetch, str)


async def test_pages_are_read_several_at_a_time_and_a_failure_ends_them_all() -> None:
    under_way = 0
    most = 0
    gate = asyncio.Event()

    async def fetch(number: int, _size: int) -> Page:
        nonlocal under_way, most
        if number == 1:
            return tuple(range(100)), 10_000
        under_way += 1
        most = max(most, under_way)
        if under_way == 12:
            gate.set()
        try:
            await gate.wait()
            if number == 7:
                raise CloudError(ErrorKind.SERVICE_FAILED, operation="List")
            await asyncio.Event().wait()
            raise AssertionError
        finally:
            under_way -= 1

    with pytest.raises(CloudError) as caught:
        await read_all("List", fetch, str)
    assert caught.value.kind is ErrorKind.SERVICE_FAILED
    assert (under_way, most) == (0, 12)


ANOTHER = {
    "get_instance": ("dsw-12345678", dsw(row(1))),
    "get_workspace": ("40001", reply({"WorkspaceId": "40002", "WorkspaceName": "x", "Status": "ENABLED"})),
    "get_dataset": ("d-12345678", reply({"DatasetId": "d-87654321", "Name": "x"})),
}


@pytest.mark.parametrize("name", ANOTHER)
async def test_a_reply_about_something_else_is_no_reply(name: str) -> None:
    wanted, answer = ANOTHER[name]
    async with Loopback(answer) as server, server.cloud() as cloud:
        with pytest.raises(CloudError) as caught:
            await getattr(cloud, name)(REGION, wanted)
    assert caught.value.kind is ErrorKind.REPLY_INVALID
