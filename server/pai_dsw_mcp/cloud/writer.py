"""The one way to change anything in the cloud. Only the gate reaches a Writer."""

from typing import Any, Final, cast

from pydantic.alias_generators import to_pascal, to_snake

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.message import without_empty_lists
from pai_dsw_mcp.cloud.operations import WriteToken, checked, is_id
from pai_dsw_mcp.errors import CloudError, ErrorKind, ReplyError
from pai_dsw_mcp.model.change import OPERATION_LABEL
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.model.writes import WriteSpec


class Writer:
    """Sends exactly one write; `request_id` is that of a success."""

    def __init__(self, cloud: Cloud, *, operation_id: str) -> None:
        self._cloud = cloud
        self._operation_id = operation_id
        self._is_used = False
        self.request_id: str | None = None

    async def send(self, spec: WriteSpec, region_id: str, target_id: str | None, request: Value | None) -> str | None:
        """Sends the write `spec` for `target_id`, with what is set in `request`; returns the id of what it created.

        What is created carries the operation id as a label. A cancelled call has an unknown outcome.

        Raises:
            InputError: The region or the id is invalid; nothing was sent.
            CloudError: Its `outcome` is "none" (certainly no effect) or "unknown". A second call is REFUSED.
        """
        if self._is_used:
            raise CloudError(ErrorKind.REFUSED, operation=spec.operation)
        self._is_used = True
        sdk = await self._cloud.sdk()
        path_ids = () if target_id is None else (checked(f"{spec.target}_id", target_id),)
        bodies = self._bodies(spec, getattr(sdk.models[spec.product], f"{spec.operation}Request", None), request)
        call = sdk.write_call(spec.product, region_id, WriteToken(spec.operation))
        method = getattr(call, f"{to_snake(spec.operation)}_with_options_async")
        await method(*path_ids, *bodies, {}, sdk.runtime)
        reply_id, self.request_id = call.reply.instance_id, call.reply.request_id
        if spec.creates:
            if reply_id is None or not is_id(f"{spec.target}_id", reply_id):
                raise _doubtful(spec)
            return reply_id
        if reply_id not in {None, target_id}:
            raise _doubtful(spec)
        return None

    def _bodies(self, spec: WriteSpec, model: Any, request: Value | None) -> tuple[Any, ...]:
        """The SDK's request, for operations that have one.

        Raises:
            CloudError: The SDK's model would leave out something that is set: then nothing may be sent.
        """
        wire: dict[str, Any] = {} if request is None else _wire(request.model_dump(mode="json", exclude_none=True))
        if model is None and not wire:
            return ()
        if spec.creates:
            label = {"Key": OPERATION_LABEL, "Value": self._operation_id}
            wire["Labels"] = [*wire.get("Labels", []), label]
        body = model().from_map(wire) if model is not None else None
        if body is None or without_empty_lists(body.to_map()) != without_empty_lists(wire):
            raise CloudError(ErrorKind.REFUSED, operation=spec.operation)
        return (body,)


_WIRE_NAMES: Final = {"extended_cidrs": "ExtendedCIDRs"}
"""Where the API's name is not simply ours in PascalCase."""


def _wire(value: Any) -> Any:
    """The same under the API's names."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {_WIRE_NAMES.get(name) or to_pascal(name): _wire(member) for name, member in members.items()}
    if isinstance(value, list):
        return [_wire(member) for member in cast("list[Any]", value)]
    return value


def _doubtful(spec: WriteSpec) -> ReplyError:
    return ReplyError(ErrorKind.REPLY_INVALID, operation=spec.operation, outcome="unknown", status=200)
