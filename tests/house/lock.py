"""The locks in requirements/, and what each pinned package requires. Run this module to record the latter anew."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER: Final = Path(__file__).parents[2] / "requirements"
RECORD: Final = FOLDER / "requires.json"
"""The Requires-Dist of every pin, also of those that are not installed here, such as another platform's."""

LOCKS: Final = {
    "serve": ("serve",),
    "postgres": ("serve", "postgres"),
    "otel": ("serve", "otel"),
    "develop": ("serve", "develop"),
    "live": ("serve", "live"),
    "foreign": ("foreign",),
    "foreign-clients": ("foreign-clients",),
    "foreign-langchain": ("foreign-langchain",),
    "package": ("package",),
    "docs": ("docs",),
}
"""What is installed together."""
PYTHONS: Final = ("3.11.4", "3.11.9", "3.12.9", "3.13.9")
"""Of 3.11 two patch releases: the locks fork between them."""
PLATFORMS: Final = {
    "linux": {"os_name": "posix", "platform_system": "Linux", "platform_machine": "x86_64"},
    "darwin": {"os_name": "posix", "platform_system": "Darwin", "platform_machine": "arm64"},
    "win32": {"os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"},
}
WHEELS: Final = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "macosx_11_0_arm64", "win_amd64")

Environment = Mapping[str, str]


class Pin(NamedTuple):
    """One package of a lock: `name[extras]==version ; marker`."""

    requirement: Requirement
    hashes: int

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        return str(self.requirement.specifier).removeprefix("==")

    @property
    def identity(self) -> str:
        """The key of the record."""
        return f"{self.name}=={self.version}"


@cache
def pins_in(lock: str) -> tuple[Pin, ...]:
    """Every entry of this lock."""
    return tuple(_read(lock))


def _read(lock: str) -> Iterator[Pin]:
    text = (FOLDER / f"{lock}.txt").read_text("utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.lstrip().startswith("#"):
            requirement, *hashes = line.split("--hash=sha256:")
            yield Pin(Requirement(requirement.strip()), len(hashes))


def environments() -> Iterator[Environment]:
    """The markers of every platform and Python that the project names."""
    for sys_platform, platform in PLATFORMS.items():
        for python in PYTHONS:
            yield {
                **platform,
                "sys_platform": sys_platform,
                "python_version": python.rpartition(".")[0],
                "python_full_version": python,
                "implementation_name": "cpython",
                "implementation_version": python,
                "platform_python_implementation": "CPython",
                "platform_release": "",
                "platform_version": "",
            }


def holds(requirement: Requirement, environment: Environment, extra: str = "") -> bool:
    """Whether the marker, if there is one, is true there."""
    return requirement.marker is None or requirement.marker.evaluate({**environment, "extra": extra})


@cache
def recorded() -> dict[str, list[str]]:
    """What each pin requires, as `make lock` wrote it down."""
    return json.loads(RECORD.read_text("utf-8"))


def normal(requirements: list[str] | None) -> list[str]:
    """The same list whoever wrote it: spacing and order carry no meaning."""
    return sorted(str(Requirement(each)) for each in requirements or [])


def _ask_pip(pins: list[str], python: str) -> list[dict[str, Any]]:
    """The metadata of these releases, of whatever platform; nothing is installed."""
    platforms = [word for platform in WHEELS for word in ("--platform", platform)]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps"]
    report = subprocess.run(
        [*command, *platforms, "--python-version", python, "--implementation", "cp", "--report", "-", *pins],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return [each["metadata"] for each in json.loads(report)["install"]]


def record() -> None:
    """Writes the record anew, from the index that pip is set up to use."""
    requires: dict[str, list[str]] = {}
    for lock, environment in product(("build", *LOCKS), environments()):
        needed = {pin.identity for pin in pins_in(lock) if holds(pin.requirement, environment)}
        new = sorted(needed - requires.keys())
        for metadata in _ask_pip(new, environment["python_full_version"]) if new else []:
            identity = f"{canonicalize_name(metadata['name'])}=={metadata['version']}"
            requires[identity] = normal(metadata.get("requires_dist"))
    RECORD.write_text(json.dumps(dict(sorted(requires.items())), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    record()
