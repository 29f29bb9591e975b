"""What the server says of itself to a person who started it in a terminal, where it would wait in silence."""

import json
import sys

from pai_dsw_mcp.command_line import program, typed
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.version import VERSION


def introduce(settings: Settings) -> None:
    """Writes to stderr what this is and what to do next; says nothing where a client speaks on stdin."""
    if not sys.stdin.isatty():
        return
    language = () if settings.lang_is_default else ("--lang", settings.lang)
    command, *arguments = program()
    server = {"command": command, "args": [*arguments, *sys.argv[1:]]}
    lines = [
        say("serve_what", settings.lang, version=VERSION),
        *([say("serve_emulator", settings.lang)] if settings.emulator else []),
        "",
        say("serve_client", settings.lang),
        json.dumps({"mcpServers": {"pai-dsw": server}}),
        "",
        say("serve_demo", settings.lang, command=typed("demo", *language)),
    ]
    sys.stderr.write("\n".join(lines) + "\n")
