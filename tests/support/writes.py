"""Sends a change that needs one request."""

from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.model.writes import Request, WriteSpec


async def send(
    writer: Writer, spec: WriteSpec, region_id: str, instance_id: str | None, body: Value | None = None
) -> str | None:
    """As `Writer.send`."""
    ids = {} if instance_id is None else {"instance_id": instance_id}
    return await writer.send(spec, region_id, instance_id, (Request(spec.requests[0], body, ids),))
