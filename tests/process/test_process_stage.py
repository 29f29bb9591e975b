"""How the demo looks on a terminal and through a pipe, and that it hides no failure."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from pai_dsw_mcp.commands.browser import Page
from pai_dsw_mcp.commands.demo import Assistant
from pai_dsw_mcp.commands.stage import Stage
from tests.process.processes import SERVER, measured_environment
from tests.process.terminal import in_a_terminal
from tests.support.desk import Desk

SCENE = """
from pai_dsw_mcp.commands.stage import Stage
stage = Stage("zh")
stage.opening()
stage.says("demo_wish")
stage.call("stop_instance", {"instance_id": "dsw-1"})
stage.form("Stop instance\\nInstance: demo_a10", name="demo_a10")
stage.page("http://127.0.0.1:1/approve/x", ["Stop instance", "demo_a10"], name="demo_a10")
stage.says_aside("demo_read_only")
with stage.waiting("wait_for_instance") as show:
    show(3, 50, "Creating")
stage.answer("one\\ntwo\\nthree", 2)
stage.bill(seconds=1_834, hourly=9.53, currency="CNY")
stage.account(writes=2, approvals=1, requests=["CreateInstance", "StopInstance"])
"""
"""Everything that a stage can show, once."""


def test_on_a_terminal_a_form_is_a_frame_and_a_mismatch_is_red(tmp_path: Path) -> None:
    code, shown = in_a_terminal([sys.executable, "-c", SCENE], tmp_path, term="xterm-256color")
    assert code == 0
    assert "╭" in shown
    assert "\x1b[1;31m" in shown
    assert "30.6" in shown
    assert "4.86 CNY" in shown


def test_through_a_pipe_it_is_plain_text() -> None:
    shown = subprocess.run([sys.executable, "-c", SCENE], capture_output=True, text=True, check=True).stdout
    assert "\x1b" not in shown
    assert "╭" not in shown
    assert "demo_a10" in shown
    assert "three" not in shown


def test_of_a_page_the_demo_shows_no_countdown() -> None:
    ends = '<p>Open until 19:18<span aria-hidden="true"> · time left <span class="left"></span></span></p>'
    assert Page(f"data:text/html,{quote(ends)}<p>next</p>").lines == ["Open until 19:18", "next"]


def test_a_demo_that_only_reads_writes_nothing(tmp_path: Path) -> None:
    played = subprocess.run(
        [SERVER, "--read-only", "demo"], env=measured_environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert "list_images(" in played.stdout
    assert "create_instance(" not in played.stdout
    assert "0 writes, 0 approvals" in played.stdout


@pytest.mark.anyio
async def test_a_failed_call_ends_the_demo(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    async with desk.client("modern", None) as client:
        with pytest.raises(SystemExit) as ended:
            await Assistant(client, Stage("en")).call("get_instance", region_id="cn-hangzhou", instance_id="dsw-0000")
    assert ended.value.code == 1
    assert "GetInstance" in capsys.readouterr().out
