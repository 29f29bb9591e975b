"""How long a client may keep what it was told: all of it depends on the settings alone, so clients may share it."""

from typing import Final

from mcp.server.caching import CacheableMethod, CacheHint

FRESH: Final = CacheHint(ttl_ms=300_000, scope="public")
"""Five minutes: nothing changes while the server runs, but it may be restarted with other settings."""

CACHE_HINTS: Final[dict[CacheableMethod, CacheHint]] = {
    "tools/list": FRESH,
    "prompts/list": FRESH,
    "resources/list": FRESH,
    "resources/templates/list": FRESH,
    "resources/read": FRESH,
}
