"""The settings of a workspace.

Documented: the categories, and which key belongs to which. Observed in the vendor's SDK: `modelExportPath` and
`tempTableLifecycle`. Third party: the keys of log forwarding. Assumed: the form of the values, that a key which is
unknown or not of its category is dropped without a word, as a third party saw it of other updates.
"""

from typing import Final

from pai_emulator.call import Call
from pai_emulator.clock import rfc3339
from pai_emulator.members import rows, workspace_of
from pai_emulator.query import Query
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_CATEGORY: Final = {
    "modelExportPath": {"CommonResourceConfig"},
    "tempStoragePath": {"CommonResourceConfig"},
    "tempTableLifecycle": {"CommonResourceConfig"},
    "slsConfigDSW": {"CommonResourceConfig"},
    "slsConfigDLC": {"CommonResourceConfig"},
    "isAutoRecycle": {"DLCAutoRecycle"},
    "priorityConfig": {"DLCPriorityConfig", "DSWPriorityConfig"},
    "quotaMaximumDuration": {"QuotaMaximumDuration"},
    "predefinedTags": {"CommonTagConfig"},
}
"""The categories of each key."""


def list_configs(world: World, call: Call) -> JsonObject:
    """ListConfigs."""
    query = Query(call)
    _, workspace = workspace_of(world, call)
    keys, category, labels = query.csv("ConfigKeys"), query.text("CategoryName"), query.csv("Labels")
    hidden = {"CategoryName", *(() if query.flag("Verbose") else ("Labels",))}
    found = [
        {name: value for name, value in config.items() if name not in hidden}
        for config in workspace["Configs"]
        if (not keys or config["ConfigKey"] in keys)
        and category in {None, config["CategoryName"]}
        and labels <= {f"{label['Key']}={label['Value']}" for label in config["Labels"]}
    ]
    return {"Configs": found, "TotalCount": len(found)}


def update_configs(world: World, call: Call) -> JsonObject:
    """UpdateConfigs."""
    region, workspace = workspace_of(world, call)
    if world.faults.drops_updates(call.region_id):
        return {}
    now = rfc3339(world.clock.now())
    kept: dict[tuple[str, str], JsonObject] = {
        (config["CategoryName"], config["ConfigKey"]): config for config in workspace["Configs"]
    }
    for row in rows(call.body.get("Configs")):
        place = (str(row.get("CategoryName")), str(row.get("ConfigKey")))
        if place[0] not in _CATEGORY.get(place[1], ()):
            continue
        before = kept.get(place, {"ConfigId": f"config-{workspace['WorkspaceId']}-{len(kept)}", "GmtCreateTime": now})
        kept[place] = {
            **before,
            "CategoryName": place[0],
            "ConfigKey": place[1],
            "ConfigValue": str(row.get("ConfigValue") or ""),
            "Labels": list(rows(row.get("Labels"))),
            "GmtModifiedTime": now,
        }
    workspace["Configs"] = tuple(kept.values())
    region.keep_workspace(workspace)
    return {}
