"""Each behaviour of the emulator and how we know it, read from `assumptions.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

Standing: TypeAlias = Literal["documented", "observed", "third party", "assumed"]

FILE: Final = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class Assumption:
    """`standing` is how we know the sentence, `remark` what of it is known differently.

    `alternatives` has each behaviour that can be switched to, with the one that is the default, `plays`. `http` and
    `code` are those of an error. `probe` is the part of `pai-dsw-mcp verify-cloud` that looks at it; its report tells
    in Chinese what `zh` says.
    """

    section: str
    sentence: str
    standing: Standing
    remark: str = ""
    source: str = ""
    plays: str = ""
    alternatives: Mapping[str, str] = field(default_factory=dict[str, str])
    probe: str = ""
    zh: str = ""
    http: str = ""
    code: str = ""


@cache
def assumptions() -> Mapping[str, Assumption]:
    """All of them by id, in the order of the README."""
    sections = tomllib.loads(FILE.read_text("utf-8"))
    return {each: Assumption(section, **row) for section, rows in sections.items() for each, row in rows.items()}


def check_alternative(assumption_id: str, value: str) -> None:
    """Raises ValueError where the emulator cannot be switched so; the message names what there is."""
    alternatives = {each: row.alternatives for each, row in assumptions().items() if row.alternatives}
    if assumption_id not in alternatives:
        raise ValueError(f"there is no assumption {assumption_id} to switch; there are {', '.join(alternatives)}")
    if value not in alternatives[assumption_id]:
        values = ", ".join(alternatives[assumption_id])
        raise ValueError(f"{assumption_id} cannot be {value}; it can be {values}")
