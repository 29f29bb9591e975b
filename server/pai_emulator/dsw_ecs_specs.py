"""ListEcsSpecs.

Documented: `AcceleratorType` is required, the default page, `SortBy=gmtCreate`. Assumed: that `ResourceType` changes
nothing.
"""

from pai_emulator import errors
from pai_emulator.call import Call
from pai_emulator.query import Query
from pai_emulator.types import JsonObject
from pai_emulator.world import World


def list_ecs_specs(world: World, call: Call) -> JsonObject:
    """ListEcsSpecs, newest first unless `Order` is ASC."""
    region, query = world.region(call.region_id), Query(call)
    accelerator_type = query.choice("AcceleratorType", {"CPU", "GPU"})
    if accelerator_type is None:
        raise errors.missing_parameter("AcceleratorType")
    query.choice("SortBy", {"gmtCreate"})
    order, page = query.choice("Order", {"ASC", "DESC"}, "DESC"), query.page(default_size=10)
    rows = [
        world.ecs_spec(region, instance_type)
        for instance_type, row in region.ecs_specs.items()
        if row["AcceleratorType"] == accelerator_type
    ]
    if order == "DESC":
        rows.reverse()
    return {"EcsSpecs": page.cut(rows), "TotalCount": len(rows)}
