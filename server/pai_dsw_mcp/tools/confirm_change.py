"""confirm_change: the chat channel. Registered only with --approve chat; a speed bump, not proof of a person."""

from typing import Annotated

from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.plain_text import as_plain_text, fits_a_message
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate.outcome import WriteResult, result
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.tools._arguments import rule
from pai_dsw_mcp.tools._tool import StrictTool, answer, tool, writes

Code = Annotated[
    str,
    rule("[A-Z0-9]{4}-[A-Z0-9]{4}", "a code looks like K7Q2-9MTX"),
    Field(description="The approval code, e.g. K7Q2-9MTX."),
]


async def confirm_change(context: ToolContext, code: Code) -> Annotated[CallToolResult, WriteResult]:
    """Record that the person said yes in this chat to the change with this approval code.

    Call it only after they saw the change and answered yes; then repeat the call that gave the code.
    """
    services = services_of(context)
    journal = services.journal
    waiting = await journal.find_by_reference(code)
    if waiting is None or waiting.principal != (await services.cloud.identity()).principal:
        raise RefusedError("code_unknown", code=code)
    text = describe(waiting.reference, waiting.change, "en", expires_at=waiting.expires_at)
    if not fits_a_message(as_plain_text(text, can_type=False)):
        # Asked by another server, through a channel that has the room.
        raise RefusedError("chat_too_small")
    approval = await journal.decide(waiting.approval_id, approve=True, channel="chat")
    return answer(result("approved", "chat_confirmed", approval=approval, tool=approval.tool))


def tools() -> list[StrictTool]:
    """The tool of this file."""
    return [tool(confirm_change, title="Confirm a change in the chat", annotations=writes(destructive=True))]
