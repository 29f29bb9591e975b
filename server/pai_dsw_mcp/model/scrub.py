"""Secrets in text that others wrote, replaced wherever they can be recognised."""

import re
from typing import Final
from urllib.parse import unquote

from pai_dsw_mcp.model.sanitize import sanitize

LONGEST: Final = 4000
"""Characters of a text that are looked at; the rest is cut off."""

_LONGEST_ENCODED: Final = 3 * LONGEST
_REMOVED: Final = "***"
_DEEPEST: Final = 9
_ENCODED_PERCENT: Final = re.compile(r"%(?:25)+")
_KEY_LIKE: Final = re.compile(r"\b(?:LTAI|STS\.|TMP\.)[\w.\-]+|(?<==)[\w+/]{24,}={0,2}|\b[\w+/\-]{64,}={0,2}")
"""Access key ids, values after an equals sign, and anything as long as a token."""
_IN_LOGS: Final = (
    (re.compile(r"-----BEGIN [A-Z ]*KEY-----.*?(?:-----END [A-Z ]*KEY-----|$)"), _REMOVED),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]*(?:\.[\w-]*)?"), _REMOVED),
    (re.compile(r"(://)[^/\s@]+@"), rf"\1{_REMOVED}@"),
    (re.compile(r"\b(Bearer|Basic) +[^\s\"',;]+", re.IGNORECASE), rf"\1 {_REMOVED}"),
    (
        re.compile(
            r"((?:passw(?:or)?d|pwd|secret|token|credential|signature|authorization|cookie|api[_-]?key|"
            r"access[_-]?key(?:[_-]?id)?|private[_-]?key)[\w-]{0,100}[\"']?\s*[=:]\s*[\"']?)(?!Bearer|Basic)[^\s\"'&,;]+",
            re.IGNORECASE,
        ),
        rf"\1{_REMOVED}",
    ),
)
"""Private keys, JSON web tokens, user and password of an address, headers, and values whose name says what they are."""


def _decoded(text: str) -> str:
    """The text without percent-encoding, however often it was encoded; nothing of one that is made to take long."""
    for _ in range(_DEEPEST):
        decoded = unquote(_ENCODED_PERCENT.sub("%", text))
        if decoded == text:
            return text
        text = decoded
    return _REMOVED


def scrub(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text on one line, without these secrets and what looks like one.

    Decodes first: a key that is percent-encoded or split by hidden characters is still a key.
    """
    text = sanitize(_decoded(text[:_LONGEST_ENCODED]), LONGEST)
    for secret in secrets:
        text = text.replace(secret, _REMOVED)
    return _KEY_LIKE.sub(_REMOVED, text)


def scrub_log(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The same for a line of a log, in which programs of others write what they like."""
    text = scrub(text, secrets)
    for pattern, instead in _IN_LOGS:
        text = pattern.sub(instead, text)
    return text


_KEY_ID: Final = re.compile(r"\b(?:LTAI\w{8,}|(?:STS|TMP)\.[\w.\-]{8,})")
_REFERENCE: Final = re.compile(r"\$\{?\w+\}?")


def holds_secret(text: str) -> bool:
    """Whether a text for others seems to hold a key, token or password; a variable that is named is none."""
    text = _decoded(text)
    shown = _REFERENCE.sub('"', sanitize(text, len(text)))
    return any(pattern.search(shown) for pattern in (_KEY_ID, *(each for each, _ in _IN_LOGS)))
