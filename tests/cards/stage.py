"""A browser in which a small host draws cards, and passes on what they ask for."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mcp.client import Client
from mcp_types import CallToolResult
from playwright.async_api import Browser, FrameLocator, Page, Route

from tests.approval.page_pictures import Scheme
from tests.cards.hosts import document

_ORIGIN: Final = "http://host.test/"
_HOST: Final = """<!doctype html><iframe sandbox="allow-scripts" width="480" height="900"></iframe><script>
const frame = document.querySelector("iframe");
const say = (message) => frame.contentWindow.postMessage({ jsonrpc: "2.0", ...message }, "*");
addEventListener("message", async ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  if (data.method === "ui/initialize") {
    const { protocolVersion } = data.params;
    const hostInfo = { name: "host", version: "1" };
    say({ id: data.id, result: { protocolVersion, hostInfo, hostCapabilities: {}, hostContext: { theme } } });
  } else if (data.method === "ui/notifications/initialized") {
    say({ method: "ui/notifications/tool-result", params: result });
  } else if (data.id !== undefined) say({ id: data.id, ...(await forward(data.method, data.params)) });
});
</script>"""


@dataclass
class Stage:
    """One page with one card; `asked` is what the card asked its host for besides calls of tools."""

    page: Page
    client: Client
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    refuses: bool = False
    complaints: list[str] = field(default_factory=list[str])

    async def draw(self, card: str, result: CallToolResult, *, theme: Scheme = "light") -> FrameLocator:
        """The card with this result."""
        card_html = (await document(self.client, f"ui://pai-dsw-mcp/{card}")).text
        given = result.model_dump(mode="json", by_alias=True, exclude_none=True)
        await self.page.evaluate("([given, dress]) => { window.result = given; window.theme = dress }", [given, theme])
        await self.page.evaluate("html => { document.querySelector('iframe').srcdoc = html }", card_html)
        return self.page.frame_locator("iframe")

    async def forward(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """What a host does for a card."""
        if method == "tools/call":
            answer = await self.client.call_tool(params["name"], params["arguments"])
            return {"result": answer.model_dump(mode="json", by_alias=True, exclude_none=True)}
        self.asked.append((method, params))
        return {"error": {"code": -32000, "message": "denied"}} if self.refuses else {"result": {}}


@asynccontextmanager
async def stage(client: Client, chromium: Browser, host: str = _HOST, modules: Path = Path()) -> AsyncGenerator[Stage]:
    """A page of its own, whose cards speak through this client; the host may load what is in `modules`."""

    async def serve(route: Route) -> None:
        path = route.request.url.removeprefix(_ORIGIN)
        if path:
            await route.fulfill(path=modules / path)
        else:
            await route.fulfill(body=host, content_type="text/html")

    context = await chromium.new_context()
    try:
        page = await context.new_page()
        made = Stage(page, client)
        await page.expose_function("forward", made.forward)  # pyright: ignore[reportUnknownMemberType]  # untyped there
        # The rest is what libraries tell of their work.
        page.on("console", lambda told: made.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: made.complaints.append(error.message))
        await page.route(f"{_ORIGIN}**", serve)
        await page.goto(_ORIGIN)
        # From here on a request comes from a card, which has to do without.
        page.on("request", lambda request: made.complaints.append(request.url))
        yield made
    finally:
        await context.close()
