"""The one way to change anything in the cloud. Only the gate reaches a Writer."""

from typing import Any, Final, Literal, TypeAlias

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.operations import checked, is_id
from pai_dsw_mcp.errors import CloudError, ErrorKind, ReplyError
from pai_dsw_mcp.model.change import OPERATION_LABEL
from pai_dsw_mcp.model.instance import InstanceChanges, Label, NewInstance
from pai_dsw_mcp.model.value import Value

WriteOperation: TypeAlias = Literal["CreateInstance", "UpdateInstance", "StartInstance", "StopInstance"]


class WriteToken:
    """The right to send one write, once. Only a Writer makes one; without one the caller sends no write."""

    def __init__(self, operation: WriteOperation) -> None:
        self.operation: Final = operation
        self._spent = False

    def spend(self, operation: str) -> bool:
        """Use it up; False when it was made for another operation or is used up already."""
        if self._spent or operation != self.operation:
            return False
        self._spent = True
        return True


class Writer:
    """Carries exactly one write. Only what is set is sent.

    Every method raises `CloudError`, whose `outcome` tells "none" (surely nothing happened) from "unknown", and
    `InputError` before anything was sent. A second call raises `CloudError` of kind REFUSED. A cancelled call has an
    unknown outcome.
    """

    def __init__(self, cloud: Cloud, *, operation_id: str) -> None:
        self._cloud = cloud
        self._operation_id = operation_id
        self._is_used = False

    async def create_instance(self, region_id: str, new: NewInstance) -> str:
        """CreateInstance; gives the new id. The labels must carry the operation id, or nothing is sent."""
        token = self._token("CreateInstance")
        if Label(key=OPERATION_LABEL, value=self._operation_id) not in new.labels:
            raise CloudError(ErrorKind.REFUSED, operation="CreateInstance")
        sdk = await self._cloud.sdk()
        fields = _fields(new, "datasets", "labels", "user_vpc")
        fields["datasets"] = [sdk.dsw.CreateInstanceRequestDatasets(**_fields(mount)) for mount in new.datasets]
        fields["labels"] = [sdk.dsw.CreateInstanceRequestLabels(**_fields(label)) for label in new.labels]
        if new.user_vpc is not None:
            fields["user_vpc"] = sdk.dsw.CreateInstanceRequestUserVpc(**_fields(new.user_vpc))
        call = sdk.dsw_call(region_id, sdk.replies.CreateInstanceReply, token)
        await call.create_instance_with_options_async(sdk.dsw.CreateInstanceRequest(**fields), {}, sdk.runtime)
        if not is_id("instance_id", call.reply.instance_id):
            raise _doubtful("CreateInstance")
        return call.reply.instance_id

    async def update_instance(self, region_id: str, instance_id: str, changes: InstanceChanges) -> None:
        """UpdateInstance with what is set; an empty list is never sent."""
        token = self._token("UpdateInstance")
        sdk = await self._cloud.sdk()
        fields = _fields(changes, "datasets", "user_vpc")
        if changes.datasets:
            fields["datasets"] = [sdk.dsw.UpdateInstanceRequestDatasets(**_fields(mount)) for mount in changes.datasets]
        if changes.user_vpc is not None:
            fields["user_vpc"] = sdk.dsw.UpdateInstanceRequestUserVpc(**_fields(changes.user_vpc))
        call = sdk.dsw_call(region_id, sdk.replies.WriteReply, token)
        path_id, request = checked("instance_id", instance_id), sdk.dsw.UpdateInstanceRequest(**fields)
        await call.update_instance_with_options_async(path_id, request, {}, sdk.runtime)
        _confirm("UpdateInstance", call.reply.instance_id, instance_id)

    async def start_instance(self, region_id: str, instance_id: str) -> None:
        """StartInstance."""
        token = self._token("StartInstance")
        sdk = await self._cloud.sdk()
        call = sdk.dsw_call(region_id, sdk.replies.WriteReply, token)
        await call.start_instance_with_options_async(checked("instance_id", instance_id), {}, sdk.runtime)
        _confirm("StartInstance", call.reply.instance_id, instance_id)

    async def stop_instance(self, region_id: str, instance_id: str) -> None:
        """StopInstance."""
        token = self._token("StopInstance")
        sdk = await self._cloud.sdk()
        call = sdk.dsw_call(region_id, sdk.replies.WriteReply, token)
        path_id, request = checked("instance_id", instance_id), sdk.dsw.StopInstanceRequest()
        await call.stop_instance_with_options_async(path_id, request, {}, sdk.runtime)
        _confirm("StopInstance", call.reply.instance_id, instance_id)

    def _token(self, operation: WriteOperation) -> WriteToken:
        if self._is_used:
            raise CloudError(ErrorKind.REFUSED, operation=operation)
        self._is_used = True
        return WriteToken(operation)


def _fields(value: Value, *apart: str) -> dict[str, Any]:
    """What is set, under the names of the SDK's models, which are ours; the nested ones are made `apart`."""
    fields: dict[str, Any] = value.model_dump(mode="json", exclude_none=True, exclude=set(apart))
    return fields


def _confirm(operation: WriteOperation, told_id: str | None, instance_id: str) -> None:
    if told_id not in {None, instance_id}:
        raise _doubtful(operation)


def _doubtful(operation: WriteOperation) -> ReplyError:
    return ReplyError(ErrorKind.REPLY_INVALID, operation=operation, outcome="unknown", status=200)
