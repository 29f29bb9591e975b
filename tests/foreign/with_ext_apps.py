"""MCP Apps as its own library speaks it: a host made of `app-bridge` draws a card, and a person answers on it.

A hostile client then calls the card's tool itself, which decides nothing.
"""

import sys
from pathlib import Path
from typing import Any, Final

import anyio
from mcp.client import Client, advertise
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp_types import CallToolResult, Implementation
from playwright.async_api import expect

from tests.cards.hosts import card_in, cards_of
from tests.cards.stage import stage
from tests.support.chromium import CHROMIUM, connected, running_chromium

_MODULES: Final = Path(__file__).with_name("node_modules")
_HOST: Final = """<!doctype html><iframe sandbox="allow-scripts" width="480" height="900"></iframe>
<script type="importmap">{ "imports": {
  "@modelcontextprotocol/ext-apps/": "/@modelcontextprotocol/ext-apps/dist/src/",
  "@modelcontextprotocol/sdk/": "/@modelcontextprotocol/sdk/dist/esm/",
  "zod/v3": "/zod/v3/index.js", "zod/v4": "/zod/v4/index.js", "zod/v4-mini": "/zod/v4-mini/index.js",
  "zod-to-json-schema": "/zod-to-json-schema/dist/esm/index.js"
} }</script>
<script type="module">
import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge.js";
const view = document.querySelector("iframe").contentWindow;
const asked = async (method, params) => {
  const { result, error } = await forward(method, params);
  if (error) throw new Error(error.message);
  return result;
};
const able = { openLinks: {}, serverTools: {}, message: { text: {} } };
const bridge = new AppBridge(null, { name: "host", version: "1" }, able, { hostContext: { theme: "dark" } });
bridge.oncalltool = (params) => asked("tools/call", params);
bridge.onopenlink = (params) => asked("ui/open-link", params);
bridge.onmessage = (params) => asked("ui/message", params);
bridge.oninitialized = async () => {
  await bridge.sendToolInput({ arguments: {} });
  await bridge.sendToolResult(result);
};
await bridge.connect(new PostMessageTransport(view, view));
window.isReady = true;
</script>"""
_NOTEBOOK: Final = {
    "region_id": "cn-hangzhou",
    "workspace_id": "40001",
    "instance_name": "made_on_a_card",
    "ecs_spec": "ecs.g6.large",
    "image_id": "image-0362af0475de6dbc17",
}
_SERVER: Final = StdioServerParameters(
    command=sys.executable,
    args=["-m", "pai_dsw_mcp", "--emulator", "--approve", "card", "--card-clients", "app-bridge"],
)


def _structure(answer: CallToolResult) -> dict[str, Any]:
    assert answer.structured_content is not None, answer
    return answer.structured_content


async def _draws_and_answers(mode: str, chromium_at: str) -> str:
    async with (
        Client(
            stdio_client(_SERVER),
            mode=mode,
            client_info=Implementation(name="app-bridge", version="1"),
            extensions=[advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})],
        ) as client,
        connected(chromium_at) as chromium,
        stage(client, chromium, _HOST, _MODULES) as shown,
    ):
        await shown.page.wait_for_function("window.isReady")
        drawn = await cards_of(client)
        asked = await client.call_tool("create_instance", _NOTEBOOK)
        reference = (card_in(asked) or {})["reference"]
        for hostile in ({}, {"secret": "guessed"}):
            given = {"reference": reference, "decision": "approve", **hostile}
            assert (await client.call_tool("answer_card", given)).is_error
        assert _structure(await client.call_tool("create_instance", _NOTEBOOK))["status"] == "approval_needed"
        card = await shown.draw("change", await client.call_tool("create_instance", _NOTEBOOK), theme="dark")
        await card.get_by_role("button", name="Open the approval page").click()
        await card.get_by_role("button", name="Approve", exact=True).click()
        await expect(card.get_by_text("Approved", exact=True)).to_be_visible()
        done = _structure(await client.call_tool("create_instance", _NOTEBOOK))
        assert (done["status"], done["answered_by"]) == ("done", "card"), done
        listed = {"region_id": "cn-hangzhou", "instance_name": "made_on_a_card"}
        assert _structure(await client.call_tool("list_instances", listed))["total"] == 1
        assert [method for method, _ in shown.asked] == ["ui/open-link", "ui/message"], shown.asked
        assert shown.complaints == [], shown.complaints
    return f"{len(drawn)} tools with cards, one create after a yes on the card, none by a hostile client ({mode})"


async def main() -> None:
    if CHROMIUM is None:
        sys.stdout.write("no Chromium on this machine\n")
        return
    with running_chromium() as at:
        sys.stdout.write("; ".join([await _draws_and_answers(mode, at) for mode in ("legacy", "2026-07-28")]))


if __name__ == "__main__":
    anyio.run(main)
