"""Which product, region and operation a request is for."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias
from urllib.parse import unquote

from pai_emulator import errors
from pai_emulator.call import Call
from pai_emulator.data.regions import REGIONS
from pai_emulator.message import Request
from pai_emulator.types import JsonObject, Product
from pai_emulator.world import World

DEFAULT_REGION_ID = "cn-hangzhou"
"""The region of a request that names none, as for the region-less `aiworkspace.aliyuncs.com` (assumed)."""

_PRODUCTS: dict[str, Product] = {
    "2022-01-01": "pai-dsw",
    "2021-02-04": "aiworkspace",
    "2022-01-12": "pai",
    "2015-04-01": "sts",
}
_CLOUD_HOST = re.compile(
    r"(?P<product>pai-dsw|aiworkspace|pai|sts)(?:-vpc)?(?:\.(?P<region>[a-z0-9-]+))?\.aliyuncs\.com(?::\d+)?"
)
_LOOPBACK_HOST = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?")


Handler: TypeAlias = Callable[[World, Call], JsonObject]
"""Carries an operation out and returns the reply without its envelope; raises `errors.ApiError`."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the route table. `path` is a template such as `/api/v2/instances/{InstanceId}/start`."""

    name: str
    product: Product
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    handler: Handler
    action: str | None
    """The RAM action that allows it; None where the operation is allowed unless denied."""
    without: frozenset[str] = frozenset()
    """The fields of the product's envelope that its reply does not have."""


def locate(request: Request) -> tuple[Product, str]:
    """The product and the region id a request is for.

    A real host name gives both. On a loopback address `x-acs-version` (or `Version`) gives the product and
    `x-acs-region-id` the region. Raises `InvalidVersion` where the version is not one of the product's,
    `InvalidApi.NotFound` for a host that is neither.
    """
    headers = request.headers
    product = _PRODUCTS.get(headers.get("x-acs-version") or request.query.get("Version", ""))
    if product is None:
        raise errors.invalid_version()
    named = _parse_host(headers.get("host", ""))
    if named is None:
        return product, headers.get("x-acs-region-id", DEFAULT_REGION_ID)
    if named[0] != product:
        raise errors.invalid_version()
    return product, named[1]


@lru_cache(maxsize=256)
def _parse_host(host: str) -> tuple[str, str] | None:
    """Product and region of a real host name; None for a loopback address."""
    if _LOOPBACK_HOST.fullmatch(host):
        return None
    # A foreign host name may be one that somebody pointed at this machine.
    match = _CLOUD_HOST.fullmatch(host)
    if match is None:
        raise errors.api_not_found()
    return match["product"], match["region"] or DEFAULT_REGION_ID


def stands_for(host: str) -> bool:
    """Whether the emulator answers for a host name of the cloud."""
    match = _CLOUD_HOST.fullmatch(host)
    return match is not None and (match["region"] or DEFAULT_REGION_ID) in REGIONS


class RouteTable:
    """The operations by product, method and path."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._routes: dict[tuple[Product, str, int], list[tuple[list[str], Operation]]] = {}
        for operation in operations:
            template = operation.path.split("/")
            key = (operation.product, operation.method, len(template))
            self._routes.setdefault(key, []).append((template, operation))

    def match(
        self, product: Product, method: str, path: str, action: str | None
    ) -> tuple[Operation, dict[str, str]] | None:
        """The operation of a raw path with the decoded values of its placeholders; None where there is none."""
        segments = path.split("/")
        # STS is of the older style: all operations have one path, and the method says nothing.
        is_older = product == "sts"
        method = "POST" if is_older else method
        for template, operation in self._routes.get((product, method, len(segments)), ()):
            values = _fill(template, segments)
            if values is not None and (not is_older or action == operation.name):
                return operation, values
        return None


def _fill(template: list[str], segments: list[str]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for name, segment in zip(template, segments, strict=True):
        if name.startswith("{"):
            values[name[1:-1]] = unquote(segment)
        elif name != segment:
            return None
    return values
