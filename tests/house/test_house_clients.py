"""The page of the clients: every recipe starts the same server, and a link holds what the file beside it does.

Links of all pages in `docs/` lead somewhere.
"""

import base64
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from pai_dsw_mcp.settings import read_settings
from tests.house.publishing import MARKETPLACE, PROJECT, ROOT, SERVER
from tests.skill.pages import Page, name_of, skill_folders

PAGES: Final = {"clients.md": [], "clients.zh-CN.md": ["--lang", "zh"]}
"""Both languages, and the arguments that their recipes give."""
EACH = pytest.mark.parametrize("page", [Page(ROOT / "docs" / name) for name in PAGES], ids=PAGES)
CLIENTS: Final = {
    "Claude Code",
    "Claude Desktop",
    "Cherry Studio",
    "Codex",
    "Cursor",
    "Gemini CLI",
    "Goose",
    "Qwen Code",
    "VS Code",
}

Command = tuple[str, ...]


def of_file(language: str, text: str) -> Command:
    """What a client's configuration file starts."""
    read = {"json": json.loads, "toml": tomllib.loads, "yaml": yaml.safe_load}[language]
    (servers,) = read(text).values()
    server: Any = servers[SERVER]
    return (server.get("command") or server["cmd"], *server["args"])


def of_command(line: str) -> Command | None:
    """What a client starts after this command; nothing where it installs a plugin."""
    match shlex.split(line):
        case ["claude" | "codex" | "gemini" | "qwen", "mcp", "add", str() as name, *command]:
            assert name == SERVER
            return tuple(part for part in command if part != "--")
        case ["claude" | "codex", "plugin", "install" | "add", plugin]:
            assert plugin == f"{PROJECT['name']}@{MARKETPLACE}"
        case ["claude" | "codex", "plugin", "marketplace", "add", "."]:
            assert (ROOT / ".claude-plugin" / "marketplace.json").exists()
        case ["gemini", "extensions", "install", "."]:
            assert (ROOT / "gemini-extension.json").exists()
        case _:
            pytest.fail(f"no test knows `{line}`")
    return None


def installing(page: Page) -> list[str]:
    """The links by which a client installs the server."""
    return [target for _, target in page.links if re.search(r"[?&](config|servers)=", target)]


def of_link(address: str) -> Command:
    """What a client starts after a click."""
    query = parse_qs(urlsplit(address).query, strict_parsing=True)
    if "servers" in query:
        # Cherry Studio takes the file, and refuses a server with more than this.
        servers = base64.b64decode(query["servers"][0], validate=True).decode()
        assert json.loads(servers)["mcpServers"][SERVER].keys() == {"command", "args"}
        return of_file("json", servers)
    assert query["name"] == [SERVER]
    (config,) = query["config"]
    server = json.loads(config if config.startswith("{") else base64.b64decode(config, validate=True))
    return (server["command"], *server["args"])


def recipes(page: Page) -> Iterator[Command]:
    """Everything on the page that makes a client start a server."""
    for language, text in re.findall(r"^```(\w+)\n(.*?)^```$", page.text, re.MULTILINE | re.DOTALL):
        if language == "sh":
            yield from filter(None, map(of_command, text.splitlines()))
        else:
            yield of_file(language, text)
    yield from map(of_link, installing(page))


@EACH
def test_every_recipe_and_link_starts_the_same_server(page: Page) -> None:
    arguments = PAGES[page.path.name]
    read_settings(arguments, {})
    assert set(recipes(page)) == {(PROJECT["name"], *arguments)}


@EACH
def test_every_client_has_a_recipe_and_says_whether_it_was_tried(page: Page) -> None:
    ((head, *rows),) = page.tables
    assert len(head) == 3
    assert {row[0] for row in rows} == CLIENTS
    for name in CLIENTS:
        assert any(recipes(page.section(f"## {name}")))


@EACH
def test_clients_that_install_by_a_click_have_a_link(page: Page) -> None:
    assert {target.partition("?")[0] for target in installing(page)} == {
        "cherrystudio://mcp/install",
        "https://cursor.com/en/install-mcp",
        "https://vscode.dev/redirect/mcp/install",
    }


@EACH
def test_the_skill_tool_is_given_a_folder_that_holds_the_skill_alone(page: Page) -> None:
    """Of a folder that is itself a skill, as a checkout is, it would take everything."""
    inside, outside = skill_folders(page, checkout=ROOT)
    assert Path(ROOT, inside) == Path(outside)
    assert [path.name for path in Path(outside).iterdir()] == [PROJECT["name"]]


@pytest.mark.parametrize("page", [Page(path) for path in sorted((ROOT / "docs").glob("*.md"))], ids=name_of)
def test_what_is_linked_is_there(page: Page) -> None:
    targets = [target.partition("#") for _, target in page.links if "://" not in target]
    for path, _, anchor in targets:
        linked = Page(Path(page.path.parent, path)) if path else page
        assert linked.path.exists()
        assert not anchor or anchor in linked.anchors
