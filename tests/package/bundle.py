"""`python -m tests.package.bundle`: packs the MCPB bundle, opens it again and starts what came out.

The bundle holds the wheel, and a lock in which every package has the version that requirements/serve.txt pins; uv of
the host installs from it. Needs a network.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.house.lock import pins_in
from tests.house.publishing import PROJECT, ROOT, SETTINGS, as_text, bundle
from tests.package.started import package_manager_settings, starts
from tests.support.node import NODE

_TOOL: Final = ROOT / "tests/foreign/node_modules/@anthropic-ai/mcpb/dist/cli/cli.js"
_UV: Final = Path(sys.executable).with_name("uv")
_SERVER: Final = """\
import sys

from pai_dsw_mcp.__main__ import main

sys.exit(main())
"""


def _run(*command: str | Path, folder: Path = ROOT) -> None:
    done = subprocess.run(list(command), cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{command}\n{done.stdout}{done.stderr}")


def _project(wheel: Path) -> str:
    """What uv of the host reads: a project that is nothing but the wheel beside it."""
    pins = [str(pin.requirement) for pin in pins_in("serve")]
    return f"""\
[project]
name = "{PROJECT["name"]}-bundle"
version = "{PROJECT["version"]}"
requires-python = "{PROJECT["requires-python"]}"
dependencies = ["{PROJECT["name"]}"]

[tool.uv]
package = false
constraint-dependencies = {json.dumps(pins)}

[tool.uv.sources]
{PROJECT["name"]} = {{ path = "{wheel.name}" }}
"""


def pack(folder: Path) -> Path:
    """The bundle, whose manifest the official tool accepts."""
    _run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    (wheel,) = folder.iterdir()
    (folder / "pyproject.toml").write_text(_project(wheel), "utf-8")
    (folder / "server.py").write_text(_SERVER, "utf-8")
    (folder / "manifest.json").write_text(as_text(bundle()), "utf-8")
    for name in ("README.md", "README.zh-CN.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    _run(_UV, "lock", "--quiet", folder=folder)
    packed = ROOT / "dist" / f"{PROJECT['name']}-{PROJECT['version']}.mcpb"
    packed.parent.mkdir(exist_ok=True)
    _run(NODE, _TOOL, "validate", folder / "manifest.json")
    _run(NODE, _TOOL, "pack", folder, packed)
    return packed


def commands(opened: Path) -> dict[str, tuple[Sequence[str], dict[str, str]]]:
    """How a host starts it: with the command of the manifest and untouched settings, or with one of its own."""
    manifest: dict[str, Any] = json.loads((opened / "manifest.json").read_text("utf-8"))
    server = manifest["server"]
    arguments = [each.replace("${__dirname}", str(opened)) for each in server["mcp_config"]["args"]]
    filled = {f"${{user_config.{name}}}": str(setting["default"]).lower() for name, setting in SETTINGS.items()}
    variables = {name: filled[value] for name, value in server["mcp_config"]["env"].items()}
    return {
        "the command of the manifest": ([server["mcp_config"]["command"], *arguments], variables),
        "a command of the host's": (["uv", "run", "--directory", str(opened), server["entry_point"]], {}),
    }


def main() -> None:
    """Tells what was packed, and of each way to start it that it answers."""
    with TemporaryDirectory() as name:
        staged, opened = Path(name, "staged"), Path(name, "opened")
        staged.mkdir()
        packed = pack(staged)
        sys.stdout.write(f"packed: {packed.name}, {packed.stat().st_size // 1024} KiB\n")
        _run(NODE, _TOOL, "unpack", packed, opened)
        for way, (command, variables) in commands(opened).items():
            starts([str(_UV), *command[1:]], Path(name, "home"), **variables, **package_manager_settings())
            sys.stdout.write(f"started by {way}: it answers\n")


if __name__ == "__main__":
    main()
