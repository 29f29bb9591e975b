"""One request on its way through the gateway, with what is known of it so far."""

from dataclasses import dataclass, field
from typing import Any, Final

from pai_emulator import errors
from pai_emulator.call import User
from pai_emulator.journal import Entry, Outcome
from pai_emulator.message import Reply, Request, json_reply
from pai_emulator.recorded import Recorded
from pai_emulator.types import JsonObject, Product

_PRODUCT_CODES: Final[dict[Product, str]] = {
    "pai-dsw": "pai-dsw",
    "aiworkspace": "AIWorkSpace",
    "pai": "PaiStudio",
    "sts": "Sts",
}
"""As the API portal names the products."""


@dataclass
class Exchange:
    """A request and what it came to; the fields after `request_id` are filled in as they become known."""

    request: Request
    request_id: str
    parameters: JsonObject
    product: Product | None = None
    region_id: str | None = None
    operation: str | None = None
    user: User | None = None
    status: int | None = None
    code: str | None = None
    outcome: Outcome = "broken"
    body: JsonObject = field(default_factory=dict[str, Any])

    def succeed(self, payload: JsonObject, without: frozenset[str]) -> Reply:
        """Reply with the handler's fields in the product's envelope; a DSW success has null `Code` and `Message`."""
        self.body = {"RequestId": self.request_id}
        if self.product == "pai-dsw":
            self.body |= {"Success": True, "Code": None, "Message": None, "HttpStatusCode": 200}
        self.body = {name: value for name, value in self.body.items() if name not in without} | payload
        self.status, self.outcome = 200, "applied"
        return self._reply()

    def refuse(self, error: errors.ApiError) -> Reply:
        """Reply with the gateway's error body. That DSW adds its own envelope to errors is assumed."""
        product = f"&product={_PRODUCT_CODES[self.product]}" if self.product else ""
        self.body = {
            "RequestId": self.request_id,
            "HostId": self.request.headers.get("host", ""),
            "Code": error.code,
            "Message": error.message,
            "Recommend": f"https://api.aliyun.com/troubleshoot?q={error.code}{product}&requestId={self.request_id}",
        }
        if self.product == "pai-dsw":
            self.body |= {"Success": False, "HttpStatusCode": error.status}
        if error.access_denied_detail is not None:
            self.body["AccessDeniedDetail"] = error.access_denied_detail
        self.status, self.code, self.outcome = error.status, error.code, "refused"
        return self._reply(error.headers)

    def play(self, recorded: Recorded) -> Reply:
        """Reply with what was recorded."""
        self.body, self.status, self.code = recorded.body, recorded.status, recorded.body.get("Code")
        self.outcome = "refused" if recorded.status >= 400 else "applied"
        return self._reply()

    def _reply(self, headers: dict[str, str] | None = None) -> Reply:
        status = self.status or 200
        return json_reply(status, self.body, {"x-acs-request-id": self.request_id, **(headers or {})})

    def entry(self, sequence: int, time: str) -> Entry:
        """The journal's entry for it."""
        return Entry(
            sequence=sequence,
            time=time,
            user=self.user and self.user.name,
            region_id=self.region_id,
            product=self.product,
            operation=self.operation,
            method=self.request.method,
            path=self.request.path,
            parameters=self.parameters,
            status=self.status,
            code=self.code,
            request_id=self.request_id,
            # The operations of STS change nothing, and is sent with POST all the same.
            write=self.request.method != "GET" and self.product != "sts",
            outcome=self.outcome,
        )
