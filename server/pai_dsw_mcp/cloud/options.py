"""The cloud settings of the person who starts the server, and the identity that it works as."""

import ipaddress
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from pai_dsw_mcp.errors import ErrorKind, RefusedError
from pai_dsw_mcp.model.region import REGIONS

Network: TypeAlias = Literal["public", "vpc"]


@dataclass(frozen=True, slots=True)
class CloudOptions:
    """Timeouts in seconds: `read_timeout` and `write_timeout` bound one operation as a whole, retries included.

    `endpoint` is the address of an emulator on loopback; only access keys that start with `TEST` are used there.
    `secrets` are cut out of what the service writes in a refusal, besides the credentials themselves.
    `regions` and `workspaces` are the only ones that are read or changed; without any, all are.
    `test_access_key` is the id and the secret of an emulator's user; without it the machine's credentials are used.
    """

    endpoint: str | None = None
    read_only: bool = False
    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    write_timeout: float = 30.0
    network: Network = "public"
    regions: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()
    test_access_key: tuple[str, str] | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def uses_emulator(self) -> bool:
        """Whether an emulator answers instead of the cloud."""
        return self.endpoint is not None

    @property
    def allowed_regions(self) -> tuple[str, ...]:
        """The regions that requests may be sent to."""
        return self.regions or tuple(REGIONS)

    def allows(self, workspace_id: str | None) -> bool:
        """Whether what is in this workspace may be read and changed."""
        return not self.workspaces or workspace_id in self.workspaces

    def __post_init__(self) -> None:
        """Refuse an endpoint that is not on this machine.

        Raises:
            RefusedError: The endpoint is not `http://` and a loopback address, or a test key came without one.
        """
        if self.endpoint is not None and not _is_loopback(self.endpoint):
            raise RefusedError("endpoint_not_loopback", kind=ErrorKind.ENDPOINT_REFUSED)
        if self.test_access_key is not None and self.endpoint is None:
            raise RefusedError("test_keys_need_endpoint", kind=ErrorKind.ENDPOINT_REFUSED)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom requests are signed as, without anything secret.

    `provider` is the vendor's name for where the credentials come from, such as `default/cli_profile/static_ak`.
    `kind` tells a permanent key from a temporary one. `principal` stays the same over restarts and refreshes.
    """

    provider: str
    kind: Literal["access_key", "sts"]
    principal: str
    expires_at: float | None = field(default=None, compare=False)
    """When this key ends, in seconds since the epoch; None where it does not end or nobody says."""


@dataclass(slots=True)
class Role:
    """A role that is assumed for people, and the id that it was first seen with: a role made anew has another one."""

    arn: str
    role_id: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """For whom a role is assumed: `person` never changes for one of them, `name` is what the cloud's trail shows."""

    person: str
    name: str


def _is_loopback(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        port = parts.port
        host = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return False
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    return parts.scheme == "http" and port is not None and host.is_loopback and plain
