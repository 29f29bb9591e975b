"""What one region holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pai_emulator.call import Call, User
from pai_emulator.data.datasets import datasets
from pai_emulator.data.images import chip_type, images
from pai_emulator.data.quotas import quotas
from pai_emulator.data.roles import ADMINISTRATORS, POINTS
from pai_emulator.data.specs import ecs_specs
from pai_emulator.data.workspaces import workspaces
from pai_emulator.instance import Instance
from pai_emulator.policy import allows, denial
from pai_emulator.types import JsonObject

_VENDORS_REGISTRY: Final = re.compile(r"dsw-registry(-vpc)?\.[a-z0-9-]+\.cr\.aliyuncs\.com/")


@dataclass(frozen=True, slots=True)
class Resources:
    """The compute of an instance. CPU and GPU in units, memory in GiB, GPU memory in GiB a card."""

    accelerator_type: str
    cpu: float
    memory: float
    gpu: float = 0
    gpu_type: str = ""
    gpu_memory: float = 0


@dataclass(slots=True)
class RegionState:
    """A region's catalogue, as JSON objects with the wire's names by id, and its instances in order of creation."""

    region_id: str
    ecs_specs: dict[str, JsonObject]
    workspaces: dict[str, JsonObject]
    quotas: dict[str, JsonObject]
    images: dict[str, JsonObject]
    datasets: dict[str, JsonObject]
    instances: dict[str, Instance] = field(default_factory=dict[str, Instance])
    changed_workspaces: set[str] = field(default_factory=set[str])
    """The ids of those that a request made or changed."""
    revision: int = 0
    """Grows with every change to an instance."""
    listings: dict[Any, Any] = field(default_factory=dict[Any, Any])
    """Cached lists of `revision`, by request."""

    @staticmethod
    def at_start(region_id: str) -> "RegionState":
        """The region in its initial state."""
        return RegionState(
            region_id,
            ecs_specs(region_id),
            workspaces(region_id),
            quotas(region_id),
            images(region_id),
            datasets(region_id),
        )

    def touch(self) -> None:
        """Say that an instance has changed."""
        self.revision += 1
        self.listings.clear()

    def keep_workspace(self, workspace: JsonObject) -> None:
        """Say that a workspace was made or changed; who may see which instance can depend on it."""
        self.workspaces[workspace["WorkspaceId"]] = workspace
        self.changed_workspaces.add(workspace["WorkspaceId"])
        self.touch()

    def default_workspace(self) -> JsonObject | None:
        """The default workspace, if there is one."""
        return next((workspace for workspace in self.workspaces.values() if workspace["IsDefault"]), None)

    def member_of(self, user: User) -> list[JsonObject]:
        """The workspaces that have the user as a member."""
        return [workspace for workspace in self.workspaces.values() if user.user_id in workspace["Members"]]

    def check_member(self, call: Call, workspace_id: str | None, action: str) -> None:
        """Pass, or raise the ApiError that denies `action` in a workspace of others; an unknown one passes."""
        workspace = self.workspaces.get(workspace_id or "")
        if workspace is not None and call.user.user_id not in workspace["Members"]:
            raise denial(action, call)

    def points_of(self, user: User, workspace_id: str | None) -> frozenset[str]:
        """The permission points of the user's roles in a workspace; in any of them where none is named (assumed)."""
        named = [self.workspaces[workspace_id]] if workspace_id in self.workspaces else self.member_of(user)
        carried = (
            POINTS.get(role) or _custom_points(workspace, role)
            for workspace in named
            for role in workspace["Members"].get(user.user_id, ())
        )
        return frozenset[str]().union(*carried)

    def permits(self, user: User, workspace_id: str | None, action: str) -> bool:
        """Whether the user may, by RAM or by a role in the workspace."""
        return allows(user, action, self.points_of(user, workspace_id))

    def owner_of_new(self, user: User, workspace_id: str, asked: str | None) -> str:
        """Who becomes the owner: another one only if an owner or administrator of the workspace names them."""
        return asked if asked is not None and self.administers(user, workspace_id) else user.user_id

    def administers(self, user: User, workspace_id: str) -> bool:
        """Whether the user is an owner or administrator of the workspace; of a deleted one nobody is."""
        members = self.workspaces.get(workspace_id, {}).get("Members", {})
        return not ADMINISTRATORS.isdisjoint(members.get(user.user_id, ()))

    def find_image(self, settings: JsonObject) -> JsonObject | None:
        """The image of the catalogue that the settings name by id or by address; None for one from elsewhere."""
        if "ImageId" in settings:
            return self.images.get(settings["ImageId"])
        # The registry has a public name and one for inside the network.
        uri = settings.get("ImageUrl", "").replace("dsw-registry.", "dsw-registry-vpc.", 1)
        return next((image for image in self.images.values() if image["ImageUri"] == uri), None)

    def can_pull(self, settings: JsonObject) -> bool:
        """Whether the image is there: the vendor's registry has what is in the catalogue, another one anything."""
        return self.find_image(settings) is not None or not _VENDORS_REGISTRY.match(settings.get("ImageUrl", ""))

    def chip_type(self, settings: JsonObject) -> str | None:
        """CPU or GPU, for which the image is made; by its label, else by the markers in its address."""
        image = self.find_image(settings)
        if image is None:
            return chip_type(settings.get("ImageUrl", ""))
        return next((label["Value"] for label in image["Labels"] if label["Key"] == "system.chipType"), None)

    def resources(self, settings: JsonObject) -> Resources:
        """The compute that the settings ask for, by spec or as a share of a resource quota."""
        spec = self.ecs_specs.get(settings.get("EcsSpec", ""))
        if spec is not None and "ResourceId" not in settings:
            gpu, gpu_memory = spec["GPU"], spec.get("GPUMemorySize", 0)
            per_card = gpu_memory / gpu if gpu else 0
            gpu_type = spec.get("GPUType", "")
            return Resources(spec["AcceleratorType"], spec["CPU"], spec["Memory"], gpu, gpu_type, per_card)
        share = settings.get("RequestedResource", {})
        cpu, memory, gpu = (_quantity(share.get(name, "0")) for name in ("CPU", "Memory", "GPU"))
        quota = self.quotas.get(settings.get("ResourceId", ""), {})
        if not gpu:
            return Resources("CPU", cpu, memory)
        return Resources(
            "GPU", cpu, memory, gpu, share.get("GPUType") or quota.get("GPUType", ""), quota.get("GPUMemory", 0)
        )

    def visible_instances(self, user: User) -> Iterator[Instance]:
        """The instances that the user may know about, oldest first."""
        return (instance for instance in self.instances.values() if self.may_see(user, instance))

    def may_see(self, user: User, instance: Instance) -> bool:
        """In the user's workspaces: the user's own instances and public ones; every one for an administrator.

        Documented: the split between `paidsw:ListInstances` and `paidsw:ListAllInstances`, and that administrators of
        a workspace see everything in it. Assumed: that GetInstance and the operations on one instance follow it.
        """
        workspace = self.workspaces.get(instance.workspace_id)
        if workspace is not None and user.user_id not in workspace["Members"]:
            return False
        own_or_public = user.user_id == instance.user_id or instance.settings["Accessibility"] == "PUBLIC"
        return own_or_public or self.permits(user, instance.workspace_id, "paidsw:ListAllInstances")


def _custom_points(workspace: JsonObject, role_id: str) -> Iterator[str]:
    """The points that a custom role lists one by one; those of whole modules are not known."""
    for role in workspace.get("CustomRoles", ()):
        if role["RoleId"] == role_id:
            for module in role["ModulePermissions"]:
                for permission in module.get("Permissions", ()):
                    yield from permission["PermissionCodes"]


def _quantity(text: str) -> float:
    """A number of a resource, in units or GiB: `4`, `8Gi`, `8GB`."""
    return float(text.removesuffix("Gi").removesuffix("GB"))
