"""Texts of approval."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final[dict[str, Text]] = {}
