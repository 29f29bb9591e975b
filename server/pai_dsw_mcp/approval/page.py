"""The loopback page: the channel of clients that cannot show a form."""

from typing import TYPE_CHECKING, Protocol

import anyio
from anyio import to_thread

from pai_dsw_mcp.journal.records import Approval, Channel
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.texts.text import Language

if TYPE_CHECKING:
    from pai_dsw_mcp.approval.page_server import PageServer


class Links(Protocol):
    """Gives the links of a page, wherever it is served."""

    async def url(self, approval: Approval) -> str:
        """The link that a person opens to decide."""
        ...

    def has_link(self, approval: Approval) -> bool:
        """Whether the link to it that was given is still valid."""
        ...

    async def close(self) -> None:
        """Stops serving."""
        ...


class ApprovalPage:
    """Starts the page's server in the running event loop when the first link is needed, and not before."""

    def __init__(
        self,
        journal: Journal,
        language: Language,
        *,
        channel: Channel = "page",
        browser_decides: bool = True,
        host: str = "127.0.0.1",
    ) -> None:
        """`browser_decides`: nobody chose the language, so the one that the browser prefers comes first."""
        self._journal = journal
        self._language: Language = language
        self._channel: Channel = channel
        self._browser_decides = browser_decides
        self._host = host
        self._server: PageServer | None = None
        self._starting = anyio.Lock()

    async def url(self, approval: Approval) -> str:
        """The link that a person opens to decide; it is valid while this process runs and the approval waits."""
        async with self._starting:
            self._server = self._server or await self._started()
        return self._server.url(approval)

    def has_link(self, approval: Approval) -> bool:
        """Whether this process has given a link to it that is still valid."""
        return self._server is not None and self._server.has_link(approval)

    async def close(self) -> None:
        """Stops serving; a later link starts anew, on another port."""
        async with self._starting:
            server, self._server = self._server, None
        if server is not None:
            await server.stop()

    async def _started(self) -> "PageServer":
        server = (await to_thread.run_sync(_page_server))(
            self._journal, self._language, self._host, channel=self._channel, browser_decides=self._browser_decides
        )
        await server.start()
        return server


def _page_server() -> "type[PageServer]":
    # The web server takes long to import: not at the start of the program, and not in its event loop.
    from pai_dsw_mcp.approval.page_server import PageServer  # noqa: PLC0415

    return PageServer
