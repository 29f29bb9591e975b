"""The workflows run what `make` runs, with pinned actions; a tag is published only where everything fits."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.house.publishing import PROJECT, ROOT
from tests.package import release

WORKFLOWS: Final = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
BY_BRANCH: Final = {"pypa/gh-action-pypi-publish@release/v1"}
"""Its authors advise it."""
EACH = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
OWNED: Final = {**PROJECT, "urls": {"Repository": "https://github.com/Somebody/pai"}}
VERSION: Final = PROJECT["version"]
PACKED: Final = {
    f"pai_dsw_mcp-{VERSION}-py3-none-any.whl",
    f"pai_dsw_mcp-{VERSION}.tar.gz",
    f"pai-dsw-mcp-{VERSION}.mcpb",
    "sbom.cdx.json",
}
DATED: Final = (
    f"## [Unreleased]\n\n## [{VERSION}] - 2026-01-31\n\n### Added\n- This.\n\n## [0.0.9] - 2026-01-01\n- That.\n"
)


def jobs(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text("utf-8"))["jobs"]


@EACH
def test_an_action_is_pinned_by_its_commit(path: Path) -> None:
    for used in re.findall(r"uses: (\S+)(.*)", path.read_text("utf-8")):
        assert used[0] in BY_BRANCH or re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+.*", "".join(used))


@EACH
def test_a_workflow_makes_what_can_be_made(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    made = set(re.findall(r"run: make (\S+)", path.read_text("utf-8")))
    assert made
    assert made <= targets


@EACH
def test_a_job_has_an_end_and_only_the_rights_that_it_names(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] in ({}, {"contents": "read"})
    assert [name for name, job in workflow["jobs"].items() if "timeout-minutes" not in job] == []


def test_the_tests_run_on_every_python_that_the_project_names() -> None:
    named = [text.rpartition(" ")[2] for text in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", text)]
    (ci,) = (jobs(path) for path in WORKFLOWS if path.name == "ci.yml")
    assert ci["test"]["strategy"]["matrix"]["python"] == [*named, "3.14"]


def test_a_tag_that_fits_is_published() -> None:
    assert list(release.objections(f"v{VERSION}", "somebody", DATED, PACKED, OWNED)) == []
    assert release.notes(DATED) == "### Added\n- This.\n"


@pytest.mark.parametrize(
    ("tag", "owner", "changelog", "packed"),
    [
        ("v9.9.9", "somebody", DATED, PACKED),
        (f"v{VERSION}", "another", DATED, PACKED),
        (f"v{VERSION}", "somebody", DATED.replace("2026-01-31", "not released yet"), PACKED),
        (f"v{VERSION}", "somebody", DATED.replace("[Unreleased]\n", "[Unreleased]\n\n### Added\n- More.\n"), PACKED),
        (f"v{VERSION}", "somebody", DATED, PACKED - {"sbom.cdx.json"}),
    ],
    ids=["another version", "another's name", "no date", "not released yet", "something missing"],
)
def test_a_tag_that_does_not_fit_is_not_published(tag: str, owner: str, changelog: str, packed: set[str]) -> None:
    assert len(list(release.objections(tag, owner, changelog, packed, OWNED))) == 1


def test_the_changelog_has_a_section_of_this_version() -> None:
    assert release.notes((ROOT / "CHANGELOG.md").read_text("utf-8")).strip()
