"""A machine that has run out of open files: nothing is sent, the yes still counts, and no path is told."""

import pytest

from pai_dsw_mcp.errors import ErrorKind, RefusedError
from pai_dsw_mcp.resources.documents import documents
from pai_dsw_mcp.resources.pointer import where_to_read
from tests.gate.cases import an_instance
from tests.support.desk import REGION, Desk, text_of, told
from tests.support.files import no_more_files

pytestmark = pytest.mark.anyio


async def test_a_yes_that_nothing_could_be_sent_with_is_used_later(desk: Desk) -> None:
    arguments = {"region_id": REGION, "instance_id": an_instance(desk.steering, "Running")}
    journal = desk.services.journal
    async with desk.client("modern", None) as client:
        told(await client.call_tool("stop_instance", arguments))
        (approval,) = await journal.waiting()
        await journal.decide(approval.approval_id, approve=True, channel="page")
        for _ in range(2):
            # The reads have a connection already; a write makes its own.
            with no_more_files():
                failed = await client.call_tool("stop_instance", arguments)
            assert failed.is_error
            assert "nothing was sent" in text_of(failed)
            (operation,) = await journal.operations()
            assert operation.state == "not_sent"
            assert desk.steering.writes() == []
        assert told(await client.call_tool("stop_instance", arguments))["status"] == "done"
    assert [entry["operation"] for entry in desk.steering.writes()] == ["StopInstance"]
    (operation,) = await journal.operations()
    assert (operation.state, operation.approval_id) == ("done", approval.approval_id)


async def test_a_failure_of_the_machine_is_told_without_a_path(desk: Desk) -> None:
    arguments = {"region_id": REGION, "instance_id": an_instance(desk.steering, "Running")}
    async with desk.client("modern", None) as client:
        told(await client.call_tool("stop_instance", arguments))
        await desk.services.page.close()
        with no_more_files():
            failed = await client.call_tool("stop_instance", arguments)
    assert failed.is_error
    assert "EMFILE" in text_of(failed)
    assert "hint" not in text_of(failed)
    assert "/" not in text_of(failed).partition("More: ")[0]


def test_an_error_is_told_even_where_its_page_cannot_be_read() -> None:
    documents.cache_clear()
    with no_more_files():
        assert where_to_read(RefusedError("cloud_read_only", kind=ErrorKind.READ_ONLY, operation="x")) is None
    assert where_to_read(RefusedError("cloud_read_only", kind=ErrorKind.READ_ONLY, operation="x")) is not None
