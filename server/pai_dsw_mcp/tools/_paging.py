"""Pages of a complete list: the cloud's list is read in full before the first row is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pai_dsw_mcp.tools._render import tell

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list of `total`, beginning after `skipped` rows."""

    rows: Sequence[T]
    skipped: int
    total: int

    @property
    def next_cursor(self) -> str | None:
        """Where the next page begins; None on the last one."""
        end = self.skipped + len(self.rows)
        return str(end) if self.rows and end < self.total else None

    @property
    def position(self) -> str | None:
        """Which rows these are; None when they are all."""
        if len(self.rows) == self.total:
            return None
        if not self.rows:
            return tell("page_past_end", total=self.total)
        end = self.skipped + len(self.rows)
        key = "page_part" if self.next_cursor else "page_last"
        return tell(key, first=self.skipped + 1, last=end, total=self.total, next_cursor=self.next_cursor)


def page(rows: Sequence[T], cursor: str | None, limit: int) -> Page[T]:
    """The `limit` rows that begin at the cursor, which is the number of rows that were shown before."""
    skipped = int(cursor or 0)
    return Page(rows=rows[skipped : skipped + limit], skipped=skipped, total=len(rows))
