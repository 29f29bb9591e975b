"""Pages that state what the server is are drawn from it, or compared with it."""

from pathlib import Path

import pytest

from pai_dsw_mcp.settings import Settings
from tests.house.references import PAGE, page
from tests.house.surface import listed


@pytest.mark.anyio
async def test_the_page_of_the_tools_is_what_a_client_is_told(tmp_path: Path) -> None:
    drawn = page(await listed(Settings(approve="chat", state_dir=tmp_path)))
    assert drawn == PAGE.read_text("utf-8"), "after a wanted change: make docs"
