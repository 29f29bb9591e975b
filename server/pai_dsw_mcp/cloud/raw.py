"""Single reads whose replies are kept as they came: to find out how the service behaves, not what it holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from alibabacloud_tea_openapi.utils_models import OpenApiRequest, Params
from pydantic import RootModel

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.endpoints import Service, host_of
from pai_dsw_mcp.cloud.operations import OPERATIONS
from pai_dsw_mcp.cloud.scope import check_request
from pai_dsw_mcp.errors import CloudError, CredentialsError, ErrorKind

_VERSIONS: Final[Mapping[Service, str]] = {"pai-dsw": "2022-01-01", "aiworkspace": "2021-02-04", "pai": "2022-01-12"}
_SAYS_NOTHING: Final = {408, 429}
_CODE: Final = re.compile(r"[A-Za-z]{1,40}(?:\.[A-Za-z]{1,40})*|[0-9]{9}")


class RawReply(RootModel[dict[str, Any]]):
    """Any JSON object."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back. `code` is that of a refusal, where it looks like a code and not like a name or an id."""

    status: int
    code: str = ""
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    is_denied: bool = False

    @property
    def outcome(self) -> str:
        """Status and code alone."""
        return f"{self.status} {self.code}".strip()

    @property
    def tells(self) -> bool:
        """Whether it tells how the service behaves: not where it is too busy, or fails."""
        return self.status < 500 and self.status not in _SAYS_NOTHING


async def look(cloud: Cloud, region_id: str, operation: str, path: str, query: Mapping[str, str]) -> Seen:
    """One read; a refusal of the service is something that was seen.

    Raises:
        CloudError: There is nothing to see: no credentials, no connection, or not allowed from here.
    """
    sdk, row, options = await cloud.sdk(), OPERATIONS[operation], cloud.options
    params = Params(
        action=operation,
        version=_VERSIONS[row.product],
        protocol="HTTPS",
        pathname=path,
        method="GET",
        auth_type="AK",
        style="ROA",
        req_body_type="json",
        body_type="json",
    )
    request = OpenApiRequest(query=dict(query))
    check_request(options, region_id, operation, path, query, None)
    host = host_of(row.product, region_id, options.network)
    try:
        reply = await sdk.caller.exchange(host, params, request, RawReply.model_validate_json, None)
    except CloudError as error:
        seen = None if isinstance(error, CredentialsError) else refusal(error)
        if seen is None:
            raise
        return seen
    return Seen(200, body=reply.root)


def refusal(error: CloudError) -> Seen | None:
    """What the service said; None where nothing came back."""
    if error.status is None:
        return None
    code = error.code if error.code and _CODE.fullmatch(error.code) else "unknown" if error.code else ""
    return Seen(error.status, code, is_denied=error.kind is ErrorKind.PERMISSION_DENIED)
