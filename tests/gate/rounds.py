"""What the attacks on the gate share: rounds carried by hand, a yes on the page, and what was sent."""

from copy import copy
from typing import Any, Self

from mcp.client import Client
from mcp_types import CallToolResult, ElicitRequest, ElicitRequestParams, ElicitResult, InputRequiredResult

from tests.support.desk import REGION, Desk


def posts(desk: Desk) -> list[str]:
    return [entry["operation"] for entry in desk.steering.writes()]


async def approve(desk: Desk) -> None:
    """A person's yes on the page to the one change that waits."""
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=True, channel="page")


class Conversation:
    """A modern client that carries each round by hand."""

    def __init__(self, client: Client, tool: str, arguments: dict[str, Any]) -> None:
        self._client = client
        self._tool = tool
        self._arguments = {"region_id": REGION, **arguments}
        self.question: ElicitRequestParams
        self._key = ""
        self._state: str | None = None

    async def ask(self) -> None:
        asked = await self._client.session.call_tool(self._tool, self._arguments, allow_input_required=True)
        assert isinstance(asked, InputRequiredResult)
        self._key, request = next(iter((asked.input_requests or {}).items()))
        assert isinstance(request, ElicitRequest)
        self.question = request.params
        self._state = asked.request_state

    def at(self, client: Client) -> Self:
        """The same question, to be answered through this client."""
        there = copy(self)
        there._client = client
        return there

    async def answer(self, reply: ElicitResult) -> CallToolResult:
        ended = await self._client.session.call_tool(
            self._tool,
            self._arguments,
            input_responses={self._key: reply},
            request_state=self._state,
            allow_input_required=True,
        )
        assert isinstance(ended, CallToolResult)
        return ended
