"""Pages of a complete list: the cloud's list is read in full before the first row is shown."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from mcp_types import CallToolResult, TextContent

from pai_dsw_mcp.tools._projection import Listed
from pai_dsw_mcp.tools._render import tell
from pai_dsw_mcp.tools._tool import answer

T = TypeVar("T")

_MOST_TOKENS: Final = 9_500
"""Of text and of structure each; hosts cut or set aside what is much longer. The estimate needs some room."""
_PIECES: Final = re.compile(r'[A-Za-z0-9]{13,}|["_ ]?(?:[A-Z]*[a-z]+|[A-Z]+)|\d{1,3}|_|[^\w\s]+|\s+|[^\W\d_]')
_LONGEST_WORD: Final = 12
_PER_CHARACTER: Final = 0.65
"""Tokens of what is no word, such as a key or a checksum."""


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
        return tell(key, first=self.skipped + 1, last=end, total=self.total)


def page(rows: Sequence[T], cursor: str | None, limit: int) -> Page[T]:
    """The `limit` rows that begin at the cursor, which is the number of rows that were shown before."""
    skipped = int(cursor or 0)
    return Page(rows=rows[skipped : skipped + limit], skipped=skipped, total=len(rows))


def paged(rows: Sequence[T], cursor: str | None, limit: int, listed: Callable[[Page[T]], Listed]) -> CallToolResult:
    """The answer that `listed` makes of a page: of `limit` rows, or of fewer where those would be too long."""
    while True:
        shown = page(rows, cursor, limit)
        told = answer(listed(shown))
        length = _length(told)
        if length <= _MOST_TOKENS or len(shown.rows) <= 1:
            return told
        limit = max(1, min(len(shown.rows) - 1, len(shown.rows) * _MOST_TOKENS // length))


def _length(told: CallToolResult) -> int:
    """About how many tokens the longer of the two sides takes."""
    text = "".join(content.text for content in told.content if isinstance(content, TextContent))
    structure = json.dumps(told.structured_content, ensure_ascii=False, separators=(",", ":"))
    return max(tokens(text), tokens(structure))


def tokens(text: str) -> int:
    """An estimate that splits as tokenizers do."""
    lengths = map(len, _PIECES.findall(text))
    return round(sum(1 if length <= _LONGEST_WORD else length * _PER_CHARACTER for length in lengths))
