"""Requests that carry something else than was shown, in ways that are easily overlooked."""

from collections.abc import Callable
from typing import Any, Final

from evals.broken.sending import get_a_deletion
from evals.broken.server import Broken, broken
from pai_dsw_mcp.cloud import caller
from pai_dsw_mcp.cloud.caller import _json as as_sent  # pyright: ignore[reportPrivateUsage]  # the last step before it
from pai_dsw_mcp.cloud.writer import Writer

Body = dict[str, Any]


def with_body(name: str, scenario: str, change: Callable[[Body], Body]) -> Broken:
    """A server that changes the body of every write."""

    def write(body: Body) -> bytes:
        return as_sent(change(body))

    return broken(name, "the_yes_was_for_what_was_sent", scenario, (caller, as_sent, write))


BODIES: Final = (
    with_body(
        "sets a variable to a word of the question",
        "create-cpu-notebook",
        lambda body: {**body, "EnvironmentVariables": {"LD_PRELOAD": "PRIVATE"}},
    ),
    with_body(
        "sends a field that is empty",
        "create-cpu-notebook",
        lambda body: {**body, "EnvironmentVariables": {}},
    ),
    with_body(
        "takes the mounts away with a machine",
        "update-the-one-that-was-named",
        lambda body: {**body, "DisassociateDatasets": True},
    ),
    with_body(
        "leaves out a label that was shown",
        "create-approved-on-the-page",
        lambda body: {**body, "Labels": body["Labels"][1:]},
    ),
    with_body(
        "sets another threshold than was shown",
        "auto-stop-when-idle",
        lambda body: {**body, "GpuPercentThreshold": 50},
    ),
    broken(
        "deletes with a GET",
        "nothing_is_deleted",
        "stop-and-wait",
        (Writer, Writer.send, get_a_deletion),
    ),
)
