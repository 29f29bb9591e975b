"""`pai-dsw-mcp verify-cloud`: how the service behaves where the emulator assumes something, for a person in a terminal.

The report is made for pasting into an issue. It is built of what is listed here alone: words of `assumptions.toml`,
operations, status codes and error codes; nothing that the account holds can get into it.
"""

import json
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Final

import anyio

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.commands.probes import GAP, Finding, Reader, probe
from pai_dsw_mcp.commands.serve import cloud_options
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language

_REGION: Final = "cn-hangzhou"


def verify_cloud(settings: Settings, emulator: EmbeddedEmulator | None) -> int:
    """Prints the report; returns the exit code: 1 where something was seen that the emulator plays otherwise."""
    endpoint, key = (settings.endpoint, None) if emulator is None else (emulator.url, emulator.user.access_key)
    options = cloud_options(settings, endpoint, key)
    if not options.uses_emulator:
        sys.stderr.write(say("verify_begins", settings.lang) + "\n")
    region_id = (*settings.regions, _REGION)[0]
    report = anyio.run(partial(examine, options, region_id, gap=0.0 if options.uses_emulator else GAP))
    sys.stdout.write(json.dumps(report, indent=1) + "\n" if settings.json else as_markdown(report, settings.lang))
    return 0 if all(row["agrees"] is not False for row in report["findings"]) else 1


async def examine(
    options: CloudOptions,
    region_id: str,
    *,
    gap: float,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
) -> dict[str, Any]:
    """The report. Nothing is sent sooner than `gap` seconds after the request before it, retries included."""

    async def pause(seconds: float) -> None:
        await sleep(max(seconds, gap))

    began = now()
    async with Cloud(options, pause=pause) as cloud:
        reader = Reader(cloud, region_id, now, sleep, gap)
        findings = await probe(reader)
    assumptions = _assumptions()
    return {
        "version": version("pai-dsw-mcp"),
        "cloud": "emulator" if options.uses_emulator else "cloud",
        "seconds": round(now() - began),
        "findings": [_row(assumptions[each.assumption], each) for each in findings],
        "requests": [
            {"operation": operation, "outcome": outcome, "times": times}
            for (operation, outcome), times in Counter(reader.outcomes).items()
        ],
    }


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
        say("verify_title", language, version=report["version"], cloud=report["cloud"]),
        "",
        *_table(head, [_cells(row, language) for row in rows]),
        "",
        say("verify_differ" if any(row["agrees"] is False for row in rows) else "verify_agree", language),
        "",
        *_table(
            [say(f"verify_{name}", language) for name in ("operation", "outcome", "times")],
            [[each["operation"], each["outcome"], str(each["times"])] for each in report["requests"]],
        ),
    ]
    return "\n".join(lines) + "\n"


def _cells(row: Mapping[str, Any], language: Language) -> list[str]:
    agrees = {None: "-", True: say("verify_yes", language), False: say("verify_no", language)}[row["agrees"]]
    seen = f"`{row['seen']}`" if row["seen"] else say(f"verify_why_{row['why']}", language)
    sure = say(f"verify_sure_{row['sure'].replace(' ', '_')}", language)
    return [f"`{row['assumption']}`: {row['sentence']}", f"`{row['plays']}`", seen, agrees, sure]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
