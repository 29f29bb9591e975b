"""What the READMEs tell a reader to type, and the configurations they give."""

import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
READMES: Final = (ROOT / "README.md", ROOT / "README.zh-CN.md")

OVER_HTTP: Final = {
    "ADDRESS": "127.0.0.1:8000",
    "NAMES": "dsw.example.com",
    "ORIGINS": "https://console.example.com",
    "ISSUER": "https://login.example.com/realms/ml",
    "AUDIENCE": "https://dsw.example.com/mcp",
    "DATABASE": "postgresql://db.example.com/dsw",
    "ID": "dsw-approval",
    "GROUP": "ml-leads",
    "COLLECTOR": "http://127.0.0.1:4318",
    "ROLE": "acs:ram::1234567890123456:role/dsw-team",
    "CLAIM": "aliyun_uid",
}
"""Values of the placeholders."""
_HTTP: Final = ("--http", "127.0.0.1:8000")
_SIGN_IN: Final = (*_HTTP, "--oidc-issuer", "https://login.example.com", "--oidc-audience", "dsw")
_DATABASE: Final = (*_HTTP, "--database", "postgresql://db.example.com/dsw")
_NEEDS: Final = {
    "--approve card": ("--card-clients", "claude-ai"),
    "--card-clients": ("--approve", "card"),
    "--admin-listen": _HTTP,
    "--otlp-endpoint": _HTTP,
    "--allow-host": _HTTP,
    "--allow-origin": _HTTP,
    "--bearer-token-file": _HTTP,
    "--oidc-issuer": (*_HTTP, "--oidc-audience", "dsw"),
    "--oidc-audience": (*_HTTP, "--oidc-issuer", "https://login.example.com"),
    "--database": _HTTP,
    "--database-password-file": _DATABASE,
    "--audit-key-file": (*_DATABASE, "--audit-checkpoint-file", "/var/checkpoint"),
    "--audit-checkpoint-file": (*_DATABASE, "--audit-key-file", "/run/key"),
    "--oidc-client-id": _SIGN_IN,
    "--reads-per-minute": _HTTP,
    "--questions-per-hour": _HTTP,
    "--writes-per-hour": _HTTP,
    "--role-arn": _SIGN_IN,
    "--owner-claim": _SIGN_IN,
    "--oidc-client-secret-file": (*_SIGN_IN, "--oidc-client-id", "dsw-approval"),
    "--second-person-above": (*_SIGN_IN, "--oidc-client-id", "dsw-approval", "--approver-group", "ml-leads"),
    "--approver-group": (*_SIGN_IN, "--oidc-client-id", "dsw-approval", "--second-person-above", "100"),
}
"""What a flag does not work without, or a flag with this value."""

_FENCED: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE: Final = re.compile(r"`([^`\n]+)`")
_SHELL: Final = {"console", "sh"}
_PROGRAM: Final = re.compile(r"^(\.venv/bin/)?(pai-dsw-mcp|pai-emulator|make|pip|pipx|uv|claude|qwen) ")
_FLAG_ROW: Final = re.compile(r"^\| (`--.*?) \|", re.MULTILINE)


def needs(name: str, value: str = "") -> tuple[str, ...]:
    """The other flags that go with it."""
    return _NEEDS.get(f"{name} {value}", _NEEDS.get(name, ()))


def blocks(readme: Path) -> list[tuple[str, str]]:
    """Language and text of every fenced block."""
    return _FENCED.findall(readme.read_text("utf-8"))


def prose(readme: Path) -> str:
    """What is not in fenced blocks."""
    return _FENCED.sub("", readme.read_text("utf-8"))


def inline(readme: Path) -> list[str]:
    """Every piece of code in the prose."""
    return _INLINE.findall(prose(readme))


def commands(readme: Path) -> Generator[str]:
    """Everything that a reader may type: each line of a shell block, and what stands in the prose."""
    for language, text in blocks(readme):
        if language in _SHELL:
            yield from text.splitlines()
    yield from (code for code in inline(readme) if _PROGRAM.match(code))


def configurations(readme: Path) -> list[Any]:
    """Every JSON block, read."""
    return [json.loads(text) for language, text in blocks(readme) if language == "json"]


def rows_of_flags(readme: Path) -> list[str]:
    """The flags of each row in the table of options, as `--name VALUE`."""
    rows = _FLAG_ROW.findall(readme.read_text("utf-8"))
    return [flag.replace("\\|", "|") for row in rows for flag in _INLINE.findall(row)]
