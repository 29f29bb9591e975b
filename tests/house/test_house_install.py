"""`make` installs what the locks name, whatever the index offers by now."""

import os
import shutil
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Final

import pip
import pytest

from tests.house import tiny_wheels
from tests.house.lock import FOLDER
from tests.house.tiny_wheels import write_wheel

PROJECT: Final = """\
[build-system]
requires = ["tiny_wheels"]
build-backend = "tiny_wheels"

[project]
name = "{name}"
version = "1.0"
dependencies = {dependencies}
"""
LOCKS: Final = {"serve": ("part", "whole"), "develop": ("bolt", "machine"), "live": ("leaf", "tree")}
"""Of each lock a package, and one that has no wheel and requires the first with an extra."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with our Makefile, and an index that offers a newer release of everything that is pinned."""
    index = tmp_path / "index"
    for folder in (index, tmp_path / "requirements", tmp_path / "python"):
        folder.mkdir()
    backend = Path(tiny_wheels.__file__).read_text("utf-8")
    write_wheel(index, "tiny_wheels", "1.0", [], tiny_wheels=backend)
    write_wheel(index, "tiny_wheels", "2.0", [], tiny_wheels="raise ImportError('a newer release that builds nothing')")
    write_wheel(index, "later", "1.0", [])
    for part, whole in LOCKS.values():
        # pip takes the newer release for `part[more]`, or since 24.2 what the extra of the pinned one requires.
        write_wheel(index, part, "1.0", ["later; extra == 'more'"])
        write_wheel(index, part, "2.0", [])
        (tmp_path / whole).mkdir()
        (tmp_path / whole / "pyproject.toml").write_text(PROJECT.format(name=whole, dependencies=[f"{part}[more]>=1"]))
        with tarfile.open(index / f"{whole}-1.0.tar.gz", "w:gz") as packed:
            packed.add(tmp_path / whole, f"{whole}-1.0")
    for lock, packages in {"build": ("tiny_wheels",), **LOCKS}.items():
        pins = [f"{name}==1.0 --hash=sha256:{digest(index, name)}\n" for name in packages]
        (tmp_path / "requirements" / f"{lock}.txt").write_text("".join(pins))
    (tmp_path / "pyproject.toml").write_text(PROJECT.format(name="checkout", dependencies=["part[more]>=1"]))
    shutil.copy(FOLDER.parent / "Makefile", tmp_path)
    # An environment with a pip of its own takes seconds to make: these ones find the pip of the tests.
    python = tmp_path / "python" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@" --without-pip\n')
    python.chmod(0o700)
    (tmp_path / "python" / "pip").symlink_to(Path(pip.__file__).parent)
    return tmp_path


def digest(index: Path, name: str) -> str:
    (file,) = index.glob(f"{name}-1.0*")
    return sha256(file.read_bytes()).hexdigest()


def make(project: Path, target: str, *overrides: str) -> subprocess.CompletedProcess[str]:
    """Runs our Makefile with this index and with nobody's settings of pip."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "COVERAGE", "MAKE"))}
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(project / "index")}
    return subprocess.run(
        ["make", target, f"PYTHON={project / 'python' / 'python'}", *overrides],
        cwd=project,
        env={**clean, **settings, "PIP_NO_CACHE_DIR": "1", "PYTHONPATH": str(project / "python")},
        capture_output=True,
        text=True,
        check=False,
    )


def installed(environment: Path) -> set[str]:
    return {each.name.removesuffix("-1.0.dist-info") for each in environment.glob("lib/*/site-packages/*.dist-info")}


@pytest.mark.parametrize(("target", "environment"), [("develop", ".venv"), ("live", ".venv-live")])
def test_a_newer_release_of_a_pinned_package_changes_nothing(project: Path, target: str, environment: str) -> None:
    done = make(project, f"{environment}/{target}.installed")
    assert (done.returncode, done.stderr) == (0, "")
    assert installed(project / environment) == {"tiny_wheels", "checkout", *LOCKS["serve"], *LOCKS[target]}


def test_this_index_breaks_an_installation_that_resolves(project: Path) -> None:
    done = make(project, ".venv/serve.installed", "LOCKED=--no-build-isolation --require-hashes")
    assert done.returncode != 0
    assert "versions pinned" in done.stderr


@pytest.mark.parametrize(("target", "environment"), [("serve", ".venv"), ("live", ".venv-live")])
def test_an_environment_that_failed_is_removed(project: Path, target: str, environment: str) -> None:
    python = project / "python" / "python"
    # As venv ends on Debian without python3-venv: the environment has a python and no pip.
    python.write_text(f'#!/bin/sh\n{sys.executable} "$@" --without-pip && [ "$1" = -c ]\n')
    assert make(project, f"{environment}/{target}.installed").returncode != 0
    assert not (project / environment).exists()
