"""Servers that are broken on purpose, each with the rule that must catch it and the scenario in which it shows."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final
from unittest.mock import patch

from evals.broken import gates, sending, showing
from evals.scenario import Era


@dataclass(frozen=True, slots=True)
class Broken:
    """`patches` are the places, as module and name, and what stands there instead. `caught_by` names a part."""

    name: str
    caught_by: str
    scenario: str
    patches: tuple[tuple[str, Any], ...]
    era: Era = "modern"

    def breaks(self) -> AbstractContextManager[None]:
        """The server is broken while this lasts."""
        return _broken(self.patches)


@contextmanager
def _broken(patches: tuple[tuple[str, Any], ...]) -> Generator[None]:
    if not patches:
        yield
        return
    (place, instead), *others = patches
    with patch(f"pai_dsw_mcp.{place}", instead), _broken(tuple(others)):
        yield


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


def _one(name: str, caught_by: str, scenario: str, *patches: tuple[str, Callable[..., Any] | object]) -> Broken:
    return Broken(name, caught_by, scenario, patches)


_ONE_A_SECOND: Final = ((60, 1.0),)

BROKEN: Final = (
    _one(
        "opens where nobody can be asked",
        "no_write_without_a_yes",
        "create-nobody-reachable",
        ("gate.ask.ask_somebody", gates.ask_nobody),
    ),
    _one(
        "takes a decline for a yes",
        "no_write_without_a_yes",
        "stop-declined",
        ("gate.ask.judge", gates.always_yes),
    ),
    _one(
        "does not compare the name that is typed back",
        "no_write_without_a_yes",
        "stop-wrong-name",
        ("gate.ask.judge", gates.any_name),
    ),
    _one(
        "takes a form without an answer for a yes",
        "no_write_without_a_yes",
        "refuse-accepted-without-being-shown",
        ("gate.ask.judge", gates.empty_is_yes),
        ("gate.ask._answered_with_nothing", _false),
    ),
    _one(
        "lets a yes grow old",
        "no_write_without_a_yes",
        "page-yes-grows-old",
        ("journal.approvals.VALID_SECONDS", 1e9),
    ),
    _one(
        "creates a larger machine than was shown",
        "the_yes_was_for_what_was_sent",
        "create-cpu-notebook",
        ("cloud.writes.Writer.create_instance", sending.create_larger),
    ),
    _one(
        "stops another instance than was shown",
        "the_yes_was_for_what_was_sent",
        "stop-and-wait",
        ("cloud.writes.Writer.stop_instance", sending.stop_another),
    ),
    _one(
        "does not show every parameter",
        "the_yes_was_for_what_was_sent",
        "create-cpu-notebook",
        ("approval.describe._is_told_by_where", _true),
    ),
    _one(
        "uses a yes again",
        "a_yes_is_used_once",
        "stop-again-asks-again",
        ("gate.ask.ask_somebody", gates.remember_the_yes()),
        ("gate.permit.Permit._carry_out", gates.carry_out_without_using_up),
    ),
    _one("asks again after a no", "a_no_stands", "no-is-no", ("gate.ask._NO_IS_NO", 0.0)),
    _one(
        "sends a lost POST again",
        "never_created_twice",
        "create-reply-lost",
        ("cloud.writes.Writer.create_instance", sending.create_and_try_again),
    ),
    _one(
        "deletes where it should stop",
        "nothing_is_deleted",
        "stop-and-wait",
        ("cloud.writes.Writer.stop_instance", sending.delete_instead),
    ),
    _one("hides the price", "told_the_price", "create-cpu-notebook", ("approval.describe._cost", _nothing)),
    _one(
        "shows a key in an error",
        "nothing_secret",
        "denied-by-rights",
        ("errors.PaiDswError.explain", showing.explain_with_key),
    ),
    _one(
        "shows a password of the notebook in base64",
        "nothing_secret",
        "stop-and-wait",
        ("tools.waiting.paragraphs", showing.with_a_password),
    ),
    _one(
        "shows who people are",
        "nothing_secret",
        "workspace-people-stay-masked",
        ("tools._projection.mask", _same),
    ),
    _one(
        "shows words of others as they are",
        "injection_moved_nothing",
        "injection-in-a-workspace",
        ("approval.describe.visible", _same),
    ),
    _one(
        "waits for the notebook before it answers",
        "did_not_block",
        "create-cpu-notebook",
        ("tools.create_instance.carry_out", gates.carry_out_and_wait),
    ),
    _one(
        "looks at the notebook every second",
        "looked_at_a_steady_pace",
        "stop-and-wait",
        ("tools.waiting._PACE", _ONE_A_SECOND),
    ),
    _one(
        "does not look whether the machine can be had",
        "requests",
        "create-sold-out-while-deciding",
        ("tools.create_instance.available_spec", gates.any_spec),
    ),
    _one(
        "does not look whether the name is taken",
        "effort",
        "reuse-the-same-notebook",
        ("tools.create_instance.instances_named", _no_instances),
    ),
    _one(
        "says that it is done and sends nothing",
        "requests",
        "create-cpu-notebook",
        ("tools.create_instance.carry_out", gates.pretend),
    ),
)
