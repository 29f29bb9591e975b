"""update_workspace and update_workspace_settings; what the service really took is read back."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from pai_dsw_mcp.cloud import workspaces
from pai_dsw_mcp.cloud.gather import both
from pai_dsw_mcp.errors import InputError, RefusedError
from pai_dsw_mcp.gate.outcome import ReadBack, WriteResult, result
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.change import Change, Parameter, Sentence
from pai_dsw_mcp.model.digest import digest
from pai_dsw_mcp.model.members import NewSetting, NewSettings, WorkspaceChanges
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.model.workspace import Values, Workspace
from pai_dsw_mcp.model.writes import UPDATE_WORKSPACE, UPDATE_WORKSPACE_SETTINGS, Request, WriteSpec
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._arguments import RegionId, WorkspaceId, rule
from pai_dsw_mcp.tools._tool import StrictTool, writing_tool

_STORAGE: Final = "CommonResourceConfig"
_CATEGORIES: Final = {
    "modelExportPath": _STORAGE,
    "tempStoragePath": _STORAGE,
    "priorityConfig": "DSWPriorityConfig",
    "quotaMaximumDuration": "QuotaMaximumDuration",
}
"""Every setting that can be changed here, by its key; DLC has priorities under the same key."""
_ENDPOINT: Final = re.compile(r"oss://[^./]+\.oss-(?P<region>[a-z0-9-]+?)(-internal)?\.aliyuncs\.com/", re.IGNORECASE)
"""A bucket with the endpoint of its region, as the API's documents write it."""
PlainName: TypeAlias = Annotated[
    str, rule("[A-Za-z][A-Za-z0-9_]{2,22}", "3 to 23 letters, digits and underscores, a letter first")
]
Name: TypeAlias = Annotated[PlainName, Field(description="3-23 letters, digits, underscores.")]
Description: TypeAlias = Annotated[
    str, rule(r"[^\x00-\x1f\x7f]{1,80}", "1 to 80 characters on one line"), Field(description="At most 80 characters.")
]
OssPath: TypeAlias = Annotated[
    str,
    rule(
        r"oss://[A-Za-z0-9][A-Za-z0-9.\-]{2,200}/[^\s\x00-\x1f@?]{0,500}",
        "a path looks like oss://bucket.endpoint/folder/",
    ),
    Field(description="oss://bucket.endpoint/folder/"),
]

AsItIs: TypeAlias = Annotated[
    str,
    rule(r"[^\x00-\x1f\x7f]{1,500}", "1 to 500 characters on one line"),
    Field(description="In the form of the present value."),
]


