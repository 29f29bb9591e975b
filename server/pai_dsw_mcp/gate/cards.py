"""The card of a change: what a client that draws cards gets beside the answer, and its secret."""

from typing import Final

from mcp.server.apps import client_supports_apps

from pai_dsw_mcp.approval.card_view import card
from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.gate.outcome import WriteResult
from pai_dsw_mcp.gate.services import Services, ToolContext
from pai_dsw_mcp.journal.records import Approval

CARD: Final = "pai-dsw-mcp/card"
"""Under which name the card stands in the `_meta` of a result."""


def with_card(services: Services, approval: Approval, told: WriteResult, context: ToolContext) -> WriteResult:
    """The answer of a call that waits for a person, with the change for a client that draws it."""
    if told.reference is None or told.status != "approval_needed" or not client_supports_apps(context):
        return told
    text = describe(approval.reference, approval.change, services.language, expires_at=approval.expires_at)
    return told.model_copy(update={"card": card(text, told.approve_url)})
