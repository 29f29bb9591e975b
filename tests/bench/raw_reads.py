"""A request that is signed by hand and sent by aiohttp: what a read costs when nothing is built around it."""

import json
import secrets
from typing import Any
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from tests.bench.emulator_process import ADMIN
from tests.emulator.raw_client import sign

INSTANCES = "/api/v2/instances"


async def read(session: aiohttp.ClientSession, url: str, path: str, query: dict[str, str] | None = None) -> Any:
    """The decoded reply of one GET."""
    wanted = URL(f"{url}{path}?{urlencode(query)}" if query else f"{url}{path}", encoded=True)
    # Several processes read from one emulator, which remembers nonces.
    own = {"host": wanted.authority, "x-acs-signature-nonce": secrets.token_hex(16)}
    headers = sign(ADMIN, "GET", path, query or {}, own)
    async with session.get(wanted, headers=headers) as reply:
        body = await reply.read()
        assert reply.status == 200, body
        return json.loads(body)
