"""`python -m tests.package.release TAG OWNER`: whether a tag may be published; prints what changed, exit code 1 if not.

Run where `make package` and `make bundle` have filled dist/.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.house.publishing import PROJECT, ROOT, registry_name

_CHANGES: Final = re.compile(
    r"^## \[(?P<version>[\w.]+)\](?: - (?P<date>.+))?\n(?P<text>(?:(?!## ).*\n?)*)", re.MULTILINE
)


def objections(
    tag: str, owner: str, changelog: str, packed: set[str], project: Mapping[str, Any] = PROJECT
) -> Iterator[str]:
    """Why this tag cannot be published; nothing if it can."""
    version: str = project["version"]
    if tag != f"v{version}":
        yield f"The tag is {tag}, and pyproject.toml says {version}: tag v{version}, or change the version."
    name = registry_name(project)
    if name.partition("/")[0].lower() != f"io.github.{owner}".lower():
        yield f"{name} is not a name of {owner}: tell the address in [project.urls], then make docs."
    dated = {found["version"]: found["date"] for found in _CHANGES.finditer(changelog)}
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", dated.get(version) or ""):
        yield f"CHANGELOG.md has no section of {version} with a date."
    if _changes("Unreleased", changelog):
        yield f"CHANGELOG.md has changes under [Unreleased], and they are in what is packed: move them to {version}."
    wheel = f"{project['name'].replace('-', '_')}-{version}"
    wanted = {f"{wheel}-py3-none-any.whl", f"{wheel}.tar.gz", f"{project['name']}-{version}.mcpb", "sbom.cdx.json"}
    if packed != wanted:
        yield f"dist/ holds {sorted(packed)}, and not {sorted(wanted)}."


def notes(changelog: str) -> str:
    """What the changelog says of the version of the project."""
    return _changes(PROJECT["version"], changelog) + "\n"


def _changes(version: str, changelog: str) -> str:
    found = (each["text"] for each in _CHANGES.finditer(changelog) if each["version"] == version)
    return next(found, "").strip()


def main() -> int:
    """Judges the tag that was given."""
    _, tag, owner = sys.argv
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    found = list(objections(tag, owner, changelog, {path.name for path in (ROOT / "dist").iterdir()}))
    sys.stderr.writelines(f"{each}\n" for each in found)
    sys.stdout.write(notes(changelog))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
