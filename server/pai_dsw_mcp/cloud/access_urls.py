"""Which addresses of a reply may be shown: a URL can carry the right to enter."""

import re
from typing import Final

_LONGEST: Final = 512
_PARAMETER: Final = r"(?i:instance|instanceid|region|regionid|workspaceid|commoditycode|ordertype)=[A-Za-z0-9_.-]{0,64}"
"""Query parameters that name something and open nothing; every other one may be a token."""

_SAFE: Final = re.compile(
    r"https://(?:[a-z0-9-]+\.)+(?:aliyun|aliyuncs)\.com"
    r"(?:/[A-Za-z0-9_.~/-]*)?"
    rf"(?:\?{_PARAMETER}(?:&{_PARAMETER})*)?"
    r"(?:#/?)?"
)


def safe_url(url: str | None) -> str | None:
    """The URL, if it is https, on a host of the vendor, and without anything that could be a token; else None."""
    return url if url is not None and len(url) <= _LONGEST and _SAFE.fullmatch(url) else None
