"""What the build adds: the skill inside the package, and links of the README that lead somewhere on an index."""

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

_INSIDE = "pai_dsw_mcp/resources/skill"
_BESIDE = re.compile(r"(!?)(\[[^\]]*\])\((?!https?:|#)([^)\s]+)\)")
"""A picture of, or a link to, another file of the repository."""


class Documents(BuildHookInterface[Any]):
    """Lets a wheel carry the skill and its references; see `pai_dsw_mcp.resources.documents`.

    Adds them to real wheels only: in an editable one they would be copies that become old.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds."""
        if version == "standard":
            for name in ("SKILL.md", "references"):
                build_data["force_include"][name] = f"{_INSIDE}/{name}"


class Description(MetadataHookInterface):
    """The README. Once the address of the repository is told, its links lead there, to the tag of this version."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Called by hatchling when it reads the project."""
        text = Path(self.root, "README.md").read_text("utf-8")
        address = metadata.get("urls", {}).get("Repository")
        if address:
            tag = f"v{metadata['version']}"
            text = _BESIDE.sub(lambda found: _led_to(address, tag, *found.groups()), text)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def _led_to(address: str, tag: str, picture: str, label: str, path: str) -> str:
    return f"{picture}{label}({address}/{'raw' if picture else 'blob'}/{tag}/{path})"
