"""`pai-dsw-mcp doctor`: what works from here and what has to be mended, for a person in a terminal."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import anyio
from anyio import to_thread
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.commands.place import journal_of, left_as_found, writes_journal
from pai_dsw_mcp.commands.serve import cloud_options
from pai_dsw_mcp.commands.team_checks import examine
from pai_dsw_mcp.commands.wrap import wrapped
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import render, say
from pai_dsw_mcp.texts.text import Language
from pai_dsw_mcp.tools._diagnosis import Diagnosis, Found, diagnose

_UNWRAPPED: Final = 1_000_000
"""Columns of a pipe: who searches it finds whole lines."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Text that takes the width that is left, broken by our rules."""

    text: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text("\n".join(wrapped(self.text, options.max_width)))


def doctor(settings: Settings, emulator: EmbeddedEmulator | None) -> int:
    """Prints every check; returns the exit code: 1 where something has to be mended."""
    endpoint, key = (settings.endpoint, None) if emulator is None else (emulator.url, emulator.user.access_key)
    found = anyio.run(partial(_examined, Cloud(cloud_options(settings, endpoint, key)), settings))
    if settings.json:
        sys.stdout.write(found.model_dump_json(indent=1, exclude_none=True) + "\n")
    else:
        _print(found, settings.lang)
    return 0 if found.is_well else 1


async def _examined(cloud: Cloud, settings: Settings) -> Diagnosis:
    async with cloud:
        more = await to_thread.run_sync(_journal, settings) | await examine(settings)
        return await diagnose(cloud, settings.limits, settings.regions, settings.lang, more)


def _journal(settings: Settings) -> dict[str, Found]:
    """Whether a server could be started with this folder; a database has a check of its own. Nothing stays behind."""
    if settings.state_dir_is_default and settings.state_dir == Path():
        return {"journal": ("mend", say("found_no_home", settings.lang), "do_state_dir")}
    if settings.database is not None or not writes_journal(settings):
        return {}
    try:
        with left_as_found(settings.state_dir):
            journal_of(settings).database.prepare()
    except JournalError as error:
        # The sentence says what to do.
        return {"journal": ("mend", render(error.sentence, settings.lang))}
    return {"journal": ("ok", say("found_journal", settings.lang, folder=settings.state_dir))}


def _print(found: Diagnosis, language: Language) -> None:
    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal:
        console.width = _UNWRAPPED
    table = Table(box=None, show_header=False, pad_edge=False)
    for check in found.checks:
        to_do = say("diagnosis_do", language, what=check.what_to_do) if check.what_to_do else None
        words = "\n".join(part for part in (check.found, to_do) if part)
        labels = say(f"state_{check.state}", language), say(f"check_{check.name}", language)
        # In a pipe nothing is broken, and a table would fill up the width that our words can have.
        table.add_row(*map(Text, labels), _Words(words) if console.is_terminal else Text(words))
    with console.capture() as shown:
        console.print(table, Text(found.note), sep="\n")
    # A table fills its last column with spaces.
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in shown.get().splitlines())
