"""The commands that start our server and the bare one, in the same environment."""

import os
import sys
from pathlib import Path

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings

HERE = Path(__file__).parent


OURS = str(Path(sys.executable).with_name("pai-dsw-mcp"))


def ours(state_dir: Path, *arguments: str) -> list[str]:
    """With a folder for its journal. Settings like this one make the server answer even the first lines itself."""
    return [OURS, "--state-dir", str(state_dir), *arguments]


def bare() -> list[str]:
    """With as many tools as ours."""
    return [sys.executable, str(HERE / "bare_server.py"), str(len(tools_for(Settings())))]


def clean_environment(**more: str) -> dict[str, str]:
    """This environment without credentials, proxies and settings that would change what is measured."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ALIBABA_CLOUD_", "PAI_DSW_MCP_", "COVERAGE_", "COV_", "PYTHON"))
        and not name.lower().endswith("_proxy")
    }
    return {**kept, **more}
