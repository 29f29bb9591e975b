"""A client of the emulator without any SDK: it signs as the documentation says and shows what came back."""

import hashlib
import hmac
import http.client
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

from pai_emulator.call import User

DSW = "2022-01-01"
AIWORKSPACE = "2021-02-04"

NOTEBOOK = {
    "WorkspaceId": "40001",
    "InstanceName": "notebook",
    "EcsSpec": "ecs.g6.large",
    "ImageUrl": "registry.cn-shanghai.aliyuncs.com/pai_product/tensorflow:py36_cpu_tf1.12_ubuntu",
}
"""A request body of CreateInstance that is good in cn-hangzhou."""

_nonces = itertools.count()


def sign(
    user: User,
    method: str,
    path: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    version: str = DSW,
    date: datetime | None = None,
) -> dict[str, str]:
    """The headers of a signed request; those given win over those that are made up, and all of them are signed."""
    signed = {
        "x-acs-version": version,
        "x-acs-date": (date or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": f"{next(_nonces):032x}",
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        **headers,
    }
    names = sorted(signed)
    canonical = "\n".join(
        (
            method,
            path,
            "&".join(f"{key}={quote(query[key], safe='~')}" for key in sorted(query)),
            "".join(f"{name}:{signed[name]}\n" for name in names),
            ";".join(names),
            hashlib.sha256(body).hexdigest(),
        )
    )
    to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    signature = hmac.new(user.access_key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={user.access_key_id},SignedHeaders={';'.join(names)},Signature={signature}"
    return {**signed, "authorization": f"ACS3-HMAC-SHA256 {credential}"}


@dataclass(frozen=True)
class RawReply:
    """A reply as it came; `json` decodes the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class RawClient:
    """Keeps one connection; a context manager that closes it. `host` replaces the address in the Host header."""

    def __init__(self, url: str, user: User, host: str | None = None, timeout: float = 10) -> None:
        address = urlsplit(url).netloc
        self._connection = http.client.HTTPConnection(address, timeout=timeout)
        self._user = user
        self._host = host or address

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def send(self, method: str, target: str, headers: Mapping[str, str | list[str]], body: bytes = b"") -> RawReply:
        """Send exactly this; a header with a list of values is sent once for each of them."""
        self._connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            for single in [value] if isinstance(value, str) else value:
                self._connection.putheader(name, single)
        if body:
            self._connection.putheader("content-length", str(len(body)))
        self._connection.endheaders(body or None)
        with self._connection.getresponse() as response:
            return RawReply(response.status, {k.lower(): v for k, v in response.headers.items()}, response.read())

    def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | bytes | None = None,
        *,
        version: str = DSW,
        headers: Mapping[str, str] | None = None,
        proxied: bool = False,
    ) -> RawReply:
        """Send a signed request; `proxied` puts scheme and host into the request line, as for an HTTP proxy."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        named = {"host": self._host, **(headers or {})}
        signed = sign(self._user, method, path, query or {}, named, content, version=version)
        target = f"{path}?{urlencode(query)}" if query else path
        return self.send(method, f"http://{self._host}{target}" if proxied else target, signed, content)
