"""The commands that a person is told to type: they work as they stand, copied into any terminal of this machine."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from pai_dsw_mcp.settings import Settings

_NAME = "pai-dsw-mcp"


def program() -> list[str]:
    """How this program is started: by its name where that finds this installation, else through its Python."""
    found = shutil.which(_NAME)
    is_this = found is not None and Path(found).resolve().parent == Path(sys.executable).parent.resolve()
    return [_NAME] if is_this else [sys.executable, "-m", "pai_dsw_mcp"]


def typed(*arguments: str) -> str:
    """This program with these arguments, quoted for a shell."""
    join = subprocess.list2cmdline if os.name == "nt" else shlex.join
    return join([*program(), *arguments])


def approve_command(settings: Settings) -> str:
    """The command that answers what servers with these settings ask."""
    folder = () if settings.state_dir_is_default else ("--state-dir", str(settings.state_dir.absolute()))
    language = () if settings.lang_is_default else ("--lang", settings.lang)
    return typed("approve", *folder, *language)
