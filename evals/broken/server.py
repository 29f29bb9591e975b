"""What a server that is broken on purpose is."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from evals.scenario import Era


@dataclass(frozen=True, slots=True)
class Broken:
    """`patches` are the places, as module and name, and what stands there instead. `caught_by` names a part."""

    name: str
    caught_by: str
    scenario: str
    patches: tuple[tuple[str, Any], ...]
    era: Era = "modern"

    def breaks(self) -> AbstractContextManager[None]:
        """The server is broken while this lasts."""
        return _broken(self.patches)


@contextmanager
def _broken(patches: tuple[tuple[str, Any], ...]) -> Generator[None]:
    if not patches:
        yield
        return
    (place, instead), *others = patches
    with patch(f"pai_dsw_mcp.{place}", instead), _broken(tuple(others)):
        yield


def broken(name: str, caught_by: str, scenario: str, *patches: tuple[str, Any]) -> Broken:
    """One of them."""
    return Broken(name, caught_by, scenario, patches)
