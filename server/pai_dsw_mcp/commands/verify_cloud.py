"""`pai-dsw-mcp verify-cloud`: how the service behaves where the emulator assumes something, for a person in a terminal.

The report is made for pasting into an issue. It is built of what is listed here alone: words of `assumptions.toml`,
operations, status codes and error codes; nothing that the account holds can get into it.
"""

import json
import signal
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from threading import Lock
from types import FrameType
from typing import Any, Final

import anyio

from pai_dsw_mcp.app import build_services
from pai_dsw_mcp.approval.terminal import Console
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.cloud.recording import Recording
from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.commands.probes import GAP, Finding, Reader, Tell, Why, probe
from pai_dsw_mcp.commands.serve import cloud_options, cloud_time_of
from pai_dsw_mcp.commands.verify_writes import Written, agreed, write_pass
from pai_dsw_mcp.errors import CredentialsError, RefusedError
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import paragraph, render, say
from pai_dsw_mcp.texts.text import Language
from pai_dsw_mcp.version import VERSION

_REGION: Final = "cn-hangzhou"
INTERRUPTED: Final = 130
"""The exit code of a program that Ctrl-C has ended."""
_BEGINS: Final = ("verify_step_", "verify_stopping")
_ENDED: Final = {"verify_stopped", "verify_stopped_earlier", "verify_stopped_emulated"}
_SEEN_BY_WRITES: Final[set[Why]] = {"no_instances", "no_public", "no_restart", "no_save"}
"""What a reading run lacks, and a pass with writes would have shown if it had come so far."""

_ENDS: Final = [signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if name in signal.Signals.__members__]
"""What ends a process beside Ctrl-C; Windows has no SIGHUP."""


def verify_cloud(settings: Settings, emulator: EmbeddedEmulator | None) -> int:
    """Prints the report; returns the exit code: 1 where something was seen that the emulator plays otherwise."""
    endpoint, key = (settings.endpoint, None) if emulator is None else (emulator.url, emulator.user.access_key)
    options = cloud_options(settings, endpoint, key)
    console = Console(sys.stdin, sys.stderr, settings.lang)
    if settings.with_writes and not console.is_terminal():
        sys.stderr.write(say("verify_needs_terminal", settings.lang) + "\n")
        return 2
    region_id = (*settings.regions, _REGION)[0]
    recording = _begin(settings.record) if settings.record is not None else None
    teller = _Teller(settings.lang)
    # An emulator of our own may live faster than the clock; so does then what waits for it.
    speed = settings.emulator_speed if emulator is not None else 1.0
    try:
        report = anyio.run(
            partial(
                examine,
                options,
                region_id,
                gap=0.0 if options.uses_emulator else GAP,
                now=lambda: time.monotonic() * speed,
                sleep=lambda seconds: anyio.sleep(seconds / speed),
                tell=teller.tell,
                write=partial(_write, settings, console, emulator, speed) if settings.with_writes else None,
                recording=recording,
            )
        )
    except KeyboardInterrupt:
        teller.tell(_interrupted(teller.told, ends_with_this=emulator is not None))
        return INTERRUPTED
    except CredentialsError as error:
        to_do = say("do_emulator_keys" if options.uses_emulator else "verify_no_keys", settings.lang)
        sys.stderr.write(paragraph([render(error.sentence, settings.lang), to_do], settings.lang) + "\n")
        return 1
    finally:
        if settings.record is not None and recording is not None:
            _keep(recording, settings.record, settings.lang)
    sys.stdout.write(json.dumps(report, indent=1) + "\n" if settings.json else as_markdown(report, settings.lang))
    is_well = report["is_stopped"] and all(row["agrees"] is not False for row in report["findings"])
    return 0 if is_well else 1


def _begin(folder: Path) -> Recording:
    """A recording for this folder, which has to be empty.

    Raises:
        RefusedError: There is something in it, or it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise RefusedError("verify_record_used", folder=folder)
    except OSError:
        raise RefusedError("verify_record_failed", folder=folder) from None
    return Recording()


def _keep(recording: Recording, folder: Path, language: Language) -> None:
    texts = {"replies.json": recording.as_fixture(), "README.txt": say("verify_recorded", language) + "\n"}
    for name, text in texts.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")
    sys.stderr.write(say("verify_recorded", language) + "\n")


def interrupting_once() -> Callable[[int, FrameType | None], None]:
    """A handler of signals that does as Ctrl-C does, and once.

    A terminal that is closed sends several, and a second Ctrl-C gives up stopping.
    """
    # A signal may come while the handler of another runs; only one of them gets the lock.
    once = Lock()

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # what the signal module passes
        if once.acquire(blocking=False):
            signal.raise_signal(signal.SIGINT)

    return interrupt


class _Teller:
    """One line each; stdout is for the report alone. `told` are the keys of what was told."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self.told: set[str] = set()

    def tell(self, key: str, **values: object) -> None:
        self.told.add(key)
        # Of a terminal that is gone there is nothing to wait for, and nothing to fail by.
        with suppress(OSError):
            sys.stderr.write(say(key, self._language, **values) + "\n")


