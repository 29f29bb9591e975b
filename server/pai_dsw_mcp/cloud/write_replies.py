"""The replies to writes."""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator

from pai_dsw_mcp.cloud.message import REQUEST_ID
from pai_dsw_mcp.cloud.wire import DswReply, Success, Wire


def _request_id(written: object) -> str | None:
    # A malformed one must not turn a success into a reply that cannot be trusted.
    return written if isinstance(written, str) and REQUEST_ID.fullmatch(written) else None


RequestId: TypeAlias = Annotated[str | None, BeforeValidator(_request_id)]


def _is_absent(code: str | None) -> None:
    # AIWorkSpace may refuse with HTTP 200 and a code (DeleteMembers).
    if code:
        raise ValueError("the service gives a code, so it did not succeed")


class WriteReply(Wire):
    """Any write; one that makes something has to name it (`writer`)."""

    instance_id: str | None = None
    workspace_id: str | None = None
    member_id: str | None = None
    request_id: RequestId


class DswWriteReply(WriteReply, DswReply):
    """A write that says whether it succeeded."""

    request_id: RequestId = None


class BareWriteReply(WriteReply):
    """A write that need not say whether it succeeded: it has a RequestId, and does not say no."""

    code: Annotated[str | None, AfterValidator(_is_absent)] = None
    success: Success | None = None
