"""What ours is compared with: a server of the same SDK with as many typed tools, which do nothing."""

import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from mcp.server.mcpserver import MCPServer
from pydantic import BaseModel, Field


class Echo(BaseModel):
    """A small structured result."""

    region_id: str
    limit: int


def _trivial(number: int) -> Callable[..., Awaitable[Echo]]:
    async def tool(
        region_id: str,
        instance_id: Annotated[str, Field(pattern=r"^dsw-[a-z0-9]{4,64}$")] = "dsw-0000",
        limit: Annotated[int, Field(ge=1, le=100)] = 20,
        detail: Literal["brief", "full"] = "brief",
    ) -> Echo:
        """Gives back what it was given."""
        return Echo(region_id=region_id, limit=limit)

    tool.__name__ = f"tool_{number}"
    return tool


def main() -> None:
    """Serves on stdio; the argument is the number of tools."""
    server = MCPServer("bare")
    for number in range(int(sys.argv[1])):
        server.add_tool(_trivial(number))
    server.run("stdio")


if __name__ == "__main__":
    main()
