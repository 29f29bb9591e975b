"""The one way to change anything in the cloud. Only the gate imports this module."""

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.ticket import Ticket, WriteOperation
from pai_dsw_mcp.errors import CloudError, ErrorKind
from pai_dsw_mcp.model.change import OPERATION_LABEL
from pai_dsw_mcp.model.instance import InstanceChanges, Label, NewInstance


class Writer:
    """Carries exactly one write.

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
        ticket = self._ticket("CreateInstance")
        if Label(key=OPERATION_LABEL, value=self._operation_id) not in new.labels:
            raise CloudError(ErrorKind.REFUSED, operation="CreateInstance")
        return await (await self._cloud.calls()).create_instance(ticket, region_id, new)

    async def update_instance(self, region_id: str, instance_id: str, changes: InstanceChanges) -> None:
        """UpdateInstance with what is set; an empty list is never sent."""
        ticket = self._ticket("UpdateInstance")
        await (await self._cloud.calls()).update_instance(ticket, region_id, instance_id, changes)

    async def start_instance(self, region_id: str, instance_id: str) -> None:
        """StartInstance."""
        ticket = self._ticket("StartInstance")
        await (await self._cloud.calls()).start_instance(ticket, region_id, instance_id)

    async def stop_instance(self, region_id: str, instance_id: str, *, save_image: bool = False) -> None:
        """StopInstance; `save_image` saves the environment as an image first."""
        ticket = self._ticket("StopInstance")
        await (await self._cloud.calls()).stop_instance(ticket, region_id, instance_id, save_image)

    def _ticket(self, operation: WriteOperation) -> Ticket:
        if self._is_used:
            raise CloudError(ErrorKind.REFUSED, operation=operation)
        self._is_used = True
        return Ticket(operation)
