"""SKILL.md is valid, short, and leads to every page."""

import re
import subprocess
import sys
from pathlib import Path

from tests.skill.pages import SKILL, Page, references


def test_the_reference_validator_accepts_the_skill(tmp_path: Path) -> None:
    # The folder of a skill has its name; a checkout may have any.
    folder = tmp_path / "pai-dsw-mcp"
    folder.mkdir()
    (folder / "SKILL.md").write_bytes(SKILL.read_bytes())
    validator = Path(sys.executable).with_name("agentskills")

    run = subprocess.run([validator, "validate", folder], capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr


def test_the_skill_is_short() -> None:
    assert len(Page(SKILL).text.splitlines()) < 300


def test_the_skill_triggers_in_both_languages() -> None:
    head = Page(SKILL).text.split("---")[1]
    assert re.search(r"\bnotebooks?\b", head)
    assert re.search("[\u4e00-\u9fff]{2}", head)


def test_the_skill_routes_to_every_reference() -> None:
    english = {page.path.name for page in references() if ".zh-CN." not in page.path.name}
    assert english == {link.partition("#")[0].rpartition("/")[2] for _, link in Page(SKILL).links if "://" not in link}
