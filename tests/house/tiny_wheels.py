"""Writes the smallest wheels that pip installs. Packed into such a wheel, this module is a build backend itself."""

import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile


def write_wheel(folder: Path, name: str, version: str, requires: list[str], **modules: str) -> str:
    """Writes a wheel with these modules, by name and text; returns the name of its file."""
    information = f"{name}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", "Provides-Extra: more"]
    metadata += [f"Requires-Dist: {each}" for each in requires]
    file = f"{name}-{version}-py3-none-any.whl"
    with ZipFile(folder / file, "w") as wheel:
        for module, text in modules.items():
            wheel.writestr(f"{module}.py", text)
        wheel.writestr(f"{information}/METADATA", "\n".join(metadata) + "\n")
        wheel.writestr(f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{information}/RECORD", "")
    return file


def build_wheel(wheel_directory: str, *_: Any, **__: Any) -> str:
    """The hook that pip calls in the folder of a source distribution."""
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    return write_wheel(Path(wheel_directory), project["name"], project["version"], project["dependencies"])


build_editable = build_wheel
