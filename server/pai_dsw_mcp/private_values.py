"""Values in files that the operator names at launch. They are sent to the cloud, and shown to nobody.

A model gives names of variables; a value is in no answer, question, journal or log.
"""

import base64
import binascii
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from pai_dsw_mcp.errors import RefusedError

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_CREDENTIALS: Final = re.compile(
    r"^(ALIBABA_?CLOUD|ALICLOUD|ALIYUN|AWS)_|ACCESS_?KEY|SECRET|PASSWORD|PASSWD|CREDENTIAL|PRIVATE_?KEY|(SECURITY|SESSION)_?TOKEN",
    re.IGNORECASE,
)
"""Names of passwords, secrets, private keys and credentials of a cloud: who may read an instance reads its variables.

A token of one service, such as HF_TOKEN, is passed on: notebooks need it, and it opens that service alone.
"""
_SHORTEST: Final = 6
"""Characters from which a value is cut out of what the service writes; a shorter one is part of other words."""


@dataclass(frozen=True, slots=True)
class PrivateValues:
    """Environment variables by name, and by host of a registry the sign-in as ImageAuth takes it."""

    environment: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    image_auths: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that must not come back in a reply, longest first."""
        sign_ins = [base64.b64decode(auth).decode() for auth in self.image_auths.values()]
        passwords = [sign_in.partition(":")[2] for sign_in in sign_ins]
        found = {*self.environment.values(), *self.image_auths.values(), *sign_ins, *passwords}
        return tuple(sorted((each for each in found if len(each) >= _SHORTEST), key=len, reverse=True))


def read_private_values(env_file: Path | None, image_auth_file: Path | None) -> PrivateValues:
    """The values of both files; none of a file that is not named.

    Raises:
        RefusedError: A file cannot be read, is open to others, or holds what this server does not pass on.
    """
    return PrivateValues(
        environment={} if env_file is None else _environment(env_file),
        image_auths={} if image_auth_file is None else _image_auths(image_auth_file),
    )


def _environment(path: Path) -> dict[str, str]:
    """Lines `NAME=value`, as `docker run --env-file` takes them: no quotes, no references to other variables."""
    found: dict[str, str] = {}
    for number, line in enumerate(private_text(path).splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not _NAME.fullmatch(name):
            # The line itself may be a secret in the wrong place.
            raise RefusedError("private_line_invalid", path=path, line=number)
        if _CREDENTIALS.search(name):
            raise RefusedError("private_name_refused", path=path, line=number, name=name)
        found[name] = value
    return found


class _SignIn(BaseModel):
    auth: str | None = None


class _DockerConfig(BaseModel, strict=True, hide_input_in_errors=True):
    auths: dict[str, _SignIn]


def _image_auths(path: Path) -> dict[str, str]:
    """The sign-ins of a `config.json` as `docker login` writes it."""
    try:
        config = _DockerConfig.model_validate_json(private_text(path))
        found = {_host(address): each.auth for address, each in config.auths.items() if each.auth}
        sign_ins = [base64.b64decode(auth, validate=True).decode() for auth in found.values()]
    except (ValidationError, binascii.Error, UnicodeDecodeError):
        sign_ins = []
        found = {}
    if not sign_ins or not all(":" in each for each in sign_ins):
        raise RefusedError("private_sign_in_invalid", path=path)
    return found


def _host(address: str) -> str:
    return re.sub("^https?://", "", address).partition("/")[0]


def private_text(path: Path) -> str:
    """What is in a file that nobody else may read.

    Raises:
        RefusedError: It cannot be read, or is open to others.
    """
    try:
        with path.open(encoding="utf-8") as file:
            # Of the open file, so that nobody can put another in its place in between.
            found = os.fstat(file.fileno())
            if os.name == "posix" and (found.st_uid != os.geteuid() or found.st_mode & 0o077):
                raise RefusedError("private_file_open_to_others", path=path)
            if not stat.S_ISREG(found.st_mode):
                raise RefusedError("private_file_unreadable", path=path)
            return file.read()
    except (OSError, UnicodeDecodeError):
        pass
    raise RefusedError("private_file_unreadable", path=path)
