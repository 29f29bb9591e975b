"""Snapshots: the environment of an instance, saved as an image to start others from."""

from dataclasses import dataclass
from typing import Annotated

from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.cloud.gather import both
from pai_dsw_mcp.cloud.snapshots import list_snapshots as read_snapshots
from pai_dsw_mcp.errors import ErrorKind, RefusedError
from pai_dsw_mcp.gate.outcome import WriteResult, nothing_to_do
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.change import Change, Meaning, Parameter, Sentence
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.snapshot import NewSnapshot, Snapshot
from pai_dsw_mcp.model.writes import CREATE_SNAPSHOT
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._arguments import Cursor, ImageUrl, InstanceId, Limit, RegionId, rule
from pai_dsw_mcp.tools._checks import change_of, find_image, requests_for, saving_warnings, wrong_state
from pai_dsw_mcp.tools._instance_rows import reasons_are_data
from pai_dsw_mcp.tools._meanings import image_in_time, machine_of, meanings_of_machine, meanings_of_quota, spec_of
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._projection import NOT_EMPTY, Listed, Moment, Projection, Shown
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._tool import READ, StrictTool, tool, writing_tool

_IN_THE_MAKING = frozenset({"Committing", "Pushing"})
_SAVED = "Saved"
_FAILED = "Failed"
_CAN_BE_SAVED = frozenset({"Running", "SaveFailed"})
"""Assumed: the documents name no status."""

_NAME_RULE = "a name has letters, digits, dots, underscores and hyphens, at most 64, a letter or digit first"
SnapshotName = Annotated[
    str,
    rule(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}", _NAME_RULE),
    Field(description="Name of the new image."),
]
TargetUrl = Annotated[
    ImageUrl,
    # Assumed: the API takes no password of a registry, so it can only be one of the same account.
    rule(r"[^/]+\.aliyuncs\.com/.*", "an environment is saved to Container Registry, on a host of aliyuncs.com"),
    Field(description="Target in Container Registry, with a new tag."),
]
ExcludePaths = Annotated[
    list[
        Annotated[
            str,
            rule(
                r"/[^\s\x00-\x1f\x7f]{1,200}",
                "a path begins with /, and 1 to 200 characters follow, none of them blank",
            ),
        ]
    ],
    Field(max_length=20, description="Folders to leave out."),
]


class SnapshotRow(Projection):
    """A snapshot, its image, and why it failed."""

    snapshot_id: Shown
    snapshot_name: Shown | None = None
    status: Shown | None = None
    image_id: Shown | None = None
    image_url: Shown | None = None
    reason_code: Shown | None = None
    reason_message: Shown | None = None
    exclude_paths: Annotated[list[Shown] | None, NOT_EMPTY] = None
    created_at: Moment | None = None
    modified_at: Moment | None = None


class SnapshotList(Listed):
    """The answer of list_snapshots."""

    snapshots: list[SnapshotRow]


