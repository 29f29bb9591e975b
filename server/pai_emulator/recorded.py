"""Replies that were recorded of the service (`pai-dsw-mcp verify-cloud --record`), played again.

Of each operation the replies come in their order, whatever is asked, and the last one again and again. An operation
that is not in the recording is answered as always.
"""

from collections import defaultdict
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from pai_emulator.types import JsonObject


class Recorded(BaseModel):
    """One reply."""

    model_config = ConfigDict(extra="forbid")

    operation: str
    status: int
    body: JsonObject


class Replay:
    """Where a recording has got to."""

    def __init__(self, recorded: Iterable[Recorded] = ()) -> None:
        self._replies: dict[str, list[Recorded]] = defaultdict(list)
        for each in recorded:
            self._replies[each.operation].append(each)
        self._played: dict[str, int] = defaultdict(int)

    def restart(self) -> None:
        """Begin anew."""
        self._played.clear()

    def next(self, operation: str) -> Recorded | None:
        """The reply that is due; None where there is none of this operation."""
        replies = self._replies.get(operation)
        if replies is None:
            return None
        self._played[operation] += 1
        return replies[min(self._played[operation], len(replies)) - 1]
