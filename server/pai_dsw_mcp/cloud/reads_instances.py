"""Reads of DSW: instances and specs."""

from typing import Any

from alibabacloud_pai_dsw20220101.models import GetInstanceRequest, ListEcsSpecsRequest, ListInstancesRequest

from pai_dsw_mcp.cloud.identifiers import checked
from pai_dsw_mcp.cloud.paging import PAGE_SIZE, read_all
from pai_dsw_mcp.cloud.sdk import RUNTIME, CallerOwner, DswCalls
from pai_dsw_mcp.cloud.together import together
from pai_dsw_mcp.cloud.wire_instances import GetInstanceReply, ListEcsSpecsReply, ListInstancesReply
from pai_dsw_mcp.errors import ErrorKind, ReplyError
from pai_dsw_mcp.model.catalogue import EcsSpec
from pai_dsw_mcp.model.instance import AcceleratorType, Instance, InstanceFilter


class InstanceReads(CallerOwner):
    """ListEcsSpecs, GetInstance, ListInstances."""

    async def list_ecs_specs(self, region_id: str, accelerator_type: AcceleratorType) -> tuple[EcsSpec, ...]:
        """ListEcsSpecs, all pages."""

        async def page(number: int) -> tuple[tuple[EcsSpec, ...], int]:
            calls = DswCalls(self.caller, region_id, ListEcsSpecsReply)
            request = ListEcsSpecsRequest(accelerator_type=accelerator_type, page_number=number, page_size=PAGE_SIZE)
            await calls.list_ecs_specs_with_options_async(request, {}, RUNTIME)
            return tuple(spec.value() for spec in calls.reply.ecs_specs), calls.reply.total_count

        return await read_all("ListEcsSpecs", page, lambda spec: spec.instance_type)

    async def find_ecs_spec(self, region_id: str, instance_type: str) -> EcsSpec | None:
        """The spec of this name under the classification that the service gives it; asks for both kinds at once."""
        lists = await together(self.list_ecs_specs(region_id, "CPU"), self.list_ecs_specs(region_id, "GPU"))
        return next((spec for specs in lists for spec in specs if spec.instance_type == instance_type), None)

    async def get_instance(self, region_id: str, instance_id: str) -> Instance:
        """GetInstance. A reply about another instance is no reply."""
        calls = DswCalls(self.caller, region_id, GetInstanceReply)
        await calls.get_instance_with_options_async(
            checked("instance_id", instance_id), GetInstanceRequest(), {}, RUNTIME
        )
        if calls.reply.instance_id != instance_id:
            raise ReplyError(ErrorKind.REPLY_INVALID, operation="GetInstance", status=200)
        return calls.reply.value(region_id)

    async def list_instances(self, region_id: str, wanted: InstanceFilter) -> tuple[Instance, ...]:
        """ListInstances, all pages."""
        parameters = _parameters(wanted)

        async def page(number: int) -> tuple[tuple[Instance, ...], int]:
            calls = DswCalls(self.caller, region_id, ListInstancesReply)
            request = ListInstancesRequest(**parameters, page_number=number, page_size=PAGE_SIZE)
            await calls.list_instances_with_options_async(request, {}, RUNTIME)
            return tuple(row.value(region_id) for row in calls.reply.instances), calls.reply.total_count

        return await read_all("ListInstances", page, lambda instance: instance.instance_id)


def _parameters(wanted: InstanceFilter) -> dict[str, Any]:
    """The filter in the API's units: thousandths of a CPU or GPU, GB of memory. Sorting and order go together."""
    parameters = wanted.model_dump(exclude_none=True, exclude={"created_after", "created_before", "labels"})
    for name in ("min_cpu", "max_cpu", "min_gpu", "max_gpu"):
        if name in parameters:
            parameters[name] = str(round(parameters[name] * 1000))
    for name in ("min_memory", "max_memory", "min_gpu_memory", "max_gpu_memory"):
        if name in parameters:
            parameters[name] = f"{parameters[name]:g}"
    for name, value in (("create_time_after", wanted.created_after), ("create_time_before", wanted.created_before)):
        if value is not None:
            parameters[name] = value
    if wanted.labels:
        parameters["labels"] = {label.key: label.value for label in wanted.labels}
    return parameters
