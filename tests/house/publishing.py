"""What registries and clients read of this project, from pyproject.toml. Run this module to write the files anew.

The address of the repository is told there alone, as `Repository` in [project.urls]; the name in the MCP registry
follows from it. Until it is told, the name is one that nobody can publish under.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).parents[2]
PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SERVER: Final = "pai-dsw"
"""What clients call the server in their lists."""
MARKETPLACE: Final = "pai-dsw"
TITLE: Final = "PAI DSW notebooks"
AUTHOR: Final = {"name": "The pai-dsw-mcp contributors"}
SETTINGS: Final[Mapping[str, Mapping[str, Any]]] = {
    "regions": {
        "type": "string",
        "title": "Regions",
        "description": "The only ones that are read or changed, with commas: cn-hangzhou,cn-shanghai. Empty: all.",
        "default": "",
    },
    "read_only": {
        "type": "boolean",
        "title": "Only look",
        "description": "Offers no tool that changes anything.",
        "default": False,
    },
    "approve": {
        "type": "string",
        "title": "How you say yes",
        "description": "auto (a form where the client has one, else a page), form, page, or terminal.",
        "default": "auto",
    },
    "lang": {
        "type": "string",
        "title": "Language · 语言",
        "description": "Of forms and pages: en or zh. Empty: as the browser or the system.",
        "default": "",
    },
}
"""What a person is asked who installs the server by a click; each sets the variable of the flag with its name."""


def variable(setting: str) -> str:
    """The environment variable of a flag."""
    return f"PAI_DSW_MCP_{setting.upper()}"


def _address(project: Mapping[str, Any]) -> str | None:
    return project.get("urls", {}).get("Repository")


def registry_name(project: Mapping[str, Any]) -> str:
    """The name in the MCP registry, which lets the owner of a repository alone publish under it."""
    address = _address(project)
    namespace = f"io.github.{urlsplit(address).path.split('/')[1]}" if address else "com.example"
    return f"{namespace}/{project['name']}"


def _from(root: str) -> dict[str, Any]:
    """Starts the server from a copy of this repository at `root`, with the packages that the tests ran with."""
    arguments = ["--constraints", f"{root}/requirements/serve.txt", "--from", root, PROJECT["name"]]
    return {"command": "uvx", "args": arguments}


def _identity(project: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: project[name] for name in ("name", "version", "description", "license", "keywords")}
    address = _address(project)
    return {**told, "author": AUTHOR, **({"repository": address} if address else {})}


def _registry(project: Mapping[str, Any]) -> dict[str, Any]:
    address = _address(project)
    variables = [
        {
            "name": variable(name),
            "description": setting["description"],
            "format": setting["type"],
            **({"default": str(setting["default"]).lower()} if setting["default"] != "" else {}),
        }
        for name, setting in SETTINGS.items()
    ]
    package = {
        "registryType": "pypi",
        "identifier": project["name"],
        "version": project["version"],
        "runtimeHint": "uvx",
        "transport": {"type": "stdio"},
        "environmentVariables": variables,
    }
    return {
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": registry_name(project),
        "title": TITLE,
        "description": project["description"],
        "version": project["version"],
        **({"repository": {"url": address, "source": "github"}} if address else {}),
        "packages": [package],
    }


def bundle(project: Mapping[str, Any] = PROJECT) -> dict[str, Any]:
    """The manifest of the MCPB bundle; `tests.package.bundle` packs it with the wheel and a lock."""
    address = _address(project)
    identity = _identity(project) | ({"repository": {"type": "git", "url": address}} if address else {})
    entry = "server.py"
    run = {
        "command": "uv",
        "args": ["run", "--frozen", "--directory", "${__dirname}", entry],
        "env": {variable(name): f"${{user_config.{name}}}" for name in SETTINGS},
    }
    return {
        "manifest_version": "0.4",
        **identity,
        "display_name": TITLE,
        "server": {"type": "uv", "entry_point": entry, "mcp_config": run},
        "tools_generated": True,
        "prompts_generated": True,
        "compatibility": {
            "platforms": ["darwin", "linux", "win32"],
            "runtimes": {"python": project["requires-python"]},
        },
        "user_config": {name: {**setting, "required": False} for name, setting in SETTINGS.items()},
    }


def files(project: Mapping[str, Any] = PROJECT) -> dict[str, dict[str, Any]]:
    """Every file that is generated, by its path from the root of the project."""
    identity = _identity(project)
    portable = "https://agent-plugins.org/schemas/1.0.0"
    entry = {"name": project["name"], "source": "./", "description": project["description"]}
    return {
        "server.json": _registry(project),
        # Agent Plugins 1.0: Codex, VS Code, Copilot CLI, Cursor. Skills lie in skills/.
        "plugin.json": {"$schema": f"{portable}/plugin.schema.json", **identity},
        "mcp.json": {
            "$schema": f"{portable}/mcp.schema.json",
            "mcpServers": {SERVER: {"type": "stdio", **_from("${PLUGIN_ROOT}")}},
        },
        ".claude-plugin/plugin.json": {**identity, "mcpServers": {SERVER: _from("${CLAUDE_PLUGIN_ROOT}")}},
        ".claude-plugin/marketplace.json": {
            "name": MARKETPLACE,
            "owner": AUTHOR,
            "description": project["description"],
            "plugins": [entry],
        },
        "gemini-extension.json": {
            **{name: project[name] for name in ("name", "version", "description")},
            "mcpServers": {SERVER: _from("${extensionPath}")},
        },
    }


def as_text(content: Mapping[str, Any]) -> str:
    """A file as it lies in the tree."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def proof(project: Mapping[str, Any] = PROJECT) -> str:
    """The comment in the README of a package by which the MCP registry knows that name and package belong together."""
    return f"<!-- mcp-name: {registry_name(project)} -->"


def write() -> None:
    """Writes the files and the proof anew."""
    for name, content in files().items():
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(as_text(content), "utf-8")
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text("utf-8")
        (ROOT / name).write_text(re.sub(r"<!-- mcp-name: .* -->", proof(), text), "utf-8")


if __name__ == "__main__":
    write()
