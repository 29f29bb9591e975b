"""One text in both languages."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence with `{named}` places; both languages use the same names (a test compares them)."""

    en: str
    zh: str
