"""Servers that are broken on purpose, each with the rule that must catch it and the scenario in which it shows."""

# What is broken is private to a module or a class.
# pyright: reportPrivateUsage=false

from typing import Final

from evals.broken import gates, sending, showing
from evals.broken.advanced import ADVANCED
from evals.broken.answering import ANSWERING
from evals.broken.asking import ASKING
from evals.broken.auto_stop import AUTO_STOP
from evals.broken.bodies import BODIES
from evals.broken.channels import CHANNELS
from evals.broken.claiming import CLAIMING
from evals.broken.leaking import LEAKING
from evals.broken.limits import LIMITS
from evals.broken.measuring import MEASURING
from evals.broken.money import MONEY
from evals.broken.quotas import QUOTAS
from evals.broken.rights import RIGHTS
from evals.broken.saving import SAVING
from evals.broken.server import broken
from evals.broken.workspaces import WORKSPACES
from pai_dsw_mcp.approval import describe as describing
from pai_dsw_mcp.approval import quoting
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.gate import ask, gate
from pai_dsw_mcp.gate.permit import Permit
from pai_dsw_mcp.journal import approvals
from pai_dsw_mcp.model import wait
from pai_dsw_mcp.tools import _compute, _tool, create_instance, waiting
from pai_dsw_mcp.tools import _rows as rows


def _nothing(*_: object, **__: object) -> None:
    return None


def _same(text: str, *_: object, **__: object) -> str:
    return text


def _true(*_: object) -> bool:
    return True


def _false(*_: object) -> bool:
    return False


async def _no_instances(*_: object) -> tuple[()]:
    return ()


_ONE_A_SECOND: Final = ((60, 1.0),)

BROKEN: Final = (
    broken(
        "opens where nobody can be asked",
        "no_write_without_a_yes",
        "create-nobody-reachable",
        (gate, gate.ask_person, gates.ask_nobody),
    ),
    broken(
        "takes a decline for a yes",
        "no_write_without_a_yes",
        "stop-declined",
        (gate, gate.rejection_in, _nothing),
        (ask, ask.judge, gates.always_yes),
    ),
    broken(
        "does not compare the name that is typed back",
        "no_write_without_a_yes",
        "stop-wrong-name",
        (ask, ask.judge, gates.any_name),
    ),
    broken(
        "takes a form without an answer for a yes",
        "no_write_without_a_yes",
        "refuse-accepted-without-being-shown",
        (ask, ask.judge, gates.empty_is_yes),
        (ask, ask.is_answered_with_nothing, _false),
    ),
    broken(
        "lets a yes grow old",
        "no_write_without_a_yes",
        "page-yes-grows-old",
        (approvals, approvals.VALID_SECONDS, 1e9),
    ),
    broken(
        "creates a larger machine than was shown",
        "the_yes_was_for_what_was_sent",
        "create-cpu-notebook",
        (Writer, Writer.send, sending.create_larger),
    ),
    broken(
        "stops another instance than was shown",
        "the_yes_was_for_what_was_sent",
        "stop-and-wait",
        (Writer, Writer.send, sending.stop_another),
    ),
    broken(
        "does not show every parameter",
        "the_yes_was_for_what_was_sent",
        "create-cpu-notebook",
        (describing, describing._is_told_by_where, _true),
    ),
    broken(
        "uses a yes again",
        "a_yes_is_used_once",
        "stop-again-asks-again",
        (gate, gate.ask_person, gates.remember_the_yes()),
        (Permit, Permit._carry_out, gates.carry_out_without_using_up),
    ),
    broken("asks again after a no", "a_no_stands", "no-is-no", (gate, gate._REJECTION_COOLDOWN_SECONDS, 0.0)),
    broken(
        "sends a lost POST again",
        "never_created_twice",
        "create-reply-lost",
        (Writer, Writer.send, sending.send_and_try_again),
    ),
    broken(
        "deletes where it should stop",
        "nothing_is_deleted",
        "stop-and-wait",
        (Writer, Writer.send, sending.delete_instead),
    ),
    broken("hides the price", "told_the_price", "create-cpu-notebook", (describing, describing._cost, _nothing)),
    broken(
        "shows a key in an error",
        "nothing_secret",
        "denied-by-rights",
        (PaiDswError, PaiDswError.explain, showing.explain_with_key),
    ),
    broken(
        "shows a password of the notebook in base64",
        "nothing_secret",
        "stop-and-wait",
        (waiting, waiting.tell, showing.with_a_password),
    ),
    broken(
        "shows who people are",
        "nothing_secret",
        "workspace-people-stay-masked",
        (rows, rows.WorkspaceDetail, showing.Unmasked),
    ),
    broken(
        "shows words of others as they are",
        "injection_moved_nothing",
        "injection-in-a-workspace",
        (quoting, quoting.visible, _same),
        (describing, quoting.visible, _same),
    ),
    broken(
        "waits for the notebook before it answers",
        "did_not_block",
        "create-cpu-notebook",
        (_tool, _tool.carry_out, gates.carry_out_and_wait),
    ),
    broken(
        "looks at the notebook every second",
        "looked_at_a_steady_pace",
        "stop-and-wait",
        (wait, wait._PACE, _ONE_A_SECOND),
    ),
    broken(
        "does not look whether the machine can be had",
        "requests",
        "create-sold-out-while-deciding",
        (_compute, _compute.available_spec, gates.any_spec),
    ),
    broken(
        "does not look whether the name is taken",
        "effort",
        "reuse-the-same-notebook",
        (create_instance, create_instance.instances_named, _no_instances),
    ),
    broken(
        "says that it is done and sends nothing",
        "requests",
        "create-cpu-notebook",
        (_tool, _tool.carry_out, gates.pretend),
    ),
    *CHANNELS,
    *ASKING,
    *LIMITS,
    *MONEY,
    *AUTO_STOP,
    *BODIES,
    *CLAIMING,
    *ANSWERING,
    *LEAKING,
    *SAVING,
    *MEASURING,
    *RIGHTS,
    *QUOTAS,
    *WORKSPACES,
    *ADVANCED,
)
