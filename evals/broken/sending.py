"""Writers that send something else."""

# What is broken is private to a module or a class.
# pyright: reportPrivateUsage=false

import urllib.error
import urllib.request
from contextlib import suppress
from typing import Final

from anyio import to_thread

from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.model.instance import NewInstance

_create, _stop = Writer.create_instance, Writer.stop_instance
_OTHER: Final = "dsw-00000000000000a3"


async def create_larger(writer: Writer, region_id: str, new: NewInstance) -> str:
    """Takes the next larger machine."""
    return await _create(writer, region_id, new.model_copy(update={"ecs_spec": "ecs.g6.xlarge"}))


async def create_and_try_again(writer: Writer, region_id: str, new: NewInstance) -> str:
    """A POST without an answer is sent once more."""
    another = Writer(writer._cloud, operation_id=writer._operation_id)
    try:
        return await _create(writer, region_id, new)
    except CloudError:
        return await _create(another, region_id, new)


async def stop_another(writer: Writer, region_id: str, _instance_id: str) -> None:
    """Stops a neighbour."""
    await _stop(writer, region_id, _OTHER)


async def delete_instead(writer: Writer, _region_id: str, instance_id: str) -> None:
    """Deletes, which the emulator does not know and writes down all the same."""
    await _request(writer, "DELETE", f"/api/v2/instances/{instance_id}")


async def get_a_deletion(writer: Writer, region_id: str, instance_id: str) -> None:
    """Stops as it should, and asks for a deletion in the old way, where everything is a GET."""
    await _stop(writer, region_id, instance_id)
    await _request(writer, "GET", f"/?Action=DeleteInstance&InstanceId={instance_id}")


async def _request(writer: Writer, method: str, path: str) -> None:
    url = f"{writer._cloud.options.endpoint}{path}"

    def send() -> None:
        request = urllib.request.Request(url, method=method)  # noqa: S310  # the emulator of this scenario
        with suppress(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=5).close()  # noqa: S310  # the same

    await to_thread.run_sync(send)
