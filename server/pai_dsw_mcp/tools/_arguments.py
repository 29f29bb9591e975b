"""The parameters that several tools share, each described once, and their checks that need no cloud."""

from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from pai_dsw_mcp.cloud.operations import ID_PATTERNS
from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.model.change import OPERATION_LABEL
from pai_dsw_mcp.model.instance import AcceleratorType as AcceleratorKind
from pai_dsw_mcp.model.instance import DatasetMount, Label, UserVpc
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._checks import labels_in_order, mounts_in_order


def _check_region(region_id: str) -> str:
    if region_id not in REGIONS:
        raise ValueError(f"not a region of PAI DSW; the regions are {', '.join(REGIONS)}")
    return region_id


INSTANCE_NAME: Final = r"^[A-Za-z0-9_]{1,27}$"

RegionId: TypeAlias = Annotated[
    str, AfterValidator(_check_region), Field(description="E.g. cn-hangzhou. Ask the person; no default.")
]
WorkspaceId: TypeAlias = Annotated[
    str, Field(pattern=f"^{ID_PATTERNS['workspace_id']}$", description="From list_workspaces, e.g. 40823.")
]
InstanceId: TypeAlias = Annotated[
    str, Field(pattern=f"^{ID_PATTERNS['instance_id']}$", description="E.g. dsw-05cefd0be2e5a278.")
]
InstanceName: TypeAlias = Annotated[
    str, Field(pattern=INSTANCE_NAME, description="Letters, digits, underscores; at most 27.")
]
EcsSpec: TypeAlias = Annotated[
    str,
    Field(pattern=r"^ecs\.[a-z0-9][a-z0-9.\-]{1,60}$", description="From list_ecs_specs, e.g. ecs.g6.large."),
]
ImageId: TypeAlias = Annotated[
    str, Field(pattern=f"^{ID_PATTERNS['image_id']}$", description="From list_images; either this or image_url.")
]
DatasetId: TypeAlias = Annotated[
    str, Field(pattern=f"^{ID_PATTERNS['dataset_id']}$", description="From list_datasets.")
]
AcceleratorType: TypeAlias = Annotated[
    AcceleratorKind, Field(description="CPU or GPU. Ask when the person's use leaves it open.")
]
Detail: TypeAlias = Literal["brief", "full"]
Limit: TypeAlias = Annotated[int, Field(ge=1, le=100)]
Cursor: TypeAlias = Annotated[
    str, Field(pattern=r"^[1-9][0-9]{0,6}$", description="next_cursor of the previous answer.")
]
_LABEL_TEXT: Final = r"^[^\x00-\x1f\x7f]*$"

ImageUrl: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-]{1,200}(/[A-Za-z0-9._\-]{1,200}){1,8}:[A-Za-z0-9._\-]{1,128}$",
        description="Image address with tag; either this or image_id.",
    ),
]
VpcId: TypeAlias = Annotated[str, Field(pattern=r"^vpc-[A-Za-z0-9]{4,64}$")]
VSwitchId: TypeAlias = Annotated[str, Field(pattern=r"^vsw-[A-Za-z0-9]{4,64}$")]
SecurityGroupId: TypeAlias = Annotated[str, Field(pattern=r"^sg-[A-Za-z0-9]{4,64}$")]


class WantedDataset(BaseModel):
    """Exactly one of dataset_id and uri."""

    model_config = ConfigDict(extra="forbid")

    dataset_id: DatasetId | None = None
    uri: (
        Annotated[
            str,
            Field(pattern=r"^(oss|nas|cpfs|bmcpfs)://[^\s\x00-\x1f]{3,500}$", description="oss, nas, cpfs or bmcpfs."),
        ]
        | None
    ) = None
    mount_path: Annotated[str, Field(pattern=r"^/[A-Za-z0-9._/\-]{1,200}$")]
    mount_access: Literal["RO", "RW"]

    @model_validator(mode="after")
    def one_source(self) -> Self:
        """Exactly one of the two ways to name the data."""
        if (self.dataset_id is None) == (self.uri is None):
            raise ValueError(say("dataset_choice"))
        return self


class WantedLabel(BaseModel):
    """A custom label. Keys: 1-128 characters, not starting with `aliyun` or `acs:`, no `http(s)://`."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, Field(min_length=1, max_length=128, pattern=_LABEL_TEXT)]
    value: Annotated[str, Field(max_length=128, pattern=_LABEL_TEXT)] = ""

    @model_validator(mode="after")
    def allowed(self) -> Self:
        """Refuses the keys that the service, or this server, reserves."""
        reserved = self.key.lower().startswith(("aliyun", "acs:")) or "://" in self.key + self.value
        if reserved or self.key == OPERATION_LABEL:
            raise ValueError(say("label_reserved"))
        return self


Datasets: TypeAlias = Annotated[
    list[WantedDataset], Field(max_length=10, description="Mounts the person named; never assumed.")
]
Labels: TypeAlias = Annotated[list[WantedLabel], Field(max_length=10)]


def mounts(datasets: list[WantedDataset] | None) -> tuple[DatasetMount, ...]:
    """The datasets as they are sent, sorted, because their order means nothing."""
    return mounts_in_order(
        DatasetMount(
            dataset_id=each.dataset_id, uri=each.uri, mount_path=each.mount_path, mount_access=each.mount_access
        )
        for each in datasets or []
    )


def labels_of(labels: list[WantedLabel] | None) -> tuple[Label, ...]:
    """The labels as they are sent, sorted, because their order means nothing."""
    return labels_in_order(Label(key=each.key, value=each.value) for each in labels or [])


def vpc_of(vpc_id: str | None, v_switch_id: str | None, security_group_id: str | None) -> UserVpc | None:
    """The network as it is sent.

    Raises:
        InputError: A switch or a security group without their VPC.
    """
    if vpc_id is None:
        if v_switch_id is not None or security_group_id is not None:
            raise InputError("vpc_incomplete")
        return None
    return UserVpc(vpc_id=vpc_id, v_switch_id=v_switch_id, security_group_id=security_group_id)
