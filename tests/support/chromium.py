"""One Chromium for the tests of a process; each test has a context of its own."""

import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from playwright.async_api import Browser, async_playwright

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS: Final = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def running_chromium() -> Generator[str]:
    """Where it takes commands, until the block ends."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [CHROMIUM, *ARGUMENTS, "--no-first-run", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            try:
                found = (re.search(r"DevTools listening on (ws://\S+)", line) for line in process.stderr)
                at = next((each[1] for each in found if each), None)
                assert at is not None, "Chromium did not start"
                # Nobody reads what it says later, and a full pipe would stop it.
                threading.Thread(target=process.stderr.read, daemon=True).start()
                yield at
            finally:
                process.kill()


@asynccontextmanager
async def connected(at: str) -> AsyncGenerator[Browser]:
    """The running one, and what was opened in it closed with the block."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(at)
        try:
            yield browser
        finally:
            await browser.close()
