"""Takes pictures of the approval page: `python -m tests.approval.page_pictures [DIRECTORY]`.

Without a directory only docs/approval-page.png is renewed: laptop, light, English, an A10 notebook to be created.
"""

import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, TypeAlias

import anyio
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Browser, sync_playwright

from pai_dsw_mcp.approval.page import ApprovalPage
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Change
from tests.approval.changes_to_show import (
    create_a10,
    create_cpu,
    create_in_the_readme,
    share,
    start,
    stop,
    stop_several,
    update_to_larger,
)
from tests.support.chromium import ARGUMENTS, CHROMIUM

PICTURE = Path(__file__).parents[2] / "docs" / "approval-page.png"
Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")


@contextmanager
def browser() -> Generator[Browser]:
    """A headless Chromium of this machine."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield chromium
        finally:
            chromium.close()


class Desk:
    """A page that serves in a thread of its own, for a browser that is driven from this one."""

    def __init__(self, journal: Journal, page: ApprovalPage, portal: anyio.from_thread.BlockingPortal) -> None:
        self.journal = journal
        self._page = page
        self._portal = portal

    def ask(self, change: Change, digest: str = "d1") -> tuple[str, str]:
        """Asks for a change; gives the link and the id of the approval."""

        async def asked() -> tuple[str, str]:
            approval = await self.journal.ask(
                principal="ada",
                tool=change.action,
                arguments_digest=digest,
                change=change,
                channel="page",
                channels=frozenset({"page"}),
            )
            return await self._page.url(approval), approval.approval_id

        return self._portal.call(asked)

    def state(self, approval_id: str) -> tuple[str, str | None]:
        """What has become of an approval, and the note that came with it."""
        approval = self._portal.call(self.journal.get, approval_id)
        assert approval is not None
        return approval.state, approval.feedback


@contextmanager
def desk(directory: Path) -> Generator[Desk]:
    """A journal and its page."""
    journal = Journal(directory / "journal.sqlite3")
    page = ApprovalPage(journal, "en")
    with start_blocking_portal() as portal:
        try:
            yield Desk(journal, page, portal)
        finally:
            portal.call(page.close)
            journal.close()


def picture(
    chromium: Browser,
    url: str,
    path: Path,
    *,
    scheme: Scheme = "light",
    width: int = 860,
    scale: float = 1,
) -> None:
    """One picture of the whole page."""
    context = chromium.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 700}, device_scale_factor=scale
    )
    page = context.new_page()
    page.goto(url)
    page.screenshot(path=path, full_page=True)
    context.close()


def main(directory: Path | None) -> None:
    with tempfile.TemporaryDirectory() as state, desk(Path(state)) as asked, browser() as chromium:
        url, _ = asked.ask(create_in_the_readme())
        picture(chromium, f"{url}?lang=en", PICTURE)
        if directory is None:
            return
        for change in (create_a10(), create_cpu(), update_to_larger(), share(), start(), stop(), stop_several()):
            # The target and what replaces it tell two updates apart.
            which = change.action + "".join(each.name for each in change.parameters if each.before)
            url, _ = asked.ask(change, digest=which + change.target_name)
            for language in ("en", "zh"):
                for scheme in SCHEMES:
                    for width in (860, 375):
                        name = f"{which}-{change.target_name}-{language}-{scheme}-{width}.png"
                        picture(chromium, f"{url}?lang={language}", directory / name, scheme=scheme, width=width)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
