"""Every parameter that more than one tool takes, described once."""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field

from pai_dsw_mcp.cloud.operations import ID_PATTERNS
from pai_dsw_mcp.model.instance import AcceleratorType as AcceleratorKind
from pai_dsw_mcp.model.region import REGIONS


def _known_region(region_id: str) -> str:
    if region_id not in REGIONS:
        raise ValueError(f"not a region of PAI DSW; the regions are {', '.join(REGIONS)}")
    return region_id


INSTANCE_NAME: Final = r"^[A-Za-z0-9_]{1,27}$"

RegionId: TypeAlias = Annotated[
    str, AfterValidator(_known_region), Field(description="E.g. cn-hangzhou. Ask the person; no default.")
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
