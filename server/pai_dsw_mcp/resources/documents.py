"""The skill and its references as files: their content, names and location.

The head of the skill is read without a YAML library, because serving installs none. Supported is what our own file
uses: names with a value on the same line, folded text (`>-`), and one level of names below a name. A test compares the
result with a real YAML parser, so the file cannot leave this subset of YAML.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

ROOT: Final = "skill://pai-dsw-mcp"
"""The skill's directory. Its last part is the skill's name, as the Skills extension asks (a test compares)."""
SKILL: Final = "SKILL.md"
REFERENCES: Final = "references"
MIME_TYPE: Final = "text/markdown"

_TITLE: Final = re.compile(r"^# (.+)$", re.MULTILINE)
_ROUTE: Final = re.compile(rf"^\| (?P<question>[^|]+?) \| \[[^\]]+\]\((?P<path>{REFERENCES}/[^)]+)\) \|$", re.MULTILINE)
_CHINESE: Final = ".zh-CN"
_HEAD: Final = re.compile(r"\A---\n(?P<head>.*?)\n---\n", re.DOTALL)
_ENTRY: Final = re.compile(r"^(?P<name>[A-Za-z][\w-]*):(?P<value>.*)$")
_FOLDED: Final = ">-"

Frontmatter: TypeAlias = dict[str, str | dict[str, str]]


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the skill; `path` is relative to its directory, with slashes."""

    path: str
    content: bytes

    @property
    def uri(self) -> str:
        """Where a client reads it."""
        return f"{ROOT}/{self.path}"

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.rpartition("/")[2]

    @property
    def text(self) -> str:
        """What it says."""
        return self.content.decode("utf-8")

    @property
    def title(self) -> str:
        """Its first heading."""
        found = _TITLE.search(self.text)
        return found[1] if found else self.name

    @property
    def is_chinese(self) -> bool:
        """Whether it is the Chinese version of a page."""
        return _CHINESE in self.name

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, as the Skills extension writes it."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"


def folder(package: Path = Path(__file__).parent) -> Path:
    """Where the files are: beside this module if installed, else in the checkout.

    A wheel carries them along (`hatch_build.py`); an editable installation reads the originals, so that nobody sees a
    stale copy.
    """
    installed = package / "skill"
    return installed if installed.is_dir() else package.parents[2]


@cache
def documents() -> Mapping[str, Document]:
    """Every file by its path, the skill first. Read once, at the first use, to keep the startup fast.

    Digests and contents therefore always belong together, even while somebody edits the files.
    """
    root = folder()
    found = [root / SKILL, *sorted((root / REFERENCES).glob("*.md"))]
    paths = {path.relative_to(root).as_posix(): path for path in found if path.is_file()}
    return MappingProxyType({name: Document(name, path.read_bytes()) for name, path in paths.items()})


@cache
def questions() -> Mapping[str, str]:
    """The question that each page answers, as the skill's own table of pages puts it."""
    skill = documents().get(SKILL)
    found = _ROUTE.finditer(skill.text if skill else "")
    return MappingProxyType({route["path"]: route["question"] for route in found})


def question(document: Document) -> str | None:
    """What a reader finds in this page; a Chinese version answers what the English one does."""
    return questions().get(document.path.replace(_CHINESE, ""))


def frontmatter(text: str) -> Frontmatter:
    """The names and values between the two lines of dashes.

    Raises:
        ValueError: There is no such head, or a line of it is not understood.
    """
    found = _HEAD.match(text)
    if found is None:
        raise ValueError("The skill does not begin with a head between two lines of `---`.")
    values: Frontmatter = {}
    for name, value, lines in _blocks(found["head"]):
        if value == _FOLDED:
            values[name] = " ".join(line.strip() for line in lines)
        elif value:
            values[name] = value
        else:
            values[name] = {inner: inner_value for inner, inner_value, _ in _blocks("\n".join(map(str.strip, lines)))}
    return values


def _blocks(head: str) -> list[tuple[str, str, list[str]]]:
    """Each name with the value on its line and the indented lines below."""
    blocks: list[tuple[str, str, list[str]]] = []
    for line in head.splitlines():
        entry = _ENTRY.match(line)
        if entry:
            blocks.append((entry["name"], entry["value"].strip(), []))
        elif blocks and line.startswith(" "):
            blocks[-1][2].append(line)
        else:
            raise ValueError(f"This line of the skill's head is not understood: {line}")
    return blocks
