"""The body of every writing tool: a permit is run, an answer is given."""

from mcp_types import CallToolResult

from pai_dsw_mcp.gate.ask import Ruling
from pai_dsw_mcp.gate.outcome import WriteResult
from pai_dsw_mcp.tools._tool import answer


async def carry_out(ruling: Ruling) -> CallToolResult:
    """Runs a permit; without one, tells why there is none.

    Raises:
        PaiDswError: The write was refused, and surely nothing happened.
    """
    ended = ruling if isinstance(ruling, WriteResult) else await ruling.run()
    return answer(ended.message, ended)
