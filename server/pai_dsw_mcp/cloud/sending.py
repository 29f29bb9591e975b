"""Puts the four writes into requests. Only what is set is sent; `writes.Writer` is the way here."""

from typing import Any

from alibabacloud_pai_dsw20220101.models import (
    CreateInstanceRequest,
    CreateInstanceRequestDatasets,
    CreateInstanceRequestLabels,
    CreateInstanceRequestUserVpc,
    StopInstanceRequest,
    UpdateInstanceRequest,
    UpdateInstanceRequestDatasets,
    UpdateInstanceRequestUserVpc,
)

from pai_dsw_mcp.cloud.identifiers import checked
from pai_dsw_mcp.cloud.sdk import RUNTIME, CallerOwner, DswCalls
from pai_dsw_mcp.cloud.ticket import Ticket, WriteOperation
from pai_dsw_mcp.cloud.wire_instances import CreateInstanceReply, WriteReply
from pai_dsw_mcp.errors import ErrorKind, InputError, ReplyError
from pai_dsw_mcp.model.instance import InstanceChanges, NewInstance
from pai_dsw_mcp.model.value import Value


class Sending(CallerOwner):
    """CreateInstance, UpdateInstance, StartInstance, StopInstance."""

    async def create_instance(self, ticket: Ticket, region_id: str, new: NewInstance) -> str:
        """CreateInstance; gives the id of what was made."""
        fields = _fields(new, "datasets", "labels", "user_vpc")
        fields["datasets"] = [CreateInstanceRequestDatasets(**_fields(mount)) for mount in new.datasets]
        fields["labels"] = [CreateInstanceRequestLabels(**_fields(label)) for label in new.labels]
        if new.user_vpc is not None:
            fields["user_vpc"] = CreateInstanceRequestUserVpc(**_fields(new.user_vpc))
        calls = DswCalls(self.caller, region_id, CreateInstanceReply, ticket)
        await calls.create_instance_with_options_async(CreateInstanceRequest(**fields), {}, RUNTIME)
        if not _is_instance_id(calls.reply.instance_id):
            raise _doubtful("CreateInstance")
        return calls.reply.instance_id

    async def update_instance(self, ticket: Ticket, region_id: str, instance_id: str, changes: InstanceChanges) -> None:
        """UpdateInstance."""
        fields = _fields(changes, "datasets", "user_vpc")
        if changes.datasets:
            fields["datasets"] = [UpdateInstanceRequestDatasets(**_fields(mount)) for mount in changes.datasets]
        if changes.user_vpc is not None:
            fields["user_vpc"] = UpdateInstanceRequestUserVpc(**_fields(changes.user_vpc))
        calls = DswCalls(self.caller, region_id, WriteReply, ticket)
        request = UpdateInstanceRequest(**fields)
        await calls.update_instance_with_options_async(checked("instance_id", instance_id), request, {}, RUNTIME)
        _confirm("UpdateInstance", calls.reply, instance_id)

    async def start_instance(self, ticket: Ticket, region_id: str, instance_id: str) -> None:
        """StartInstance."""
        calls = DswCalls(self.caller, region_id, WriteReply, ticket)
        await calls.start_instance_with_options_async(checked("instance_id", instance_id), {}, RUNTIME)
        _confirm("StartInstance", calls.reply, instance_id)

    async def stop_instance(self, ticket: Ticket, region_id: str, instance_id: str, save_image: bool) -> None:
        """StopInstance; `SaveImage` is sent only when it is wanted."""
        calls = DswCalls(self.caller, region_id, WriteReply, ticket)
        request = StopInstanceRequest(save_image=True) if save_image else StopInstanceRequest()
        await calls.stop_instance_with_options_async(checked("instance_id", instance_id), request, {}, RUNTIME)
        _confirm("StopInstance", calls.reply, instance_id)


def _fields(value: Value, *apart: str) -> dict[str, Any]:
    """What is set, under the names of the SDK's models, which are ours; the nested ones are made `apart`."""
    fields: dict[str, Any] = value.model_dump(mode="json", exclude_none=True, exclude=set(apart))
    return fields


def _confirm(operation: WriteOperation, reply: WriteReply, instance_id: str) -> None:
    if reply.instance_id not in {None, instance_id}:
        raise _doubtful(operation)


def _is_instance_id(text: str) -> bool:
    try:
        checked("instance_id", text)
    except InputError:
        return False
    return True


def _doubtful(operation: WriteOperation) -> ReplyError:
    return ReplyError(ErrorKind.REPLY_INVALID, operation=operation, outcome="unknown", status=200)
