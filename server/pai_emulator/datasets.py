"""The AIWorkSpace operations on datasets.

Documented: the parameters and defaults, that the default workspace is taken where none is given, that a private
dataset is for its owner and administrators, 201300003 for one that does not exist (a third party). Assumed: that names
and labels match without regard to case, that the default order is by creation.
"""

from collections.abc import Iterator
from typing import Final

from pai_emulator.call import Call, User
from pai_emulator.errors import dataset_not_found, workspace_not_found
from pai_emulator.query import Query
from pai_emulator.region_state import RegionState
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_SORT_FIELDS: Final = {"GmtCreateTime", "GmtModifiedTime", "Name"}
_ACCESSIBILITIES: Final = {"PUBLIC", "PRIVATE", "ROLE_PUBLIC"}
_LISTS: Final = {
    "DatasetIds": "DatasetId",
    "DataSourceTypes": "DataSourceType",
    "DataTypes": "DataType",
    "Properties": "Property",
    "SourceTypes": "SourceType",
}
"""Parameters that list values, and the field that must have one of them."""
_EXACT: Final = ("Edition", "Provider", "SourceId", "SourceDatasetId")


def list_datasets(world: World, call: Call) -> JsonObject:
    """ListDatasets."""
    query, region = Query(call), world.region(call.region_id)
    workspace_id = _workspace_id(region, call, query)
    found = [
        dataset
        for dataset in _seen(region, call.user)
        if dataset["WorkspaceId"] == workspace_id and _matches(dataset, query)
    ]
    page = query.page(default_size=10).cut(query.sort(found, _SORT_FIELDS))
    listed = [_listed(dataset) for dataset in page]
    return {"Datasets": listed, "TotalCount": len(found)}


def get_dataset(world: World, call: Call) -> JsonObject:
    """GetDataset."""
    for dataset in _seen(world.region(call.region_id), call.user):
        if dataset["DatasetId"] == call.path["DatasetId"]:
            return dict(dataset)
    raise dataset_not_found(call.path["DatasetId"])


def _workspace_id(region: RegionState, call: Call, query: Query) -> str:
    default = region.default_workspace() or {}
    workspace_id = query.text("WorkspaceId") or default.get("WorkspaceId")
    if workspace_id not in region.workspaces:
        raise workspace_not_found()
    region.check_member(call, workspace_id, "paidataset:ListDatasets")
    return workspace_id


def _seen(region: RegionState, user: User) -> Iterator[JsonObject]:
    """The datasets that the user may know about. That every member has a role that sees ROLE_PUBLIC is assumed."""
    workspace_ids = {workspace["WorkspaceId"] for workspace in region.member_of(user)}
    return (
        dataset
        for dataset in region.datasets.values()
        if dataset["WorkspaceId"] in workspace_ids
        and (
            dataset["Accessibility"] != "PRIVATE"
            or dataset["UserId"] == user.user_id
            or region.permits(user, dataset["WorkspaceId"], "paidataset:PublishDataset")
        )
    )


def _matches(dataset: JsonObject, query: Query) -> bool:
    name, label = (query.text("Name") or "").casefold(), (query.text("Label") or "").casefold()
    labels = [text.casefold() for pair in dataset["Labels"] for text in pair.values()] or [""]
    lists = {field: query.csv(parameter) for parameter, field in _LISTS.items()}
    return (
        name in dataset["Name"].casefold()
        and any(label in text for text in labels)
        and query.choice("Accessibility", _ACCESSIBILITIES) in {None, dataset["Accessibility"]}
        and all(not wanted or dataset[field] in wanted for field, wanted in lists.items())
        and all(query.text(field) in {None, dataset.get(field)} for field in _EXACT)
        and _is_shared(dataset, query.choice("ShareScope", {"TO_ME", "BY_ME"}))
    )


def _is_shared(dataset: JsonObject, scope: str | None) -> bool:
    if scope == "TO_ME":
        return dataset["IsShared"]
    return scope is None or "SharingConfig" in dataset


def _listed(dataset: JsonObject) -> JsonObject:
    """An item of the list has no `Provider` in the SDK's model."""
    return {name: value for name, value in dataset.items() if name != "Provider"}
