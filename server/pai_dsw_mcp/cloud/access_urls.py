"""Which addresses of a reply may be shown: a URL can carry the right to enter."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

_DOMAINS: Final = (".aliyun.com", ".aliyuncs.com")
_PARAMETERS: Final = frozenset(
    {"instance", "instanceid", "region", "regionid", "workspaceid", "commoditycode", "ordertype"}
)
"""Query parameters that name something and open nothing; every other one may be a token."""


def safe_url(url: str | None) -> str | None:
    """The URL, if it is https, on a host of the vendor, and without anything that could be a token; else None."""
    if url is None or re.fullmatch(r"[!-~]{1,512}", url) is None:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    official = parts.scheme == "https" and port is None and "@" not in parts.netloc
    if not (official and (parts.hostname or "").endswith(_DOMAINS)):
        return None
    names_only = all(
        name.lower() in _PARAMETERS and re.fullmatch(r"[\w.\-]{0,64}", value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    return url if names_only and parts.fragment in {"", "/"} else None
