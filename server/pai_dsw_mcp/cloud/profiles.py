"""What the CLI's profile file says of itself, without its secrets: how it gets credentials, and whose they are."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from pydantic_core import from_json

_FACTS: Final = {
    "AK": ("access_key_id",),
    "RamRoleArn": ("access_key_id", "ram_role_arn"),
    "ChainableRamRoleArn": ("ram_role_arn",),
    "EcsRamRole": ("ram_role_name",),
    "OIDC": ("ram_role_arn",),
    "CloudSSO": ("cloud_sso_sign_in_url", "cloud_sso_account_id", "cloud_sso_access_config"),
}
"""What tells one identity from another, by mode. Keys of temporary credentials change and are no identity."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of `~/.aliyun/config.json`.

    `modes` holds the profile's own mode and those of the profiles it builds on. `is_complete` is false for a mode
    that needs a key pair and lacks half of it: the vendor's library would take the other half from the environment.
    """

    name: str
    modes: tuple[str, ...]
    facts: tuple[str, ...]
    is_complete: bool


def read_profile(home: str, name: str | None) -> Profile | None:
    """The profile of this name, or the current one; None where there is none that can be read."""
    try:
        config = from_json((Path(home) / ".aliyun" / "config.json").read_bytes())
    except (OSError, ValueError):
        return None
    members = _members(config)
    by_name: dict[str, dict[str, Any]] = {}
    listed = members.get("profiles")
    for entry in cast("list[Any]", listed) if isinstance(listed, list) else []:
        by_name.setdefault(str(_members(entry).get("name")), _members(entry))
    selected = name or members.get("current")
    return _profile(str(selected), by_name) if selected in by_name else None


def _profile(name: str, by_name: dict[str, dict[str, Any]]) -> Profile:
    modes: list[str] = []
    facts: list[str] = [name]
    is_complete = True
    following: str | None = name
    visited: set[str] = set()
    while following in by_name and following not in visited:
        visited.add(following)
        entry = by_name[following]
        mode = str(entry.get("mode"))
        modes.append(mode)
        facts += [mode, *(str(entry.get(fact)) for fact in _FACTS.get(mode, ()))]
        if "access_key_id" in _FACTS.get(mode, ()):
            is_complete = is_complete and bool(entry.get("access_key_id") and entry.get("access_key_secret"))
        following = entry.get("source_profile") if mode == "ChainableRamRoleArn" else None
    return Profile(name, tuple(modes), tuple(facts), is_complete)


def _members(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
