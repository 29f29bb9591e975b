"""Every command and every configuration in the READMEs works as it stands there."""

import re
import shlex
import subprocess
from collections.abc import Callable
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings, read_settings
from tests.process.processes import (
    DEADLINE,
    INSTALLED_SERVER,
    SERVER,
    environment,
    measured_environment,
    private,
    running_emulator,
)
from tests.process.readme import OVER_HTTP, READMES, ROOT, commands, configurations, inline, needs, prose, rows_of_flags
from tests.process.terminal import in_a_terminal
from tests.skill.pages import Page
from tests.support.ports import fixed_port
from tests.support.programs import BIN

MAKE = ["make", "-o", ".venv/serve.installed", "-o", ".venv/develop.installed"]
"""What is installed stays as it is, whatever the time stamps say."""
WORKERS = ".venv/bin/python -m pytest -q --numprocesses=auto --dist=loadfile --no-loadscope-reorder"
RECIPES = {
    "test": f"{WORKERS} --ignore=tests/house\n",
    "coverage": f"{WORKERS} --cov",
    "evals": ".venv/bin/python -m evals",
    "live": ".venv-live/bin/python -m evals.live.prove",
    "foreign": ".venv/bin/python -m tests.foreign",
    "check": ".venv/bin/python -m pytest -q tests/house",
    "bench": ".venv/bin/python -m tests.bench",
    "prove-team": ".venv/bin/python -m tests.team",
    "conformance": ".venv/bin/python -m tests.conformance",
    "package": ".venv/bin/python -m tests.package",
    "bundle": ".venv/bin/python -m tests.package.bundle",
    "docs-site": ".venv-docs/bin/mkdocs build --strict",
}
EXAMPLES = {
    "SETS": "core",
    "TOOLS": "get_instance",
    "DIR": "/tmp/state",
    "N": "10",
    "S": "10",
    "TIME": "7d",
    "X": "60",
    "URL": "http://127.0.0.1:8080",
    "IDS": "cn-hangzhou,cn-beijing",
    "MONEY": "100CNY",
    "NUMBERS": "40001,40002",
    "ZONE": "Asia/Shanghai",
    **OVER_HTTP,
}
EACH_README = pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)

Offers = Callable[..., bool]


@pytest.fixture(scope="module")
def offers_its_tools(tmp_path_factory: pytest.TempPathFactory) -> Offers:
    """Starts a server as a client does, found on the path, and asks for its tools; once for each command line."""
    home = tmp_path_factory.mktemp("home")

    async def listed(*command: str) -> list[str]:
        program, *arguments = command
        # A client finds a bare name on its path; a path of the checkout is meant from there.
        found = str((ROOT if "/" in program else BIN) / program)
        started = StdioServerParameters(command=found, args=arguments, env=environment(home))
        async with Client(started) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    @cache
    def offers(*command: str) -> bool:
        return anyio.run(listed, *command) == [tool.name for tool in tools_for(Settings())]

    return offers


