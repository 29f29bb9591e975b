"""The approval page over HTTP: on loopback, for one link at a time, and for answers that come from the page itself."""

import hashlib
import hmac
import re
import secrets
import socket
from dataclasses import replace
from typing import Final

from aiohttp import hdrs, web

from pai_dsw_mcp.approval.page_answers import Page, Reader, answer, comes_from_the_page, failed, language_of, show
from pai_dsw_mcp.approval.page_connections import MOST, Connections
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.journal.records import Approval, Channel
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.texts.text import Language

_LINK: Final = re.compile(r"/approve/([A-Za-z0-9_-]{22})")


class PageServer:
    """Serves the approvals that this process asked for, until it is stopped.

    The key in a link is made by this process and kept only in memory. An old link is useless to whoever takes over the
    port later, or serves the same journal.
    """

    def __init__(
        self, journal: Journal, language: Language, host: str, *, channel: Channel, browser_decides: bool
    ) -> None:
        self._journal = journal
        self._channel: Channel = channel
        self._language: Language = language
        self._browser_decides = browser_decides
        self._host = host
        self._authority = host
        # For the CSRF token in each page, which only this process can make.
        self._secret = secrets.token_bytes(32)
        self._link_keys: dict[str, str] = {}
        self._runner = web.ServerRunner(Connections(self._respond, self._refused), shutdown_timeout=1.0)

    async def start(self) -> None:
        """Listens on a port that the system chooses; raises OSError where it gives none."""
        # Not `TCPSite`: it starts even if it gets no socket.
        listening = socket.create_server((self._host, 0))
        await self._runner.setup()
        await web.SockSite(self._runner, listening, backlog=MOST).start()
        # asyncio accepts up to `backlog` connections at once; those queued in the kernel cost no descriptor.
        listening.listen(socket.SOMAXCONN)
        self._authority = f"{self._host}:{listening.getsockname()[1]}"

    async def stop(self) -> None:
        """Closes the port and every connection."""
        await self._runner.cleanup()

    def has_link(self, approval: Approval) -> bool:
        """Whether this process has given a link to it."""
        return approval.approval_id in self._link_keys

    def url(self, approval: Approval) -> str:
        """The page of one approval."""
        key = self._link_keys.setdefault(approval.approval_id, secrets.token_urlsafe(16))
        return f"http://{self._authority}/approve/{key}"

    async def _respond(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answers only to its own Host header, against DNS rebinding."""
        reader = self._reader(request)
        if request.headers.getall(hdrs.HOST, []) != [self._authority]:
            return _sent(reader.end(421, "malformed"))
        if request.method not in (hdrs.METH_GET, hdrs.METH_POST):
            return _sent(reader.end(405, "malformed"))
        try:
            return _sent(await self._page(request, reader))
        except web.HTTPException as refusal:
            return _sent(reader.end(refusal.status, "malformed"))
        except (web.RequestPayloadError, ConnectionError):
            return self._refused(400)
        except PaiDswError as failure:
            return _sent(failed(failure, reader))

    def _refused(self, status: int) -> web.Response:
        return _sent(Reader(self._language, "", self._channel).end(status, "malformed"))

    async def _page(self, request: web.BaseRequest, reader: Reader) -> Page:
        approval = await self._find(request)
        if approval is None:
            return reader.end(404, "unknown")
        reader = replace(
            reader, token=hmac.new(self._secret, approval.approval_id.encode(), hashlib.sha256).hexdigest()
        )
        if request.method == hdrs.METH_GET:
            return await show(self._journal, approval, reader)
        origins = request.headers.getall(hdrs.ORIGIN, [])
        if not comes_from_the_page(request.headers, origins, f"http://{self._authority}"):
            return reader.end(403, "foreign")
        return await answer(self._journal, approval, reader, await request.read())

    async def _find(self, request: web.BaseRequest) -> Approval | None:
        """The approval whose link this is, if this process gave it."""
        link = _LINK.fullmatch(request.path)
        if link is None:
            return None
        # Every key is compared, each in constant time.
        found = [known for known, key in self._link_keys.items() if secrets.compare_digest(key, link[1])]
        return await self._journal.get(found[0]) if found else None

    def _reader(self, request: web.BaseRequest) -> Reader:
        accepted = request.headers.get(hdrs.ACCEPT_LANGUAGE, "")
        wished = request.query.get("lang", "")
        language = language_of(wished, accepted, self._language, browser_decides=self._browser_decides)
        return Reader(language, "", self._channel)


def _sent(page: Page) -> web.Response:
    reply = web.Response(
        status=page.status, text=page.html, content_type="text/html", charset="utf-8", headers=page.headers
    )
    reply.force_close()
    return reply
