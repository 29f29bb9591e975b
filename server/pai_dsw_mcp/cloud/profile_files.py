"""Reads the files with profiles, once and strictly: what is not understood is refused, not guessed."""

from configparser import ConfigParser, Error
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from pai_dsw_mcp.cloud.profiles import ChainableRole, Profile, ProfileError

_PROFILE: Final[TypeAdapter[Profile]] = TypeAdapter(Profile)


class _Entry(BaseModel, strict=True, extra="allow"):
    name: str


class _File(BaseModel, strict=True):
    current: str = ""
    profiles: list[_Entry]


def read_cli_profile(home: Path, wanted: str | None) -> tuple[Profile, ...]:
    """The selected profile and those that it builds on, one after another; none where there is no file.

    Raises:
        ProfileError: The file or one of these profiles is not what `aliyun configure` writes.
    """
    try:
        found = _File.model_validate_json((home / ".aliyun" / "config.json").read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError):
        raise ProfileError("credentials_file_invalid", file="~/.aliyun/config.json") from None
    unused = {entry.name: entry.model_dump() for entry in found.profiles}
    if wanted and wanted not in unused:
        # The profile may be in the other file.
        return ()
    selected = wanted or found.current
    if len(unused) < len(found.profiles) or selected not in unused:
        raise ProfileError("credentials_file_invalid", file="~/.aliyun/config.json")
    chain = [_checked(unused.pop(selected))]
    while isinstance(last := chain[-1], ChainableRole):
        if last.source_profile not in unused:
            raise ProfileError("credentials_incomplete", profile=last.name, members="source_profile")
        chain.append(_checked(unused.pop(last.source_profile)))
    return tuple(chain)


_INI_MODES: Final = {
    "access_key": "AK",
    "ram_role_arn": "RamRoleArn",
    "oidc_role_arn": "OIDC",
    "ecs_ram_role": "EcsRamRole",
    "rsa_key_pair": "RsaKeyPair",
}
_INI_MEMBERS: Final = {
    "role_arn": "ram_role_arn",
    "role_name": "ram_role_name",
    "role_session_name": "ram_session_name",
    "oidc_token_file_path": "oidc_token_file",
}


def read_ini_profile(file: Path, section: str) -> tuple[Profile, ...]:
    """The section of the vendor's credentials file; none where there is no file or no such section.

    Raises:
        ProfileError: The file or the section cannot be read.
    """
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(file.read_text("utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeError, Error):
        raise ProfileError("credentials_file_invalid", file="credentials.ini") from None
    if section not in parser:
        return ()
    members = {name: value.split("#")[0].strip() for name, value in parser[section].items()}
    mode = _INI_MODES.get(members.get("type", ""), "")
    named = {_INI_MEMBERS.get(name, name): value for name, value in members.items()}
    return (_checked({**named, "name": section, "mode": mode}),)


def _checked(members: dict[str, Any]) -> Profile:
    name = str(members["name"])
    if members.get("mode") == "External":
        raise ProfileError("credentials_external", profile=name)
    try:
        return _PROFILE.validate_python(members)
    except ValidationError as error:
        # An unknown mode has no place; every other problem has the mode and the member.
        places = {str(problem["loc"][-1]) if problem["loc"] else "mode" for problem in error.errors()}
    raise ProfileError("credentials_incomplete", profile=name, members=", ".join(sorted(places)))