def demo(home: Path) -> None:
    env = measured_environment(home)
    played = subprocess.run(
        [*MAKE, "demo"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=180, check=False
    )
    assert played.returncode == 0, played.stdout + played.stderr
    assert played.stderr == ""
    assert "3 writes, 3 approvals" in played.stdout
    assert "Nothing happens until you approve." in played.stdout
    assert "\x1b" not in played.stdout


def would_run(target: str) -> None:
    """A target that cannot run inside itself exists and runs what it says."""
    listed = subprocess.run(
        [*MAKE, "--dry-run", target], cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE, check=True
    )
    assert RECIPES[target] in listed.stdout


def installs_the_command() -> None:
    """The installation itself is what made this test possible; it is removed by the name of the distribution."""
    (script,) = distribution("pai-dsw-mcp").entry_points.select(group="console_scripts", name="pai-dsw-mcp")
    assert script.value == "pai_dsw_mcp.__main__:main"
    assert script.load()


def serves_on_the_port(port_flag: str, home: Path) -> None:
    port = fixed_port()
    with running_emulator(home, port_flag, str(port)) as emulator:
        assert emulator.url == f"http://127.0.0.1:{port}"
        assert emulator.steering.requests() == []


@pytest.mark.parametrize("command", sorted({command for readme in READMES for command in commands(readme)}))
def test_a_command_works(command: str, offers_its_tools: Offers, tmp_path: Path) -> None:
    state = ["--state-dir", str(private(tmp_path / "state"))]
    match shlex.split(command):
        case ["make", "demo"]:
            demo(tmp_path)
        case ["make", target]:
            would_run(target)
        case (
            ["pip" | "pipx", "install", "."]
            | ["pip" | "pipx", "uninstall", "pai-dsw-mcp"]
            | ["uv", "tool", "install", "."]
            | ["uv", "tool", "uninstall", "pai-dsw-mcp"]
        ):
            installs_the_command()
        case ["claude", "mcp", "add", _, "--", program, *arguments] | ["qwen", "mcp", "add", _, program, *arguments]:
            assert offers_its_tools(program, *(each for each in arguments if each != "--"))
        case ["pai-dsw-mcp", "approve"]:
            code, shown = in_a_terminal([INSTALLED_SERVER, "approve", *state], tmp_path, measured=False)
            assert code == 0, shown
        case ["pai-dsw-mcp", "audit" | "--version" as verb]:
            ended = subprocess.run(
                [INSTALLED_SERVER, verb, *state], env=environment(tmp_path), capture_output=True, text=True, check=True
            )
            assert ended.stdout
        case ["pai-dsw-mcp", "doctor" | "verify-cloud" as verb]:
            ended = subprocess.run(
                [INSTALLED_SERVER, verb], env=environment(tmp_path), capture_output=True, text=True, check=False
            )
            is_report = verb == "doctor"
            assert (ended.returncode, bool(ended.stdout), ended.stderr == "") == (1, is_report, is_report)
        case ["pai-dsw-mcp" | ".venv/bin/pai-dsw-mcp" as program, *arguments]:
            assert offers_its_tools(program, *arguments)
        case ["pai-emulator", "--port" as flag, _]:
            serves_on_the_port(flag, tmp_path)
        case _:
            pytest.fail(f"no test knows how to run `{command}`")


def servers_in(configuration: Any) -> list[tuple[str, ...]]:
    """Command and arguments of every server in a client's configuration."""
    (servers,) = (configuration[key] for key in ("mcpServers", "servers") if key in configuration)
    return [(server["command"], *server["args"]) for server in servers.values()]


CONFIGURED = [
    server for readme in READMES for configuration in configurations(readme) for server in servers_in(configuration)
]


@pytest.mark.parametrize("server", sorted(set(CONFIGURED)), ids=" ".join)
def test_a_configured_server_starts(server: tuple[str, ...], offers_its_tools: Offers) -> None:
    assert offers_its_tools(*server)


@EACH_README
def test_a_readme_has_a_configuration_of_each_kind(readme: Path) -> None:
    kinds = [next(iter(configuration)) for configuration in configurations(readme)]
    assert list(dict.fromkeys(kinds)) == ["mcpServers", "servers"]


@EACH_README
def test_the_table_of_options_is_whole_and_every_row_is_understood(readme: Path, tmp_path: Path) -> None:
    told = rows_of_flags(readme)
    usage = subprocess.run(
        [SERVER, "--help"], env=environment(tmp_path), capture_output=True, text=True, check=True
    ).stdout
    known = set(re.findall(r"^  (--[a-z-]+)", usage, re.MULTILINE))
    assert {flag.split(" ")[0] for flag in told} == known
    for flag in told:
        name, _, value = flag.partition(" ")
        for choice in value.split("|"):
            given = [EXAMPLES.get(choice, choice)] if choice else []
            read_settings([*needs(name, choice), name, *given], {})


@EACH_README
def test_every_flag_and_tool_in_the_prose_exists(readme: Path) -> None:
    codes = inline(readme)
    for code in codes:
        if code.startswith("--") and "|" not in code:
            name, _, value = code.partition(" ")
            given = EXAMPLES.get(value, value) or {
                "--card-clients": "claude-ai",
                "--cost-line": "1",
                "--max-hourly": "100CNY",
                "--max-running": "1",
                "--max-gpus": "1",
                "--daily-budget": "100",
                "--budget-timezone": "Asia/Shanghai",
                "--regions": "cn-hangzhou",
                "--workspaces": "40001",
                "--toolsets": "core",
                "--tools": "get_instance",
            }.get(name, "")
            read_settings([*needs(name, value), name, *([given] if given else [])], {})
        if code.startswith("PAI_DSW_MCP_"):
            read_settings([], dict([code.split("=")]))
    assert {tool.name for tool in tools_for(Settings(toolsets=("all",)))} <= set(codes)


@EACH_README
def test_what_is_linked_is_there(readme: Path) -> None:
    linked = [target for target in re.findall(r"\]\(([^)]+)\)", prose(readme)) if "://" not in target]
    assert linked
    for target in linked:
        path, _, anchor = target.partition("#")
        page = Page(ROOT / path if path else readme)
        assert page.path.exists(), target
        assert not anchor or anchor in page.anchors, target
