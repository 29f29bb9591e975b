"""`python -m tests.package`: packs what is released, and installs and starts it; exit code 1 when something fails.

dist/ gets the archive of the sources, the wheel and a bill of materials. On every Python that is here, pip installs
both archives with what requirements/ pins. pipx and uvx install the wheel as a person does: with what the index has
today. That needs a network.
"""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.package.started import package_manager_settings, starts

PYTHONS: Final = ("python3.11", "python3.12", "python3.13", "python3.14")

_ROOT: Final = Path(__file__).parents[2]
_DIST: Final = _ROOT / "dist"
_BIN: Final = Path(sys.executable).parent
_TOOLS: Final = _ROOT / ".venv-package" / "bin"
_PROJECT: Final = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
_VERSION: Final = f"{_PROJECT['name']} {_PROJECT['version']}"


def _run(*command: str | Path, **variables: str) -> str:
    """What the command printed; all that it said, if it failed.

    Raises:
        RuntimeError: It failed.
    """
    environment = {**package_manager_settings(), "PATH": f"{_BIN}:/usr/bin:/bin", **variables}
    done = subprocess.run(list(command), cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def archives_in(folder: Path) -> list[Path]:
    """The archives of the sources and the wheels; not the bundle, which `make bundle` packs."""
    return sorted([*folder.glob("*.tar.gz"), *folder.glob("*.whl")])


def pack(folder: Path) -> list[Path]:
    """The two archives, built without a network, in place of those that lie there."""
    for old in archives_in(folder):
        old.unlink()
    _run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--target", "wheel", "--directory", folder)
    return archives_in(folder)


def describe(archives: list[Path]) -> None:
    """Checks that the description renders on the index, and writes the bill of materials."""
    _run(_TOOLS / "twine", "check", "--strict", *archives)
    bill = ("--pyproject", "pyproject.toml", "--output-reproducible", "--output-file", "dist/sbom.cdx.json")
    _run(_TOOLS / "cyclonedx-py", "requirements", "requirements/serve.txt", *bill)


def with_pip(python: str, archives: list[Path], folder: Path) -> None:
    """Each archive in a new environment with the pinned packages."""
    _run(python, "-m", "venv", folder / "environment")
    binaries = folder / "environment" / "bin"
    pip = (binaries / "python", "-m", "pip", "--quiet", "--disable-pip-version-check")
    locked = ("install", "--no-deps", "--no-build-isolation")
    for lock in ("build", "serve"):
        _run(*pip, *locked, "--require-hashes", "-r", f"requirements/{lock}.txt")
    for archive in archives:
        _run(*pip, *locked, "--force-reinstall", archive)
        _run(*pip, "check")
        assert _run(binaries / "pai-dsw-mcp", "--version", HOME=str(folder)) == _VERSION
        starts([str(binaries / "pai-dsw-mcp")], folder / "home")


def with_pipx(wheel: Path, folder: Path) -> None:
    """As the README says, in a home of its own."""
    home = {"HOME": str(folder), "PIPX_HOME": str(folder / "pipx"), "PIPX_BIN_DIR": str(folder / "bin")}
    _run(_TOOLS / "pipx", "install", "--python", sys.executable, wheel, **home)
    starts([str(folder / "bin" / "pai-dsw-mcp")], folder / "home")


def with_uvx(wheel: Path, folder: Path) -> None:
    """As a client starts it that has uv, with a cache of its own: nothing that was installed before helps."""
    uvx = (str(_BIN / "uv"), "tool", "run", "--quiet", "--python", sys.executable, "--from", str(wheel), "pai-dsw-mcp")
    starts(uvx, folder, UV_CACHE_DIR=str(folder / "cache"), **package_manager_settings())


def _found(python: str) -> str | None:
    """The interpreter itself; a version manager's command of that name may be there without one."""
    if shutil.which(python) is None:
        return None
    asked = subprocess.run(
        [python, "-c", "import sys; print(sys.executable)"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or None


def main() -> int:
    """Tells of each way how it went."""
    archives = pack(_DIST)
    describe(archives)
    packed = [*(path.name for path in archives), "sbom.cdx.json"]
    sys.stdout.write(f"packed: {', '.join(packed)}; the description renders\n")
    (wheel,) = (path for path in archives if path.suffix == ".whl")
    ways: dict[str, Callable[[Path], None]] = {
        "pipx": lambda folder: with_pipx(wheel, folder),
        "uvx": lambda folder: with_uvx(wheel, folder),
    }
    for python in PYTHONS:
        if interpreter := _found(python):
            ways[f"pip, {python}"] = partial(with_pip, interpreter, archives)
        else:
            sys.stdout.write(f"pip, {python}: not here, not tried\n")
    failed = 0
    for way, install in ways.items():
        with TemporaryDirectory() as folder:
            try:
                install(Path(folder))
            except (RuntimeError, AssertionError) as error:
                failed += 1
                sys.stdout.write(f"{way}: FAILED: {error}\n")
            else:
                sys.stdout.write(f"{way}: installed, and it answers\n")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
