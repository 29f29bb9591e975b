"""The skill tool `skills` runs the commands of docs/clients.md, and installs the skill with its references alone."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.skill.pages import ROOT, Page, skill_folders
from tests.support.node import NODE

_TOOL: Final = Path(__file__).parent / "node_modules/skills/bin/cli.mjs"


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _installed(project: Path, source: str | Path) -> dict[str, bytes]:
    """What assistants find in the project after the command was run there, without its questions."""
    env = {**os.environ, "HOME": str(project.parent), "DISABLE_TELEMETRY": "1"}
    command = [NODE, _TOOL, "add", source, "--yes"]
    subprocess.run(command, cwd=project, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return _files(project / ".agents" / "skills")


def _wanted(checkout: Path) -> dict[str, bytes]:
    documents = {"SKILL.md": (checkout / "SKILL.md").read_bytes()}
    documents |= {f"references/{name}": content for name, content in _files(checkout / "references").items()}
    return {f"pai-dsw-mcp/{name}": content for name, content in documents.items()}


def main() -> None:
    """In a pristine clone; and from this checkout, with everything that was made in it, in another folder."""
    inside, outside = skill_folders(Page(ROOT / "docs" / "clients.md"), checkout=ROOT)
    with TemporaryDirectory() as folder:
        clone, other = Path(folder, "clone"), Path(folder, "other")
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        other.mkdir()
        assert _installed(clone, inside) == _wanted(clone)
        assert _installed(other, outside) == _wanted(ROOT)
    print(f"installs {len(_wanted(ROOT))} files from a clone and from this checkout, and nothing else")


if __name__ == "__main__":
    main()
