"""The parameters that several tools share, each described once, and their checks that need no cloud."""

import re
from collections import Counter
from collections.abc import Set as AbstractSet
from posixpath import normpath
from typing import Annotated, Any, Final, Literal, Self, TypeAlias, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pai_dsw_mcp.cloud.operations import ID_PATTERNS
from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.model.change import OPERATION_LABEL
from pai_dsw_mcp.model.instance import AcceleratorType as AcceleratorKind
from pai_dsw_mcp.model.instance import Accessibility, DatasetMount, Label, UserVpc
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._checks import labels_in_order, mounts_in_order


def _check_region(region_id: str) -> str:
    if region_id not in REGIONS:
        raise ValueError(f"not a region of PAI DSW; the regions are {', '.join(REGIONS)}")
    return region_id


def rule(pattern: str, words: str) -> AfterValidator:
    """A format. The words are told when it is broken, because a model cannot mend a text by a pattern."""

    def check(value: str) -> str:
        if re.fullmatch(pattern, value) is None:
            raise ValueError(words)
        return value

    return AfterValidator(check)


def id_rule(kind: str, example: str) -> AfterValidator:
    """The format of a kind of id."""
    return rule(ID_PATTERNS[kind], f"not an id of this kind, which looks like {example}")


_MOST_EXACT: Final = 2**53 - 1


def _as_text(value: object) -> object:
    """An id that a model wrote as a number. A program in JavaScript rounds a longer number, to the id of another."""
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    if value > _MOST_EXACT:
        raise ValueError("a number this long may have been rounded; write it as a string")
    return str(value)


NumberAsText: Final = BeforeValidator(_as_text)
"""For text that can be all digits."""


def given(arguments: dict[str, Any], optional: AbstractSet[str]) -> dict[str, Any]:
    """The arguments without the optional ones that hold null or nothing: strict hosts have to send every argument."""
    return {name: value for name, value in arguments.items() if name not in optional or value not in (None, "")}


RegionId: TypeAlias = Annotated[
    str, AfterValidator(_check_region), Field(description="E.g. cn-hangzhou. Ask the person; no default.")
]
WorkspaceId: TypeAlias = Annotated[
    str, NumberAsText, id_rule("workspace_id", "40823"), Field(description="From list_workspaces, e.g. 40823.")
]
AnyWorkspaceId: TypeAlias = Annotated[
    str, NumberAsText, rule(f"ALL|{ID_PATTERNS['workspace_id']}", "either ALL or an id that looks like 40823")
]
InstanceId: TypeAlias = Annotated[
    str,
    id_rule("instance_id", "dsw-05cefd0be2e5a278; list_instances finds it by its name"),
    Field(description="From list_instances."),
]
InstanceName: TypeAlias = Annotated[
    str,
    NumberAsText,
    rule(
        "[A-Za-z0-9_]{1,27}",
        "a name has A-Z, a-z, digits and underscores, at most 27; a hyphen is not allowed by the documents",
    ),
    Field(description="A-Z, a-z, 0-9, underscores; at most 27."),
]
PartOfName: TypeAlias = Annotated[
    str,
    NumberAsText,
    # Instances with hyphens exist, against the documents.
    rule(r"[A-Za-z0-9_\-]{1,64}", "a name has letters, digits, underscores and hyphens, at most 64"),
    Field(description="Matches parts of names."),
]
EcsSpec: TypeAlias = Annotated[
    str,
    rule(r"ecs\.[a-z0-9][a-z0-9.\-]{1,60}", "a spec looks like ecs.g6.large, in lower case"),
    Field(description="From list_ecs_specs, e.g. ecs.g6.large."),
]
ImageId: TypeAlias = Annotated[
    str,
    id_rule("image_id", "image-57e6f43bce6c9dace8; an address goes into image_url"),
    Field(description="From list_images; either this or image_url."),
]
QuotaId: TypeAlias = Annotated[
    str, id_rule("quota_id", "quota1ci8g793pgm"), Field(description="From list_quotas, e.g. quota1ci8g793pgm.")
]
DatasetId: TypeAlias = Annotated[
    str,
    id_rule("dataset_id", "d-db67c33e4453a26dc8; an address goes into uri"),
    Field(description="From list_datasets."),
]
AcceleratorType: TypeAlias = Annotated[
    AcceleratorKind, Field(description="CPU or GPU. Ask when the person's use leaves it open.")
]
NewVisibility: TypeAlias = Annotated[
    Accessibility,
    Field(description="PRIVATE (default): owner and administrators. PUBLIC: every workspace member can open it."),
]
Detail: TypeAlias = Literal["brief", "full"]
Limit: TypeAlias = Annotated[int, Field(ge=1, le=100)]
Cursor: TypeAlias = Annotated[
    str,
    NumberAsText,
    rule("[1-9][0-9]{0,6}", "not a cursor; only next_cursor of the previous answer is one"),
    Field(description="next_cursor of the previous answer."),
]
_LABEL_TEXT: Final = rule(r"[^\x00-\x1f\x7f]*", "no line breaks or other control characters")

_IMAGE_PART: Final = r"[A-Za-z0-9._\-]"
_IMAGE_RULES: Final = (
    ("(?!.*://).*", "write it without https:// or the like before the host"),
    ("[^@]*", "name a tag after a colon; a digest after @ is not taken"),
    (r".*:[^/]*", "it has no tag; write it at the end, after a colon"),
    (rf".*:{_IMAGE_PART}{{1,128}}", "its tag has letters, digits, dots, underscores and hyphens, 1 to 128"),
    ("[^/]+/.+", "it has no path between the host and the tag"),
    (r"[A-Za-z0-9][A-Za-z0-9.\-]{1,200}/.*", "its host has letters, digits, dots and hyphens, and no port"),
    (
        rf"[^/]+(/{_IMAGE_PART}{{1,200}}){{1,8}}:{_IMAGE_PART}+",
        "its path has at most 8 parts of letters, digits, dots, underscores and hyphens, none of them empty",
    ),
)
"""What an address of an image has to be, part by part; the first rule that is broken is told."""


