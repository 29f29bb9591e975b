"""The card of a change: what a client that draws cards gets beside the answer, and who may answer on it."""

from typing import Final

from mcp.server.apps import client_supports_apps

from pai_dsw_mcp.approval.card_view import card, wanted_name
from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.gate.outcome import WriteResult
from pai_dsw_mcp.gate.services import Services, ToolContext, client_of
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.texts.render import say

CARD: Final = "pai-dsw-mcp/card"
"""Under which name the card stands in the `_meta` of a result."""


def answers_on_cards(services: Services, context: ToolContext) -> bool:
    """Whether a person answers on the card: the operator has to trust this client by its name."""
    params = context.session.client_params
    is_trusted = params is not None and params.client_info.name in services.card_clients
    return is_trusted and services.approve == "card" and client_supports_apps(context)


def with_card(
    services: Services, approval: Approval, told: WriteResult, context: ToolContext, problem: str | None = None
) -> WriteResult:
    """The answer of a call that waits for a person, with the change for a client that draws it.

    `problem` says why an answer that was given on the card does not count.
    """
    if told.reference is None or told.status != "approval_needed" or not client_supports_apps(context):
        return told
    text = describe(approval.reference, approval.change, services.language, expires_at=approval.expires_at)
    shown = card(text, told.approve_url)
    if not answers_on_cards(services, context):
        return told.model_copy(update={"card": shown})
    secret = services.card_secrets.give(approval, client_of(context))
    shown |= {"secret": secret, "wanted_name": wanted_name(text), "problem": problem}
    return told.model_copy(update={"card": shown, "message": f"{told.message}\n{say('result_card')}"})
