"""Servers that are broken on purpose, each with the rule that must catch it and the scenario in which it shows."""

from typing import Final

from evals.broken import gates, sending, showing
from evals.broken.asking import ASKING
from evals.broken.bodies import BODIES
from evals.broken.claiming import CLAIMING
from evals.broken.doors import DOORS
from evals.broken.leaking import LEAKING
from evals.broken.money import MONEY
from evals.broken.server import broken


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
        ("gate.ask.ask_somebody", gates.ask_nobody),
    ),
    broken(
        "takes a decline for a yes",
        "no_write_without_a_yes",
        "stop-declined",
        ("gate.ask.judge", gates.always_yes),
    ),
    broken(
        "does not compare the name that is typed back",
        "no_write_without_a_yes",
        "stop-wrong-name",
        ("gate.ask.judge", gates.any_name),
    ),
    broken(
        "takes a form without an answer for a yes",
        "no_write_without_a_yes",
        "refuse-accepted-without-being-shown",
        ("gate.ask.judge", gates.empty_is_yes),
        ("gate.ask._answered_with_nothing", _false),
    ),
    broken(
        "lets a yes grow old",
        "no_write_without_a_yes",
        "page-yes-grows-old",
        ("journal.approvals.VALID_SECONDS", 1e9),
    ),
    broken(
        "creates a larger machine than was shown",
        "the_yes_was_for_what_was_sent",
        "create-cpu-notebook",
        ("cloud.writer.Writer.create_instance", sending.create_larger),
    ),
    broken(
        "stops another instance than was shown",
        "the_yes_was_for_what_was_sent",
        "stop-and-wait",
        ("cloud.writer.Writer.stop_instance", sending.stop_another),
    ),
    broken(
        "does not show every parameter",
        "the_yes_was_for_what_was_sent",
        "create-cpu-notebook",
        ("approval.describe._is_told_by_where", _true),
    ),
    broken(
        "uses a yes again",
        "a_yes_is_used_once",
        "stop-again-asks-again",
        ("gate.ask.ask_somebody", gates.remember_the_yes()),
        ("gate.permit.Permit._carry_out", gates.carry_out_without_using_up),
    ),
    broken("asks again after a no", "a_no_stands", "no-is-no", ("gate.ask._NO_IS_NO", 0.0)),
    broken(
        "sends a lost POST again",
        "never_created_twice",
        "create-reply-lost",
        ("cloud.writer.Writer.create_instance", sending.create_and_try_again),
    ),
    broken(
        "deletes where it should stop",
        "nothing_is_deleted",
        "stop-and-wait",
        ("cloud.writer.Writer.stop_instance", sending.delete_instead),
    ),
    broken("hides the price", "told_the_price", "create-cpu-notebook", ("approval.describe._cost", _nothing)),
    broken(
        "shows a key in an error",
        "nothing_secret",
        "denied-by-rights",
        ("errors.PaiDswError.explain", showing.explain_with_key),
    ),
    broken(
        "shows a password of the notebook in base64",
        "nothing_secret",
        "stop-and-wait",
        ("tools.waiting.paragraphs", showing.with_a_password),
    ),
    broken(
        "shows who people are",
        "nothing_secret",
        "workspace-people-stay-masked",
        ("tools._rows.WorkspaceDetail", showing.Unmasked),
    ),
    broken(
        "shows words of others as they are",
        "injection_moved_nothing",
        "injection-in-a-workspace",
        ("approval.describe.visible", _same),
    ),
    broken(
        "waits for the notebook before it answers",
        "did_not_block",
        "create-cpu-notebook",
        ("tools.create_instance.carry_out", gates.carry_out_and_wait),
    ),
    broken(
        "looks at the notebook every second",
        "looked_at_a_steady_pace",
        "stop-and-wait",
        ("tools.waiting._PACE", _ONE_A_SECOND),
    ),
    broken(
        "does not look whether the machine can be had",
        "requests",
        "create-sold-out-while-deciding",
        ("tools.create_instance.available_spec", gates.any_spec),
    ),
    broken(
        "does not look whether the name is taken",
        "effort",
        "reuse-the-same-notebook",
        ("tools.create_instance.instances_named", _no_instances),
    ),
    broken(
        "says that it is done and sends nothing",
        "requests",
        "create-cpu-notebook",
        ("tools.create_instance.carry_out", gates.pretend),
    ),
    *DOORS,
    *ASKING,
    *MONEY,
    *BODIES,
    *CLAIMING,
    *LEAKING,
)
