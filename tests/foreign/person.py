"""What the MCP clients here share: the server they start, the notebook they want, and the person who is asked.

Run by `tests.foreign` in environments of their own.
"""

import re
import sys
import urllib.parse
import urllib.request
from typing import Final

COMMAND: Final = sys.argv[1]
ARGUMENTS: Final = ["-m", "pai_dsw_mcp", "--emulator", "--emulator-speed", "60"]
REGION: Final = {"region_id": "cn-hangzhou"}
SPECS: Final = {**REGION, "accelerator_type": "CPU"}
NOTEBOOK: Final = {
    **REGION,
    "workspace_id": "40001",
    "instance_name": "made_abroad",
    "ecs_spec": "ecs.g6.large",
    "image_id": "image-0362af0475de6dbc17",
}
TOOLS: Final = {"list_ecs_specs", "list_instances", "create_instance"}
_LINK: Final = re.compile(r"http://127\.0\.0\.1:[0-9]+/approve/[\w-]+")
_TOKEN: Final = re.compile(r'name="token" value="([0-9a-f]{64})"')
_BROWSER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def link_in(answer: str) -> str:
    """The link to the page, as a host shows it to the person."""
    found = _LINK.search(answer)
    assert found is not None, answer
    return found[0]


def approve_on_page(url: str) -> None:
    """Opens the page and presses Approve, as a browser without scripts does."""
    with _BROWSER.open(url, timeout=30) as page:
        shown = page.read().decode()
    token = _TOKEN.search(shown)
    assert token is not None, shown
    assert NOTEBOOK["instance_name"] in shown
    parts = urllib.parse.urlsplit(url)
    form = urllib.parse.urlencode({"token": token[1], "decision": "approve"}).encode()
    own = {"Origin": f"{parts.scheme}://{parts.netloc}"}
    with _BROWSER.open(urllib.request.Request(url, form, own), timeout=30) as answer:
        assert answer.status == 200
