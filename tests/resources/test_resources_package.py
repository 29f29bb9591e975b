"""The skill travels with the package: through the archive of the sources into a wheel, and not into an editable."""

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.package.__main__ import archives_in, pack
from tests.process.conversation import MODERN, Conversation
from tests.process.processes import ServerProcess, private
from tests.resources.ask import BASE, ROOT, files, uri_of

INSIDE = Path("pai_dsw_mcp/resources/skill")
SOURCES = "from hatchling.build import build_sdist; build_sdist({!r})"
EDITABLE = "from hatchling.build import build_editable; build_editable({!r})"

Make = Callable[..., Path]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Runs a command that writes one file; returns that file."""

    def run(*command: str, folder: Path = ROOT) -> Path:
        target = tmp_path_factory.mktemp("made")
        given = [part.format(str(target)) for part in command]
        subprocess.run([sys.executable, *given], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (made,) = target.iterdir()
        return made

    return run


@pytest.fixture(scope="session")
def wheel(make: Make) -> Path:
    """Built from the archive of the sources, without a network."""
    pip = ("-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation")
    return make(*pip, "--wheel-dir", "{}", str(make("-c", SOURCES)))


def test_a_wheel_from_the_sources_holds_every_file_of_the_skill(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name: archive.read(name) for name in archive.namelist() if name.startswith(f"{INSIDE.as_posix()}/")}
    assert inside == {(INSIDE / file.relative_to(ROOT)).as_posix(): file.read_bytes() for file in files()}


def test_the_archive_of_the_sources_holds_every_tracked_file(make: Make) -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("the sources lie here without git")
    with tarfile.open(make("-c", SOURCES)) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    skill = "skills/pai-dsw-mcp"
    tracked = {*listed.stdout.splitlines(), *(f"{skill}/{file.relative_to(ROOT)}" for file in files())}
    # What this links to is packed as copies.
    assert tracked - packed == {f"{skill}/references"}


def test_what_is_packed_anew_takes_the_place_of_archives_and_not_of_a_bundle(tmp_path: Path) -> None:
    for name in ("pai_dsw_mcp-0.0.1.tar.gz", "pai_dsw_mcp-0.0.1-py3-none-any.whl", "pai-dsw-mcp-0.0.1.mcpb"):
        (tmp_path / name).touch()
    packed = pack(tmp_path)
    assert {path.name for path in packed} == {path.name for path in archives_in(tmp_path)}
    assert [path.name for path in tmp_path.glob("*0.0.1*")] == ["pai-dsw-mcp-0.0.1.mcpb"]


def test_an_editable_installation_holds_no_copies(make: Make) -> None:
    with zipfile.ZipFile(make("-c", EDITABLE)) as archive:
        assert [name for name in archive.namelist() if name.endswith(".md")] == []


def test_an_installed_server_hands_out_what_came_with_it(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    changed = files()[-1]
    (installed / INSIDE / changed.relative_to(ROOT)).write_text("# Of the wheel\n", "utf-8")
    # Without what measures coverage: these are copies of the files that are measured.
    env = {"PATH": os.environ["PATH"], "HOME": str(private(tmp_path / "home")), "PYTHONPATH": str(installed)}
    with ServerProcess(["-m", "pai_dsw_mcp"], env, command=sys.executable) as server:
        client = Conversation(server, MODERN)
        client.open()
        listed = client.ask("resources/list", {})["resources"]
        (read,) = client.ask("resources/read", {"uri": uri_of(changed)})["contents"]
    assert [resource["uri"] for resource in listed] == [uri_of(file) for file in files()]
    assert listed[0]["uri"] == f"{BASE}/SKILL.md"
    assert read["text"] == "# Of the wheel\n"
