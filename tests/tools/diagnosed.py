"""What a diagnosis says, line by line."""

from collections.abc import Mapping

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.model.limits import Limits
from pai_dsw_mcp.tools._diagnosis import diagnose
from tests.tools.reading_desk import REGION


def words(check: Mapping[str, str]) -> str:
    """State, what was found, and what to do."""
    to_do = f" -> {check['what_to_do']}" if "what_to_do" in check else ""
    return f"{check['state']}: {check['found']}{to_do}"


async def lines(cloud: Cloud) -> dict[str, str]:
    """Every line of one region by its name; the cloud is closed afterwards."""
    async with cloud:
        found = await diagnose(cloud, Limits(), [REGION])
    return {check.name: words(check.model_dump(exclude_none=True)) for check in found.checks}
