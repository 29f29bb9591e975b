"""Every name that a page may write as code, taken from whatever defines it."""

import inspect
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any, Final, get_args

import alibabacloud_aiworkspace20210204.models as workspace_models
import alibabacloud_pai_dsw20220101.models as dsw_models
import alibabacloud_paistudio20220112.models as paistudio_models

from pai_dsw_mcp.errors import ErrorKind
from pai_dsw_mcp.gate.outcome import Status
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.model.status import ALL_STATUSES
from pai_dsw_mcp.model.writes import ApiProduct
from pai_dsw_mcp.settings import ApproveMode
from pai_dsw_mcp.tools import answer_card
from pai_dsw_mcp.toolsets import ALL, TOOLSETS
from pai_emulator.data.images import images
from pai_emulator.data.specs import ecs_specs
from pai_emulator.lifecycle import REASONS
from tests.skill.pages import TOOLS, names_in, reference, spans_of

MODELS: Final[tuple[ModuleType, ...]] = (dsw_models, workspace_models, paistudio_models)

EXAMPLES: Final = {
    *("iris_lab", "pai_lab_workspace", "public_reviews", "team_project_purpose", "train_1", "train_v2"),
    "training_corpus",
}
"""Names of instances, workspaces and datasets in the conversations on the pages."""

OF_THE_VENDOR: Final = {
    *("PAI.AlgoDeveloper", "PAI.AlgoOperator", "PAI.LabelManager", "PAI.MaxComputeDeveloper"),
    *("PAI.WorkspaceAdmin", "PAI.WorkspaceGuest", "PAI.WorkspaceOwner"),
    *("AccessDenied", "AssumeRole", "GetCallerIdentity", "PayAsYouGo", "PostPaid", "PrePaid"),
}
"""Roles, values and an operation that no module of ours or of the SDK spells out: from the vendor's lists."""

OF_THE_CLI: Final = {
    "version",
    "configure",
    "configure list",
    "configure set",
    "plugin install",
    "plugin update",
    "ossutil",
}
"""What the vendor's command line understands apart from the products."""

PERMISSIONS: Final = {
    *("CreatePostPaidInstance", "CreatePrePaidInstance", "UpdatePostPaidInstance", "UpdatePrePaidInstance"),
    *("DeletePostPaidInstance", "DeletePrePaidInstance", "ListAllInstances", "ListAllInstanceStatistics"),
    *("OpenInstance", "AddWorkspaceRole", "RemoveWorkspaceRole", "Accessibility", "EntityAccessType"),
}
"""Actions and conditions of RAM that are no operations: from the vendor's list of roles and permissions."""


def _classes() -> Iterator[tuple[str, type[Any]]]:
    for module in MODELS:
        yield from ((name, each) for name, each in vars(module).items() if inspect.isclass(each))


@cache
def operations() -> frozenset[str]:
    """Every operation of the SDKs."""
    endings = re.compile(r"(Request|Response)$")
    return frozenset(endings.sub("", name) for name, _ in _classes() if endings.search(name))


@cache
def fields() -> frozenset[str]:
    """Every parameter and every field of an answer, as the API spells it."""
    found: set[str] = set()
    for _, model in _classes():
        found |= set(re.findall(r"result\['([\w-]+)'\]", inspect.getsource(model.to_map)))
    return frozenset(found)


@cache
def codes() -> frozenset[str]:
    """Every error code of the service: those that `errors.md` explains."""
    rows = reference("errors.md").section("## The service's own codes").tables[0][1:]
    return frozenset({span for row in rows for span in spans_of(row[1])} | {code for code, _ in REASONS.values()})


def labels() -> set[str]:
    """The keys of the labels that images have."""
    return {label["Key"] for image in images("cn-hangzhou").values() for label in image["Labels"]}


@cache
def of_the_server() -> frozenset[str]:
    """Every name that the server has for a tool, an argument, a field, a value, an outcome, a kind of error, a mode."""
    schemas = [schema for tool in TOOLS.values() for schema in (tool.parameters, tool.output_schema)]
    flags = {*get_args(ApproveMode), *get_args(ApiProduct), *TOOLSETS, ALL, "public", "vpc"}
    of_cards = {tool.name for tool in answer_card.tools()}
    return frozenset(
        {*TOOLS, *of_cards, *names_in(schemas), *ErrorKind, *get_args(Status), *ALL_STATUSES, *flags, *EXAMPLES}
    )


def specs() -> set[str]:
    """The specs that the emulator offers with what they say of their stock, and the vendor's own example of one."""
    rows = ecs_specs("cn-hangzhou")
    return {*rows, *(row["SpotStockStatus"] for row in rows.values()), "ecs.hfc6.10xlarge"}


def packages() -> set[str]:
    """The packages of the two SDKs."""
    return {module.__name__.partition(".")[0] for module in MODELS}


@cache
def names() -> frozenset[str]:
    """All of them."""
    ours = of_the_server() | labels() | specs() | packages() | set(REGIONS)
    return ours | operations() | fields() | codes() | PERMISSIONS | OF_THE_VENDOR
