"""The commands that start our server and the bare one, in the same environment."""

import os
import sys
from pathlib import Path

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings
from tests.support.node import NODE

HERE = Path(__file__).parent


OURS = str(Path(sys.executable).with_name("pai-dsw-mcp"))


def ours(state_dir: Path, *arguments: str) -> list[str]:
    """With a folder for its journal. Settings like this one make the server answer even the first lines itself."""
    return [OURS, "--state-dir", str(state_dir), *arguments]


def bare() -> list[str]:
    """With as many tools as ours."""
    return [sys.executable, str(HERE / "bare_server.py"), str(len(tools_for(Settings())))]


def bare_node() -> list[str]:
    """The same with the TypeScript SDK; empty where `make foreign` has not fetched it."""
    program = HERE.parent / "foreign" / "bare_server.mjs"
    installed = (program.parent / "node_modules").is_dir()
    return [str(NODE), str(program), bare()[-1]] if installed else []


def go_server() -> list[str]:
    """A Go server of others, which has about as many tools; empty where `make foreign` has not fetched it."""
    program = HERE.parents[1] / ".venv-foreign" / "bin" / "mcp-grafana"
    return [str(program)] if program.exists() else []


def clean_environment(**more: str) -> dict[str, str]:
    """This environment without credentials, proxies and settings that would change what is measured."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ALIBABA_CLOUD_", "PAI_DSW_MCP_", "COVERAGE_", "COV_", "PYTHON"))
        and not name.lower().endswith("_proxy")
    }
    return {**kept, **more}
