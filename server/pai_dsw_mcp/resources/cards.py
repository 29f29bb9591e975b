"""Cards: HTML that a client draws beside an answer (MCP Apps, `io.modelcontextprotocol/ui`, 2026-01-26).

A card is one document without network: its words are in it, and what it shows comes with the result of the call.
"""

import base64
import hashlib
import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from mcp.server.apps import APP_MIME_TYPE
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp_types import Tool

from pai_dsw_mcp.texts.render import CATALOGUE, say
from pai_dsw_mcp.texts.text import Language

_ROOT: Final = "ui://pai-dsw-mcp/"
_CARDS: Final = ("instance", "costs", "change")
_CARD_OF: Final = {"get_instance": "instance", "get_instance_metrics": "instance", "get_costs": "costs"}
"""The cards of tools that read; every tool that writes has the card of a change."""
_WORDS: Final = ("card_", "action_", "page_", "change_")
_NOTHING: Final[dict[str, Any]] = {"connectDomains": [], "resourceDomains": [], "frameDomains": []}
"""What a card may reach."""


def for_cards(tool: Tool) -> Tool:
    """The tool as a client that draws cards is told of it."""
    name = _CARD_OF.get(tool.name) or (None if tool.annotations and tool.annotations.read_only_hint else "change")
    if name is None or is_for_cards_alone(tool):
        return tool
    return tool.model_copy(update={"meta": {**(tool.meta or {}), "ui": {"resourceUri": f"{_ROOT}{name}"}}})


def is_for_cards_alone(tool: Tool) -> bool:
    """Whether only a card may call it: who draws none would show it to the model."""
    return (tool.meta or {}).get("ui", {}).get("visibility") == ["app"]


def card_at(address: str, language: Language) -> ReadResourceContents | None:
    """The card with this address, if there is one."""
    name = address.removeprefix(_ROOT)
    if name not in _CARDS or address == name:
        return None
    meta = {"ui": {"csp": _NOTHING, "prefersBorder": True}}
    return ReadResourceContents(content=_document(name, language), mime_type=APP_MIME_TYPE, meta=meta)


@cache
def _document(name: str, language: Language) -> str:
    style, script = _part("card.css"), f"{_part('card.js')}\n{_part(f'card_{name}.js')}"
    words = {
        key: say(key, language) for key, text in CATALOGUE.items() if key.startswith(_WORDS) and "{" not in str(text)
    }
    said = [[say(key), say(key, language)] for key in CATALOGUE if key.startswith("said_")]
    # Inside a script element nothing but `<` could end it.
    texts = json.dumps({**words, "said": said}, ensure_ascii=False).replace("<", "\\u003c")
    policy = f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    return f"""<!doctype html>
<html lang="{"zh-CN" if language == "zh" else "en"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(say(f"card_{name}", language))}</title>
<style>{style}</style>
</head>
<body>
<main></main>
<script type="application/json" id="texts">{texts}</script>
<script>{script}</script>
</body>
</html>
"""


def _part(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
