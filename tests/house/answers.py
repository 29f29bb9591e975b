"""The ready-made answers, as the server itself gives them. Run this module to write the file anew."""

# pyright: reportPrivateUsage=false

import json
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeAlias

import anyio
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCRequest, jsonrpc_message_adapter
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

from pai_dsw_mcp.answers import FILE
from pai_dsw_mcp.app import build_server, build_services
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.commands.serve import cloud_options
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import read_settings

VARIANTS: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("--read-only",),
    ("--emulator",),
    ("--toolsets", "all"),
    ("--lang", "zh"),
)
"""The arguments of servers whose first answers are ready-made."""
LOCALES: Final = {"en": "C", "zh": "zh_CN.UTF-8"}
METHODS: Final = (
    "server/discover",
    "ping",
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
)
CLIENT: Final = {"name": "client", "version": "0"}
CAPABILITIES: Final[dict[str, dict[str, Any]]] = {
    "": {},
    " with cards": {"extensions": {EXTENSION_ID: {"mimeTypes": [APP_MIME_TYPE]}}},
}
"""What clients can do, as far as answers differ by it."""

Message: TypeAlias = dict[str, Any]


def request(method: str, **params: Any) -> Message:
    """Its id is its method, so that replies tell what they answer."""
    return {"jsonrpc": "2.0", "id": method, "method": method, "params": params}


def legacy(protocol: str, capabilities: Message | None = None) -> list[Message]:
    """All that has an answer in a protocol version with a handshake, and what only the other era has."""
    opening = request("initialize", protocolVersion=protocol, capabilities=capabilities or {}, clientInfo=CLIENT)
    initialized = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    return [opening, initialized, *(request(method) for method in METHODS)]


def modern(protocol: str, capabilities: Message | None = None) -> list[Message]:
    """The same in a protocol version whose requests say everything themselves."""
    meta = {"protocolVersion": protocol, "clientInfo": CLIENT, "clientCapabilities": capabilities or {}}
    envelope = {f"io.modelcontextprotocol/{name}": value for name, value in meta.items()}
    return [request(method, _meta=envelope) for method in METHODS]


ERAS: Final = (("handshake", legacy, HANDSHAKE_PROTOCOL_VERSIONS), ("envelope", modern, MODERN_PROTOCOL_VERSIONS))


async def spoken(arguments: Sequence[str], language: str, lines: Sequence[Message | str]) -> list[str]:
    """What a server with these arguments replies to one client, byte for byte, in the order of the requests."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(arguments, {"LANG": LOCALES[language], "HOME": folder})
        cloud = Cloud(cloud_options(settings, "http://127.0.0.1:1" if settings.emulator else None, None))
        low_level = build_server(
            settings, build_services(settings, cloud, Journal(settings.journal_path))
        )._lowlevel_server
        to_server, read = anyio.create_memory_object_stream[SessionMessage | Exception]()
        write, from_server = anyio.create_memory_object_stream[SessionMessage]()
        said: list[str] = []
        async with anyio.create_task_group() as tasks, from_server:
            tasks.start_soon(low_level.run, read, write, low_level.create_initialization_options())
            async with to_server:
                for line in lines:
                    text = line if isinstance(line, str) else json.dumps(line)
                    message = jsonrpc_message_adapter.validate_json(text, by_name=False)
                    await to_server.send(SessionMessage(message))
                    if isinstance(message, JSONRPCRequest):
                        reply = (await from_server.receive()).message
                        # As the SDK writes it.
                        said.append(reply.model_dump_json(by_alias=True, exclude_unset=True))
    return said


async def drawn() -> str:
    """The whole file."""
    results: dict[str, int] = {}

    async def answered(arguments: Sequence[str], language: str, lines: Sequence[Message]) -> dict[str, int]:
        """Of each method that is answered, the line of its result. What is refused is left for the server to refuse."""
        replies = {json.loads(reply)["id"]: reply for reply in await spoken(arguments, language, lines)}
        heads = {method: f'{{"jsonrpc":"2.0","id":"{method}","result":' for method in replies}
        return {
            method: results.setdefault(reply.removeprefix(heads[method])[:-1], len(results))
            for method, reply in replies.items()
            if reply.startswith(heads[method])
        }

    variants = {
        json.dumps([language, *arguments]): {
            f"{era}{cards}": {each: await answered(arguments, language, lines(each, able)) for each in protocols}
            for era, lines, protocols in ERAS
            for cards, able in CAPABILITIES.items()
        }
        for arguments in VARIANTS
        for language in LOCALES
    }
    made_with = {"pai_dsw_mcp": version("pai-dsw-mcp")}
    made_with |= {name: version(name).rpartition(".")[0] for name in ("mcp", "mcp_types", "pydantic")}
    index = json.dumps({"with": made_with, "variants": variants})
    return "\n".join((index, *results)) + "\n"


if __name__ == "__main__":
    Path(FILE).write_text(anyio.run(drawn), "utf-8")
