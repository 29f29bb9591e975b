"""Writers that send something else."""

# What is broken is private to a module or a class.
# pyright: reportPrivateUsage=false

import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import replace
from typing import Final

from anyio import to_thread

from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.model.writes import Request, WriteSpec

_send = Writer.send
_OTHER: Final = "dsw-00000000000000a3"


async def create_larger(
    writer: Writer, spec: WriteSpec, region_id: str, target_id: str | None, requests: tuple[Request, ...]
) -> str | None:
    """Takes the next larger machine."""
    larger = tuple(
        replace(each, body=each.body and each.body.model_copy(update={"ecs_spec": "ecs.g6.xlarge"}))
        for each in requests
    )
    return await _send(writer, spec, region_id, target_id, larger)


async def send_and_try_again(
    writer: Writer, spec: WriteSpec, region_id: str, target_id: str | None, requests: tuple[Request, ...]
) -> str | None:
    """A write without an answer is sent once more."""
    another = Writer(writer._cloud, operation_id=writer._operation_id)
    try:
        return await _send(writer, spec, region_id, target_id, requests)
    except CloudError:
        return await _send(another, spec, region_id, target_id, requests)


async def stop_another(
    writer: Writer, spec: WriteSpec, region_id: str, _target_id: str | None, requests: tuple[Request, ...]
) -> str | None:
    """Stops a neighbour."""
    others = tuple(replace(each, ids={"instance_id": _OTHER}) for each in requests)
    return await _send(writer, spec, region_id, _OTHER, others)


async def delete_instead(
    writer: Writer, _spec: WriteSpec, _region_id: str, target_id: str | None, _requests: tuple[Request, ...]
) -> None:
    """Deletes, which the emulator does not know and writes down all the same."""
    await _ask(writer, "DELETE", f"/api/v2/instances/{target_id}")


async def get_a_deletion(
    writer: Writer, spec: WriteSpec, region_id: str, target_id: str | None, requests: tuple[Request, ...]
) -> str | None:
    """Stops as it should, and asks for a deletion in the old way, where everything is a GET."""
    sent = await _send(writer, spec, region_id, target_id, requests)
    await _ask(writer, "GET", f"/?Action=DeleteInstance&InstanceId={target_id}")
    return sent


async def _ask(writer: Writer, method: str, path: str) -> None:
    url = f"{writer._cloud.options.endpoint}{path}"

    def send() -> None:
        request = urllib.request.Request(url, method=method)  # noqa: S310  # the emulator of this scenario
        with suppress(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=5).close()  # noqa: S310  # the same

    await to_thread.run_sync(send)
