"""The base of every value: frozen, closed, and without wire names."""

from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict


def _none_if_empty(text: str | None) -> str | None:
    return text or None


Text: TypeAlias = Annotated[str | None, AfterValidator(_none_if_empty)]
"""An optional text; the service writes some missing ones as empty, which becomes None."""


OURS: Final = "in our own words"
"""Annotates a field of an answer that holds sentences of `texts`, which its text begins with as they are."""

ALWAYS_A_FACT: Final = "stands among the facts even where the sentences hold it"
"""Annotates a field that readers look for by its name."""


class Value(BaseModel):
    """An immutable value that knows nothing of HTTP, files or clocks."""

    model_config = ConfigDict(frozen=True, extra="forbid")
