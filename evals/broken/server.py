"""What a server that is broken on purpose is."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import TypeAlias
from unittest.mock import patch

from evals.scenario import Era

Patch: TypeAlias = tuple[ModuleType | type, object, object]
"""The module or class whose name is bound anew, what the name stands for, and what it stands for instead."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A server with these patches; `caught_by` names the part of the verdict that must catch it in the scenario."""

    name: str
    caught_by: str
    scenario: str
    patches: tuple[Patch, ...]
    era: Era = "modern"

    @contextmanager
    def breaks(self) -> Generator[None]:
        """The server is broken while this lasts."""
        with ExitStack() as stack:
            for owner, original, instead in self.patches:
                # References instead of strings: a renamed function is renamed here as well, and pyright watches.
                (name,) = (name for name in vars(owner) if getattr(owner, name) is original)
                stack.enter_context(patch.object(owner, name, instead))
            yield


def broken(name: str, caught_by: str, scenario: str, *patches: Patch) -> Broken:
    """One of them."""
    return Broken(name, caught_by, scenario, patches)
