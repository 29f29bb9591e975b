"""`verify-cloud --with-writes`: a person sees what it would do and cost, and types a name to begin."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from pai_dsw_mcp.approval.quoting import visible
from pai_dsw_mcp.approval.terminal import Console, interruptible
from pai_dsw_mcp.commands.probes import Finding, Reader
from pai_dsw_mcp.commands.verify_notebook import Notebook, Tell
from pai_dsw_mcp.commands.verify_terms import LONGEST, Terms, terms_for
from pai_dsw_mcp.commands.write_probes import WritePass
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate.services import Services

Agree: TypeAlias = Callable[[Terms], Terms]
"""Shows the terms to a person; returns what they agree to, or raises a RefusedError."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was seen, with which instance, and whether nothing runs any more."""

    findings: list[Finding]
    instance_id: str
    is_stopped: bool


async def write_pass(services: Services, reader: Reader, agree: Agree, tell: Tell) -> Written:
    """Asks, writes, and stops what it made.

    Raises:
        RefusedError: The person does not agree, or it cannot be done.
        CloudError: What it would take could not be read.
    """
    terms = agree(await terms_for(services, reader.region_id))
    notebook = Notebook(services, reader, terms, tell)
    await notebook.listen()
    findings = await WritePass(notebook, terms, tell).run()
    return Written(findings, notebook.instance_id, not notebook.left)


def agreed(console: Console, terms: Terms) -> Terms:
    """The terms, with the place to save the environment at, once the person has typed the name of the instance.

    Raises:
        RefusedError: They have not.
    """
    console.say(
        "verify_terms",
        name=terms.instance_name,
        region=terms.region_id,
        workspace=visible(terms.workspace.workspace_name),
        workspace_id=terms.workspace.workspace_id,
        spec=terms.spec.instance_type,
        other=terms.other_spec.instance_type if terms.other_spec else "-",
        image=visible(terms.image.name),
        dataset=visible(terms.dataset.name) if terms.dataset else "-",
        cost=terms.costs(LONGEST),
        hourly=terms.costs(3600),
    )
    if terms.left_over is not None:
        console.say("verify_left_over", name=terms.instance_name, status=terms.left_over.status)
    try:
        with interruptible():
            image_url = console.ask("verify_image_url").strip()
            name = console.ask("verify_type_name", name=terms.instance_name).strip()
    except EOFError:
        name = image_url = ""
    if name != terms.instance_name:
        raise RefusedError("verify_declined")
    return replace(terms, image_url=image_url or None)
