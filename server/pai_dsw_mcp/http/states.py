"""What a client carries from one server to another: sealed with keys that all servers over one journal share."""

import itertools
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final

from mcp.server.request_state import AESGCMRequestStateCodec, RequestStateCodec

from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.journal.postgres_audit import Audit
from pai_dsw_mcp.journal.state_keys import SPREAD
from pai_dsw_mcp.journal.store import Journal

_REFRESHED_AFTER: Final = SPREAD / 4


class SharedStates(RequestStateCodec):
    """Seals the answers to forms that are on their way, so that any of the servers can take them.

    The keys in the journal are in the clear. Where the servers share the key of an audit, it takes that one too.
    """

    def __init__(self, journal: Journal, audit: Audit | None = None) -> None:
        """Knows no keys yet; each of those of `audit` opens, and the newest seals."""
        self._journal = journal
        self._audit = audit
        # Until the keys are read.
        self._use([secrets.token_hex(32)])

    async def refresh(self) -> None:
        """Reads the keys.

        Raises:
            JournalError: They cannot be read; those that are known go on counting.
        """
        self._use(await self._journal.state_keys())

    async def keep_fresh(self, sleep: Callable[[float], Awaitable[object]]) -> None:
        """Reads them again and again, so that every server knows a new key before one seals with it."""
        while True:
            await sleep(_REFRESHED_AFTER)
            with suppress(JournalError):
                await self.refresh()

    def _use(self, keys: Sequence[str]) -> None:
        if self._audit is None:
            self.keys = tuple(keys)
        else:
            by_age = zip(*map(self._audit.derived, keys), strict=True)
            self.keys = tuple(itertools.chain.from_iterable(by_age))
        self._codec = AESGCMRequestStateCodec(self.keys)

    def seal(self, payload: bytes) -> str:
        return self._codec.seal(payload)

    def unseal(self, token: str) -> bytes:
        return self._codec.unseal(token)