async def list_snapshots(
    context: ToolContext,
    region_id: RegionId,
    instance_id: InstanceId,
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> Annotated[CallToolResult, SnapshotList]:
    """Saved environments of an instance, newest first: progress, the image that results, or why saving failed."""
    found = await read_snapshots(services_of(context).cloud, region_id, instance_id)
    statuses = {snapshot.status for snapshot in found}
    about = (
        None if found else tell("snapshots_none", instance_id=instance_id),
        tell("snapshots_in_the_making") if statuses & _IN_THE_MAKING else None,
        tell("snapshots_saved") if _SAVED in statuses else None,
        tell("snapshots_failed") if _FAILED in statuses else None,
    )
    return paged(
        found,
        cursor,
        limit,
        lambda page: SnapshotList(
            note=paragraphs(page.position, *about, reasons_are_data(*(each.reason_message for each in page.rows)))
            or None,
            total=page.total,
            next_cursor=page.next_cursor,
            snapshots=[SnapshotRow.of(snapshot) for snapshot in page.rows],
        ),
    )


@dataclass(frozen=True, slots=True)
class Save:
    """One environment that is to be saved, and how to read what that depends on."""

    services: Services
    region_id: str
    instance_id: str
    new: NewSnapshot

    async def look(self) -> Proposal | WriteResult:
        """Reads the instance, its snapshots and what is at the address.

        Raises:
            RefusedError: The name or the address is taken, or the instance cannot be saved from its state.
            CloudError: Something could not be read; then nothing is concluded.
        """
        cloud, new = self.services.cloud, self.new
        instance, snapshots = await both(
            cloud.get_instance(self.region_id, self.instance_id),
            read_snapshots(cloud, self.region_id, self.instance_id),
        )
        for each in snapshots:
            if each.status == _FAILED or not {each.snapshot_name, each.image_url} & {new.snapshot_name, new.image_url}:
                continue
            if not _is_same(each, new):
                raise self._taken(each)
            values = {"snapshot_id": each.snapshot_id, "status": each.status, "image_id": each.image_id or "-"}
            return nothing_to_do("snapshot_exists", instance, after=f" {say('snapshot_stands', **values)}")
        if await find_image(cloud, self.region_id, None, new.image_url) is not None:
            raise RefusedError("snapshot_image_taken", image_url=new.image_url)
        if instance.status not in _CAN_BE_SAVED:
            raise wrong_state("snapshot_wrong_state", instance_id=self.instance_id, status=instance.status)
        meanings = {
            **meanings_of_machine(instance, await spec_of(cloud, instance), await image_in_time(cloud, instance)),
            **await meanings_of_quota(cloud, instance),
        }
        return Proposal(self._change(instance, meanings), requests_for(CREATE_SNAPSHOT, instance, new))

    def _taken(self, snapshot: Snapshot) -> RefusedError:
        return RefusedError(
            "snapshot_taken",
            kind=ErrorKind.NAME_TAKEN,
            instance_id=self.instance_id,
            snapshot_id=snapshot.snapshot_id,
            snapshot_name=sanitize(snapshot.snapshot_name, 64),
            image_url=sanitize(snapshot.image_url or "-"),
        )

    def _change(self, instance: Instance, meanings: dict[str, Meaning]) -> Change:
        new = self.new
        excluded = Parameter(name="ExcludePaths", value=tuple((each,) for each in new.exclude_paths))
        return change_of(
            CREATE_SNAPSHOT,
            instance,
            seen=None,
            parameters=(
                Parameter(name="SnapshotName", value=new.snapshot_name),
                Parameter(name="ImageUrl", value=new.image_url),
                *([excluded] if new.exclude_paths else []),
            ),
            kept=machine_of(instance),
            meanings=meanings,
            warnings=(
                *saving_warnings(instance),
                Sentence(key="warn_save_goes_to", values={"image_url": new.image_url}),
                Sentence(key="warn_save_meanwhile", values={"instance_name": instance.instance_name}),
            ),
        )


def _is_same(snapshot: Snapshot, new: NewSnapshot) -> bool:
    left_out = frozenset(filter(None, snapshot.exclude_paths))
    made = (snapshot.snapshot_name, snapshot.image_url, left_out)
    return made == (new.snapshot_name, new.image_url, frozenset(new.exclude_paths))


async def create_snapshot(
    context: ToolContext,
    region_id: RegionId,
    instance_id: InstanceId,
    snapshot_name: SnapshotName,
    image_url: TargetUrl,
    exclude_paths: ExcludePaths | None = None,
) -> Plan:
    """Save the environment of a running instance as an image to start others from; a person has to approve it.

    Installed software is kept, mounted data is not. Answers at once; list_snapshots tells when it is saved.
    """
    left_out = tuple(sorted(set(exclude_paths or ())))
    new = NewSnapshot(snapshot_name=snapshot_name, image_url=image_url, exclude_paths=left_out)
    wish = Save(services_of(context), region_id, instance_id, new)
    return Plan(region_id=region_id, target_id=instance_id, look=wish.look)


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [
        tool(list_snapshots, title="List snapshots of an instance", annotations=READ),
        writing_tool(create_snapshot, title="Save an environment as an image", destructive=False),
    ]
