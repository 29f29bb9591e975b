"""Lets a wheel carry the skill and its references inside the package; see `pai_dsw_mcp.resources.documents`."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_INSIDE = "pai_dsw_mcp/resources/skill"


class Documents(BuildHookInterface[Any]):
    """Adds them to real wheels only: in an editable one they would be copies that become old."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds."""
        if version == "standard":
            for name in ("SKILL.md", "references"):
                build_data["force_include"][name] = f"{_INSIDE}/{name}"
