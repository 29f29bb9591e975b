"""Images: what an instance starts with."""

from collections.abc import Sequence
from typing import Annotated

from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.catalogue import Image, ImageFilter
from pai_dsw_mcp.model.instance import AcceleratorType as ChipType
from pai_dsw_mcp.model.instance import Label
from pai_dsw_mcp.tools._arguments import Cursor, Detail, Limit, RegionId, WorkspaceId
from pai_dsw_mcp.tools._checks import chip_of
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._rows import ImageList, frameworks_of, image_row
from pai_dsw_mcp.tools._tool import READ, StrictTool, tool


async def list_images(
    context: ToolContext,
    region_id: RegionId,
    chip_type: ChipType | None = None,
    name: Annotated[str | None, Field(description="Part of the name.")] = None,
    framework: Annotated[str | None, Field(description="e.g. PyTorch.")] = None,
    official: Annotated[bool | None, Field(description="true: PAI's own; false: custom ones.")] = None,
    workspace_id: WorkspaceId | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 20,
    detail: Detail = "brief",
) -> Annotated[CallToolResult, ImageList]:
    """Images that DSW supports, newest first. The chip type must equal the accelerator type of the spec."""
    wanted = ImageFilter(workspace_id=workspace_id, name=name, labels=_labels(chip_type, official=official))
    found = await services_of(context).cloud.list_images(region_id, wanted)
    newest_first = sorted(found, key=lambda image: image.created_at or "", reverse=True)
    candidates = [image for image in newest_first if _fits(image, framework, official=official)]
    fitting = [image for image in candidates if chip_type is None or chip_of(image, None) == chip_type]
    about = (
        None if fitting else tell("images_none", region_id=region_id),
        tell("images_newest_first") if len(fitting) > 1 else None,
        _about_chips(candidates, fitting, chip_type),
    )
    return paged(
        fitting,
        cursor,
        limit,
        lambda page: ImageList(
            note=paragraphs(page.position, *about) or None,
            total=page.total,
            next_cursor=page.next_cursor,
            images=[image_row(image, detail) for image in page.rows],
        ),
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [tool(list_images, title="List images", annotations=READ)]


def _labels(chip_type: str | None, *, official: bool | None) -> tuple[Label, ...]:
    """Labels to filter by on the service's side.

    Official images always carry their chip type; custom ones may lack it, so they are filtered after the call.
    """
    wanted = {"system.supported.dsw": "true"}
    if official:
        wanted["system.official"] = "true"
        if chip_type:
            wanted["system.chipType"] = chip_type
    return tuple(Label(key=key, value=value) for key, value in wanted.items())


def _fits(image: Image, framework: str | None, *, official: bool | None) -> bool:
    if official is False and image.label("system.official") == "true":
        return False
    if framework is None:
        return True
    searched = " ".join((image.name, *frameworks_of(image)))
    return framework.casefold() in searched.casefold()


def _about_chips(candidates: Sequence[Image], fitting: Sequence[Image], chip_type: str | None) -> str:
    """Notes on chip types that do not come from a label."""
    guessed = sum(image.label("system.chipType") is None and chip_of(image, None) is not None for image in fitting)
    unknown = sum(chip_of(image, None) is None for image in candidates) if chip_type else 0
    return paragraphs(
        tell("images_chip_guessed", count=guessed) if guessed else None,
        tell("images_chip_unknown", count=unknown) if unknown else None,
    )