def _interrupted(told: set[str], *, ends_with_this: bool) -> str:
    """What to say of what may run on; `ends_with_this` where the emulator that it runs on is ours."""
    if not any(key.startswith(_BEGINS) for key in told):
        return "verify_interrupted_before"
    if told & _ENDED:
        return "verify_interrupted_stopped"
    return "verify_interrupted_emulator" if ends_with_this else "verify_interrupted"


async def _write(
    settings: Settings, console: Console, emulator: EmbeddedEmulator | None, speed: float, reader: Reader
) -> Written:
    """Until the end, also where the process is told to end, or its terminal is closed: what runs is stopped first."""
    interrupt = interrupting_once()
    for number in _ENDS:
        signal.signal(number, interrupt)
    journal = Journal(settings.journal_path)
    try:
        chosen, cloud_time = replace(settings, approve="terminal"), cloud_time_of(emulator)
        services = build_services(chosen, reader.cloud, journal, cloud_time=cloud_time)
        return await write_pass(services, reader, partial(agreed, console, speed=speed))
    finally:
        journal.close()


async def examine(
    options: CloudOptions,
    region_id: str,
    *,
    gap: float,
    tell: Tell,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    write: Callable[[Reader], Awaitable[Written]] | None = None,
    recording: Recording | None = None,
) -> dict[str, Any]:
    """The report. Nothing is read sooner than `gap` seconds after the request before it, retries included.

    `tell` shows a person what is done; `write` is done before, so that there is more to read; `recording` hears every
    reply.
    """

    async def pause(seconds: float) -> None:
        await sleep(max(seconds, gap))

    began = now()
    async with Cloud(options, pause=pause) as cloud:
        if recording is not None:
            (await cloud.sdk()).caller.listeners.append(recording.hear)
        reader = Reader(cloud, region_id, now, sleep, gap, tell)
        written = await write(reader) if write is not None else Written([], "", is_stopped=True)
        read = await probe(reader, written.instance_id, written.not_saved)
    if write is not None:
        read = [replace(each, why="not_reached") if each.why in _SEEN_BY_WRITES else each for each in read]
    findings = [*written.findings, *read]
    assumptions = _assumptions()
    return {
        "version": VERSION,
        "cloud": "emulator" if options.uses_emulator else "cloud",
        "seconds": round(now() - began),
        "is_stopped": written.is_stopped,
        "findings": [_row(assumptions[each.assumption], each) for each in findings],
        "requests": [
            {"operation": operation, "outcome": outcome, "times": times}
            for (operation, outcome), times in Counter(reader.outcomes).items()
        ],
    }


@cache
def _assumptions() -> Mapping[str, Mapping[str, Any]]:
    """Data of the emulator, which is not loaded for it."""
    sections = tomllib.loads(files("pai_emulator").joinpath("assumptions.toml").read_text("utf-8"))
    return {name: row for rows in sections.values() for name, row in rows.items()}


def _row(assumption: Mapping[str, Any], finding: Finding) -> dict[str, Any]:
    plays = assumption.get("plays") or f"{assumption['http']} {assumption['code'].strip('`')}"
    return {
        **asdict(finding),
        "sentence": assumption["sentence"],
        "plays": plays,
        "agrees": finding.seen == plays if finding.seen else None,
    }


def as_markdown(report: Mapping[str, Any], language: Language) -> str:
    """Tables that a forge shows and that a terminal shows well enough."""
    rows: Sequence[Mapping[str, Any]] = report["findings"]
    head = [say(f"verify_{name}", language) for name in ("assumption", "plays", "seen", "agrees", "sure")]
    lines = [
        say("verify_title", language, version=report["version"], cloud=say(f"verify_{report['cloud']}_is", language)),
        "",
        *_table(head, [_cells(row, language) for row in rows]),
        "",
        say(_what_to_do(report), language),
        "",
        *_table(
            [say(f"verify_{name}", language) for name in ("operation", "outcome", "times")],
            [[each["operation"], each["outcome"], str(each["times"])] for each in report["requests"]],
        ),
    ]
    return "\n".join(lines) + "\n"


def _what_to_do(report: Mapping[str, Any]) -> str:
    if report["cloud"] == "emulator":
        return "verify_emulator"
    return "verify_differ" if any(row["agrees"] is False for row in report["findings"]) else "verify_agree"


def _cells(row: Mapping[str, Any], language: Language) -> list[str]:
    agrees = {None: "-", True: say("verify_yes", language), False: say("verify_no", language)}[row["agrees"]]
    seen = f"`{row['seen']}`" if row["seen"] else say(f"verify_why_{row['why']}", language)
    sure = say(f"verify_sure_{row['sure'].replace(' ', '_')}", language)
    assumption = _assumptions()[row["assumption"]]
    sentence = assumption["zh"] if language == "zh" else assumption["sentence"]
    return [f"`{row['assumption']}`: {sentence}", f"`{row['plays']}`", seen, agrees, sure]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
