"""Which tools there are, by toolset and module. It imports none of them, so that the command line may read it."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

Modules: TypeAlias = Mapping[str, tuple[str, ...]]
"""The tools of each module of `pai_dsw_mcp.tools`."""

TOOLSETS: Final[Mapping[str, Modules]] = MappingProxyType(
    {
        "core": {
            "workspaces": ("list_workspaces", "get_workspace"),
            "ecs_specs": ("list_ecs_specs",),
            "images": ("list_images",),
            "datasets": ("list_datasets",),
            "instances": ("list_instances", "get_instance"),
            "waiting": ("wait_for_instance",),
            "check_environment": ("check_environment",),
            "create_instance": ("create_instance",),
            "update_instance": ("update_instance",),
            "start_stop": ("start_instance", "stop_instance"),
            "auto_stop": ("set_auto_stop",),
            "events": ("get_instance_events",),
        },
        "monitoring": {
            "diagnose": ("diagnose_instance",),
            "metrics": ("get_instance_metrics",),
            "idle": ("list_idle_instances",),
            "snapshots": ("list_snapshots", "create_snapshot"),
            "labels": ("update_labels",),
        },
        "cost": {
            "costs": ("get_costs",),
            "stop_instances": ("stop_instances",),
            "clear_auto_stop": ("clear_auto_stop",),
        },
        "workspace": {
            "members": ("list_members", "list_roles", "list_permissions"),
            "workspace_setup": ("get_workspace_settings", "list_resources"),
            "create_workspace": ("create_workspace",),
            "workspace_changes": ("update_workspace", "update_workspace_settings"),
            "member_changes": ("add_member", "set_member_roles", "remove_member"),
        },
        "quota": {"quotas": ("list_quotas", "get_quota")},
        "advanced": {},
    }
)
_ADVANCED: Final = (
    *("disk_gib", "spot_strategy", "spot_price_limit", "driver", "extended_cidrs", "default_route"),
    *("user_id", "user_command"),
)
PARAMETERS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "monitoring": {"list_instances": ("labels",), "get_instance_events": ("level",)},
        "cost": {"list_instances": ("min_price", "min_running_hours", "order")},
        "quota": {
            "list_instances": ("resource_id",),
            "create_instance": ("resource_id", "requested_resource", "priority"),
            "update_instance": ("requested_resource",),
        },
        "advanced": {
            "list_ecs_specs": ("min_memory", "sort_by"),
            "list_datasets": ("data_type",),
            "list_instances": ("accessibility", "create_user_id", "created_after"),
            "create_instance": (*_ADVANCED, "tags"),
            "update_instance": (*_ADVANCED, "remove"),
            "set_auto_stop": ("cpu_percent", "gpu_percent"),
        },
    }
)
"""The parameters that come with a toolset, for tools of another one: without it they would cost tokens for nothing."""
ALL: Final = "all"
DEFAULT: Final = "core"


def tools_of(toolsets: Sequence[str]) -> tuple[str, ...]:
    """The names of every tool in these toolsets, in the order in which they are listed.

    Raises:
        ValueError: There is no such toolset.
    """
    unknown = [name for name in toolsets if name not in TOOLSETS and name != ALL]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not a toolset; there are {', '.join(TOOLSETS)} and {ALL}")
    wanted = [modules for name, modules in TOOLSETS.items() if name in toolsets or ALL in toolsets]
    return tuple(tool for modules in wanted for tools in modules.values() for tool in tools)


def tools_named(names: Sequence[str]) -> tuple[str, ...]:
    """The same names.

    Raises:
        ValueError: There is no such tool.
    """
    every = tools_of([ALL])
    unknown = [name for name in names if name not in every]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not a tool; there are {', '.join(every)}")
    return tuple(names)


def parameters_left_out(tool: str, toolsets: Collection[str], offered: Collection[str]) -> dict[str, str]:
    """The parameters that this tool is offered without, each with its toolset.

    A toolset counts as offered if it was named, or if one of its tools is offered.
    """
    if ALL in toolsets:
        return {}
    return {
        parameter: toolset
        for toolset, tools in PARAMETERS.items()
        if toolset not in toolsets and not any(each in offered for each in tools_of([toolset]))
        for parameter in tools.get(tool, ())
    }
