"""The page over HTTP for its tests: a journal, a page, and a browser without opinions of its own."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from aiohttp import ClientResponse, ClientSession

from pai_dsw_mcp.approval.page import ApprovalPage
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Change
from tests.approval.changes_to_show import create_cpu

FORM = "application/x-www-form-urlencoded"


@dataclass
class Desk:
    """A journal whose clock the test moves, its page, and a browser without opinions of its own."""

    journal: Journal
    page: ApprovalPage
    session: ClientSession
    clock: list[float] = field(default_factory=lambda: [1_000_000.0])

    async def ask(self, change: Change | None = None) -> tuple[Approval, str]:
        change = change or create_cpu()
        approval = await self.journal.ask(
            principal="ada",
            tool=change.action,
            arguments_digest=change.target_name,
            change=change,
            channel="page",
            channels=frozenset({"page"}),
        )
        return approval, await self.page.url(approval)

    async def state(self, approval: Approval) -> Approval:
        now = await self.journal.get(approval.approval_id)
        assert now is not None
        return now

    async def get(self, url: str, **headers: str) -> tuple[int, str, ClientResponse]:
        async with self.session.get(url, headers=headers) as response:
            return response.status, await response.text(), response

    async def answer(self, url: str, headers: dict[str, str] | None = None, **form: str | list[str]) -> tuple[int, str]:
        """Posts a form as a browser does from the page itself, unless a header or the token is given."""
        if "token" not in form:
            form["token"] = token_in((await self.get(url))[1])
        own = {"Origin": origin(url), "Content-Type": FORM} | (headers or {})
        sent = {name: value for name, value in own.items() if value}
        async with self.session.post(url, data=urlencode(form, doseq=True), headers=sent) as response:
            return response.status, await response.text()


def origin(url: str) -> str:
    return f"http://{urlsplit(url).netloc}"


def token_in(html: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', html)
    return found[1] if found else ""


@asynccontextmanager
async def page_desk(directory: Path) -> AsyncGenerator[Desk]:
    clock = [1_000_000.0]
    journal = Journal(directory / "journal.sqlite3", now=lambda: clock[0], elapsed=lambda: 0.0)
    page = ApprovalPage(journal, "en")
    async with ClientSession() as session:
        yield Desk(journal, page, session, clock)
    await page.close()
    journal.close()