def _check_image_url(value: str) -> str:
    for pattern, words in _IMAGE_RULES:
        if re.fullmatch(pattern, value, re.DOTALL) is None:
            raise ValueError(f"an address is host/path:tag: {words}")
    return value


ImageUrl: TypeAlias = Annotated[
    str,
    AfterValidator(_check_image_url),
    Field(description="Image address with tag; either this or image_id."),
]


def _after(kind: str, prefix: str) -> str:
    return f"an id of a {kind} begins with {prefix}, and 4 to 64 letters and digits follow"


VpcId: TypeAlias = Annotated[str, rule("vpc-[A-Za-z0-9]{4,64}", _after("VPC", "vpc-"))]
VSwitchId: TypeAlias = Annotated[str, rule("vsw-[A-Za-z0-9]{4,64}", _after("vSwitch", "vsw-"))]
SecurityGroupId: TypeAlias = Annotated[str, rule("sg-[A-Za-z0-9]{4,64}", _after("security group", "sg-"))]
UserId: TypeAlias = Annotated[str, NumberAsText, rule("[0-9]{1,32}", "an id of a user has digits only, at most 32")]
ResourceId: TypeAlias = Annotated[
    str,
    NumberAsText,
    rule(r"ALL|[A-Za-z0-9\-]{1,64}", "either ALL or an id of letters, digits and hyphens, at most 64"),
    Field(description="Quota or resource group."),
]


class Wanted(BaseModel):
    """A part of an argument, as forgiving as the arguments themselves."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def forgive(cls, value: object) -> object:
        """Fields that are sent because the host has to send them all count as not given."""
        if not isinstance(value, dict):
            return value
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return given(cast("dict[str, Any]", value), optional)


_STORAGE: Final = rule(
    r"(oss|nas|cpfs|bmcpfs)://[^\s\x00-\x1f]{3,500}",
    "an address begins with oss://, nas://, cpfs:// or bmcpfs://, and 3 to 500 characters follow, none of them blank",
)
_MOUNT_PATH: Final = rule(
    r"/[A-Za-z0-9._/\-]{1,200}",
    "a path begins with /, and 1 to 200 letters, digits, dots, underscores, hyphens and slashes follow",
)


class WantedDataset(Wanted):
    """Exactly one of dataset_id and uri."""

    dataset_id: DatasetId | None = None
    uri: Annotated[str, _STORAGE, Field(description="oss, nas, cpfs or bmcpfs.")] | None = None
    mount_path: Annotated[str, _MOUNT_PATH]
    mount_access: Annotated[Literal["RO", "RW"], Field(description="A dataset listed as RO cannot be mounted RW.")]

    @model_validator(mode="after")
    def one_source(self) -> Self:
        """Exactly one of the two ways to name the data."""
        if (self.dataset_id is None) == (self.uri is None):
            raise ValueError(say("dataset_choice"))
        return self


class WantedLabel(Wanted):
    """No key begins with aliyun or acs:, and nothing holds a URL."""

    key: Annotated[str, NumberAsText, Field(min_length=1, max_length=128), _LABEL_TEXT]
    value: Annotated[str, NumberAsText, Field(max_length=128), _LABEL_TEXT] = ""

    @model_validator(mode="after")
    def allowed(self) -> Self:
        """Refuses the keys that the service, or this server, reserves, and URLs."""
        if self.key.lower().startswith(("aliyun", "acs:")) or self.key == OPERATION_LABEL:
            raise ValueError(say("label_reserved", ours=OPERATION_LABEL))
        if "://" in self.key + self.value:
            raise ValueError(say("label_holds_url"))
        return self


Datasets: TypeAlias = Annotated[
    list[WantedDataset], Field(max_length=10, description="Mounts the person named; never assumed.")
]
Labels: TypeAlias = Annotated[list[WantedLabel], Field(max_length=10)]


def mounts(datasets: list[WantedDataset] | None) -> tuple[DatasetMount, ...]:
    """The datasets as they are sent, sorted, because their order means nothing.

    Raises:
        InputError: Two of them have one path.
    """
    found = mounts_in_order(
        DatasetMount(
            dataset_id=each.dataset_id, uri=each.uri, mount_path=each.mount_path, mount_access=each.mount_access
        )
        for each in datasets or []
    )
    paths = Counter(normpath(each.mount_path or "") for each in found)
    taken = next((path for path, count in paths.items() if count > 1), None)
    if taken is not None:
        raise InputError("mount_path_taken", mount_path=taken)
    return found


def labels_of(labels: list[WantedLabel] | None) -> tuple[Label, ...]:
    """The labels as they are sent, sorted, because their order means nothing."""
    return labels_in_order(Label(key=each.key, value=each.value) for each in labels or [])


def vpc_of(
    vpc_id: str | None,
    v_switch_id: str | None,
    security_group_id: str | None,
    extended_cidrs: list[str] | None,
    default_route: str | None,
) -> UserVpc | None:
    """The network as it is sent, its address ranges sorted, because their order means nothing.

    Raises:
        InputError: A part of a network without its VPC.
    """
    if vpc_id is None:
        if v_switch_id or security_group_id or extended_cidrs or default_route:
            raise InputError("vpc_incomplete")
        return None
    return UserVpc(
        vpc_id=vpc_id,
        v_switch_id=v_switch_id,
        security_group_id=security_group_id,
        extended_cidrs=tuple(sorted(set(extended_cidrs or ()))),
        default_route=default_route,
    )
