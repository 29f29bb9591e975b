"""The environment that this server works in."""

from typing import Annotated

from mcp_types import CallToolResult
from pydantic import AfterValidator, Field

from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.region import regions_named
from pai_dsw_mcp.tools._diagnosis import Diagnosis, diagnose
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool


async def check_environment(
    context: ToolContext,
    region_ids: Annotated[
        list[str], AfterValidator(regions_named), Field(description='["ALL"] for every region; default: a few.')
    ] = [],  # noqa: B006  # nothing changes it
) -> Annotated[CallToolResult, Diagnosis]:
    """What works here and what to mend: credentials, clock, account, network, activation, workspaces, rights."""
    services = services_of(context)
    return answer(await diagnose(services.cloud, services.limits, region_ids))


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [tool(check_environment, title="Check the environment", annotations=READ)]
