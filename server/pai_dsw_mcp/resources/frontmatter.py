"""The head of a skill file as JSON values, without a YAML library at run time.

Understood is what our own file uses: names with a value on the same line, folded text (`>-`), and one level of names
below a name. A test compares the result with a real YAML parser, so the file cannot leave this part of the language.
"""

import re
from typing import Final, TypeAlias

Frontmatter: TypeAlias = dict[str, str | dict[str, str]]

_HEAD: Final = re.compile(r"\A---\n(?P<head>.*?)\n---\n", re.DOTALL)
_ENTRY: Final = re.compile(r"^(?P<name>[A-Za-z][\w-]*):(?P<value>.*)$")
_FOLDED: Final = ">-"


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
