"""The base of every value: frozen, closed, and without wire names."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value that knows nothing of HTTP, files or clocks."""

    model_config = ConfigDict(frozen=True, extra="forbid")
