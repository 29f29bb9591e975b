"""`verify-cloud --with-writes`: a person sees what it would do and cost, and types a name to begin."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from pydantic import TypeAdapter, ValidationError

from pai_dsw_mcp.approval.quoting import visible
from pai_dsw_mcp.approval.terminal import Console, interruptible
from pai_dsw_mcp.commands.probes import Finding, Reader, Why
from pai_dsw_mcp.commands.verify_notebook import Notebook
from pai_dsw_mcp.commands.verify_terms import LONGEST, STOP, WORK, Terms, terms_for
from pai_dsw_mcp.commands.write_probes import WritePass
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.texts.duration import duration
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language
from pai_dsw_mcp.tools.snapshots import TargetUrl

Agree: TypeAlias = Callable[[Terms], Terms]
"""Shows the terms to a person; returns what they agree to, or raises a RefusedError."""

_STOP: Final = "stop"
_TARGET: Final[TypeAdapter[str]] = TypeAdapter(TargetUrl)


@dataclass(frozen=True, slots=True)
class Written:
    """What was seen, with which instance, and whether nothing runs any more."""

    findings: list[Finding]
    instance_id: str
    is_stopped: bool
    not_saved: Why = "no_save"


async def write_pass(services: Services, reader: Reader, agree: Agree) -> Written:
    """Asks, writes, and stops what it made.

    Raises:
        RefusedError: The person does not agree, or it cannot be done.
        CloudError: What it would take could not be read.
        SystemExit: They wanted no more than a stop; its code is 1 where something may still run.
    """
    terms = agree(await terms_for(services, reader))
    notebook = Notebook(services, reader, terms)
    await notebook.listen()
    if terms.stops_alone:
        notebook.tell("verify_stopping", name=terms.instance_name)
        await notebook.stop_all(is_interrupted=False)
        raise SystemExit(1 if notebook.left else 0)
    writing = WritePass(notebook, terms)
    findings = await writing.run()
    return Written(findings, notebook.instance_id, not notebook.left, writing.not_saved)


def agreed(console: Console, terms: Terms, *, speed: float = 1.0) -> Terms:
    """The terms, with the place to save the environment at, once the person has typed the name of the instance.

    `speed` is how much faster than the clock the emulator lives.

    Raises:
        RefusedError: They have not.
    """
    left_over = terms.left_over
    if left_over is not None:
        console.say("verify_left_over", name=left_over.instance_name, status=left_over.status)
    emulated = "_emulated" if terms.is_emulated else ""
    if terms.is_emulated:
        console.say("verify_is_emulated")
    _show(console, terms, emulated, speed)
    for each in terms.earlier:
        console.say(f"verify_earlier{emulated}", name=each.instance_name, status=each.status)
    try:
        with interruptible():
            if left_over is None:
                return _answered(console, terms)
            return _answered_of_left_over(console, terms)
    except EOFError:
        pass
    except KeyboardInterrupt:
        if left_over is not None:
            # The terminal may be what has gone.
            with suppress(OSError):
                console.say("verify_still", name=left_over.instance_name, status=left_over.status)
        raise
    if left_over is not None:
        raise RefusedError("verify_still", name=left_over.instance_name, status=left_over.status)
    raise RefusedError("verify_declined")


def _show(console: Console, terms: Terms, emulated: str, speed: float) -> None:
    """An emulator has no account and no console, and the journal beside one of our own ends with it."""
    console.say(f"verify_makes{emulated}")
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
    )
    console.say(f"verify_costs{emulated}", cost=terms.costs(LONGEST), hourly=terms.costs(3600))
    console.say(
        "verify_course",
        longest=_lived(LONGEST / speed, console.language),
        work=_lived(WORK / speed, console.language),
        stop=_lived(STOP / speed, console.language),
        reading=_lived(terms.reading, console.language),
    )
    if not terms.is_emulated:
        console.say("verify_stays")


def _lived(seconds: float, language: Language) -> str:
    return duration(seconds, language) if seconds >= 60 else say("verify_seconds", language, seconds=round(seconds))


def _answered(console: Console, terms: Terms) -> Terms:
    """Raises EOFError where the person does not agree, as if they had closed the input."""
    image_url = _image_url(console)
    if console.ask("verify_type_name", name=terms.instance_name).strip() != terms.instance_name:
        raise EOFError
    return replace(terms, image_url=image_url or None)


def _answered_of_left_over(console: Console, terms: Terms) -> Terms:
    """Likewise; a stop is asked about first, because it is what costs while the person reads."""
    answer = console.ask("verify_stop_or_name", name=terms.instance_name).strip()
    if answer == _STOP:
        return replace(terms, stops_alone=True)
    if answer != terms.instance_name:
        raise EOFError
    return replace(terms, image_url=_image_url(console) or None)


def _image_url(console: Console) -> str:
    """Where to save the environment, as `create_snapshot` takes it; empty where nothing is to be saved.

    Raises:
        EOFError: The person closed the input.
    """
    while image_url := console.ask("verify_image_url").strip():
        try:
            target = _TARGET.validate_python(image_url)
        except ValidationError:
            console.say("verify_image_url_wrong", image_url=visible(image_url))
        else:
            console.say("verify_saves", image_url=target)
            return target
    console.say("verify_saves_nothing")
    return ""