@dataclass(frozen=True, slots=True)
class _Wish:
    """The values that a workspace shall have, by the API's names."""

    services: Services
    region_id: str
    workspace_id: str
    wanted: dict[str, str]

    def plan(self, look: Callable[[], Awaitable[Proposal | WriteResult]]) -> Plan:
        """The plan of one of the two tools.

        Raises:
            InputError: There is nothing to change.
        """
        if not self.wanted:
            raise InputError("nothing_to_set")
        return Plan(region_id=self.region_id, target_id=self.workspace_id, look=look)

    async def update(self) -> Proposal | WriteResult:
        """Reads the names of the workspace.

        Raises:
            CloudError: It could not be read; then nothing is concluded.
        """
        workspace = await self._workspace()
        body = WorkspaceChanges(display_name=self.wanted.get("DisplayName"), description=self.wanted.get("Description"))
        return self._proposal(UPDATE_WORKSPACE, workspace, workspace.values, body, self._names_found)

    async def settings(self) -> Proposal | WriteResult:
        """Reads the settings of the workspace.

        Raises:
            RefusedError: One has no value yet whose form could be kept.
            CloudError: They could not be read; then nothing is concluded.
        """
        workspace, present = await both(self._workspace(), self._settings())
        body = NewSettings(
            configs=tuple(
                NewSetting(category_name=_CATEGORIES[key], config_key=key, config_value=value)
                for key, value in self.wanted.items()
            )
        )
        new = [key for key in self.wanted if _CATEGORIES[key] != _STORAGE and key not in present]
        if new:
            raise RefusedError("setting_form_unknown", setting=new[0])
        is_storage = {_CATEGORIES[key] == _STORAGE for key in self.wanted}
        warnings = (
            *((Sentence(key="warn_storage_moves_nothing"),) if True in is_storage else ()),
            *self._places_of_storage(),
            *((Sentence(key="warn_form_unknown"),) if False in is_storage else ()),
        )
        return self._proposal(UPDATE_WORKSPACE_SETTINGS, workspace, present, body, self._settings_found, *warnings)

    def _proposal(
        self,
        spec: WriteSpec,
        workspace: Workspace,
        present: Mapping[str, Values],
        body: Value,
        read_back: Callable[[str], Awaitable[ReadBack]],
        *warnings: Sentence,
    ) -> Proposal | WriteResult:
        name = workspace.workspace_name
        if all(present.get(key) == value for key, value in self.wanted.items()):
            return result("nothing_to_do", "workspace_equal", name=sanitize(name))
        change = Change(
            action=spec.action,
            region_id=self.region_id,
            target_name=name,
            target_id=self.workspace_id,
            parameters=(
                Parameter(name="RegionId", value=self.region_id),
                Parameter(name="WorkspaceId", value=self.workspace_id),
                *(
                    Parameter(name=key, value=value, before=present.get(key) or "-")
                    for key, value in self.wanted.items()
                ),
            ),
            warnings=warnings,
            fingerprint=digest([spec.action, self.workspace_id, name, [present.get(key) for key in self.wanted]]),
        )
        request = Request(spec.requests[0], body, {"workspace_id": self.workspace_id})
        return Proposal(change, (request,), read_back=read_back)

    def _places_of_storage(self) -> Iterator[Sentence]:
        """A warning about every bucket that is not seen to be in the region of the workspace."""
        for path in (value for key, value in self.wanted.items() if _CATEGORIES[key] == _STORAGE):
            found = _ENDPOINT.match(path)
            bucket_region = found["region"] if found else ""
            values = {"path": path, "region_id": self.region_id}
            if bucket_region != self.region_id and bucket_region in REGIONS:
                yield Sentence(key="warn_storage_other_region", values={**values, "other_region": bucket_region})
            elif bucket_region != self.region_id:
                endpoint = f"oss-{self.region_id}-internal.aliyuncs.com"
                yield Sentence(key="warn_storage_region_unknown", values={**values, "endpoint": endpoint})

    async def _workspace(self) -> Workspace:
        return await self.services.cloud.get_workspace(self.region_id, self.workspace_id)

    async def _settings(self) -> dict[str, str]:
        found = await workspaces.list_settings(self.services.cloud, self.region_id, self.workspace_id)
        return {each.key: each.value or "" for each in found if each.category == _CATEGORIES.get(each.key)}

    async def _names_found(self, _workspace_id: str) -> ReadBack:
        return compared(self.wanted, (await self._workspace()).values)

    async def _settings_found(self, _workspace_id: str) -> ReadBack:
        return compared(self.wanted, await self._settings())


def compared(wanted: Mapping[str, Values], found: Mapping[str, Values]) -> ReadBack:
    """Whether what was found has every value that was approved, in words."""
    is_so = all(found.get(key) == value for key, value in wanted.items())
    what = "; ".join(f"{key}: {_told(found.get(key, ''))}" for key in wanted)
    return ReadBack(is_so=is_so, told=say("read_back_so" if is_so else "read_back_not_so", what=sanitize(what, 600)))


def _told(value: Values) -> str:
    return (value if isinstance(value, str) else "; ".join(map(", ".join, value))) or "-"


async def update_workspace(
    context: ToolContext,
    region_id: RegionId,
    workspace_id: WorkspaceId,
    display_name: Name | None = None,
    description: Description | None = None,
) -> Plan:
    """Change the display name or the description of a workspace; a person has to approve it."""
    given = {"DisplayName": display_name, "Description": description}
    wish = _Wish(services_of(context), region_id, workspace_id, _set(given))
    return wish.plan(wish.update)


async def update_workspace_settings(
    context: ToolContext,
    region_id: RegionId,
    workspace_id: WorkspaceId,
    default_storage: OssPath | None = None,
    temporary_storage: OssPath | None = None,
    dsw_priorities: AsItIs | None = None,
    longest_job: AsItIs | None = None,
) -> Plan:
    """Set storage paths and scheduling of a workspace; a person has to approve it. See get_workspace_settings first."""
    given = {
        "modelExportPath": default_storage,
        "tempStoragePath": temporary_storage,
        "priorityConfig": dsw_priorities,
        "quotaMaximumDuration": longest_job,
    }
    wish = _Wish(services_of(context), region_id, workspace_id, _set(given))
    return wish.plan(wish.settings)


def tools() -> list[StrictTool]:
    """The tools of this file."""
    return [
        writing_tool(update_workspace, title="Update a workspace", destructive=False),
        writing_tool(update_workspace_settings, title="Change workspace settings", destructive=True),
    ]


def _set(values: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}
