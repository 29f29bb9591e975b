"""Starts an installed server as a client does, and asks it something that only the whole server answers."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.process.conversation import LEGACY, Conversation
from tests.process.processes import ServerProcess, private


def starts(command: Sequence[str], home: Path, **variables: str) -> None:
    """Returns when the server told its workspaces, on an emulator of its own.

    Raises:
        AssertionError: It did not.
    """
    env = {"PATH": os.environ["PATH"], "HOME": str(private(home)), "PAI_DSW_MCP_EMULATOR": "true", **variables}
    with ServerProcess(command[1:], env, command=command[0], cwd=home) as server:
        client = Conversation(server, LEGACY)
        client.open()
        result = client.ask("tools/call", {"name": "list_workspaces", "arguments": {"region_id": "cn-hangzhou"}})
    assert not result.get("isError"), result


def package_manager_settings() -> Mapping[str, str]:
    """How this machine reaches the package index, for tools that get an environment of their own otherwise."""
    return {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_", "HTTPS_"))}
