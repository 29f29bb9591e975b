"""Channels that open by themselves, or more than once."""

# What is broken is private to a module or a class.
# pyright: reportPrivateUsage=false

from types import SimpleNamespace
from typing import Any, Final

from evals.broken.gates import carry_out_without_using_up
from evals.broken.server import broken
from pai_dsw_mcp.approval import page_answers, page_server
from pai_dsw_mcp.approval.decision import Decision, judge
from pai_dsw_mcp.approval.page_answers import Page, Reader, show
from pai_dsw_mcp.gate import ask, gate
from pai_dsw_mcp.gate.outcome import WriteResult, result
from pai_dsw_mcp.gate.permit import Permit
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.tools import _checks as planning


def name_is_enough(change: Change, **answer: Any) -> Decision:
    """Who types the name will have meant a yes."""
    return judge(change, **{**answer, "decision": answer["decision"] or (answer["instance_name"] and "approve")})


def any_spelling(change: Change, **answer: Any) -> Decision:
    """A name in other letters, with a blank before it."""
    typed, wanted = str(answer["instance_name"] or "").strip(), change.typed_name or ""
    name = change.typed_name if typed.lower() == wanted.lower() else typed
    return judge(change, **{**answer, "instance_name": name})


async def approve_on_sight(journal: Journal, approval: Approval, reader: Reader) -> Page:
    """To open the link is to approve, for a preview of the link as well."""
    shown = await show(journal, approval, reader)
    await journal.decide(approval.approval_id, approve=True, channel="page")
    return shown


async def any_code(journal: Journal, _code: str) -> Approval | None:
    """Whatever the code is, the last question will be meant."""
    asked = await journal.waiting()
    return asked[-1] if asked else None


async def on_the_page(services: Services, pending: ask.PendingApproval, _key: str) -> WriteResult:
    """Somebody will open the link."""
    url = await services.page.url(pending.approval)
    asked = result(
        "approval_needed",
        "result_how_page",
        change=pending.approval.change,
        url=url,
        command=services.approve_command,
    )
    return asked.model_copy(update={"approve_url": url})


def always_the_same(_: object) -> dict[str, Any]:
    """Whatever has changed, nothing has."""
    return {}


def _always(*_: object) -> bool:
    return True


CHANNELS: Final = (
    broken(
        "takes a typed name for a yes",
        "no_write_without_a_yes",
        "refuse-name-without-a-decision",
        (ask, ask.judge, name_is_enough),
    ),
    broken(
        "takes a name in any spelling",
        "no_write_without_a_yes",
        "refuse-name-spelt-another-way",
        (ask, ask.judge, any_spelling),
    ),
    broken(
        "takes the opening of the page for a yes",
        "no_write_without_a_yes",
        "refuse-on-the-page-with-a-reason",
        (page_server, page_server.show, approve_on_sight),
    ),
    broken(
        "takes an answer that does not come from its page",
        "no_write_without_a_yes",
        "refuse-on-the-page-with-a-reason",
        (page_server, page_server.comes_from_the_page, _always),
    ),
    broken(
        "takes an answer without the page's token",
        "no_write_without_a_yes",
        "refuse-on-the-page-with-a-reason",
        (page_answers, page_answers.hmac, SimpleNamespace(compare_digest=_always)),
    ),
    broken(
        "takes any code for the right one",
        "no_write_without_a_yes",
        "refuse-code-made-up",
        (Journal, Journal.find_by_reference, any_code),
    ),
    broken(
        "opens the page where only a form counts",
        "told",
        "refuse-only-a-form-counts",
        (ask, ask._form_failed, on_the_page),
    ),
    broken("lets questions pile up", "told", "refuse-questions-pile-up", (gate, gate._MOST_WAITING, 1000)),
    broken(
        "uses a yes of the page again",
        "a_yes_is_used_once",
        "refuse-page-yes-used-up",
        (planning, planning.as_seen, always_the_same),
        (Permit, Permit._carry_out, carry_out_without_using_up),
    ),
)
