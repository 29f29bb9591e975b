"""The cloud for several people: each of them under a session of their own of one role, and apart from the others."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions, Role, Session

if TYPE_CHECKING:
    from pai_dsw_mcp.cloud.sdk import Sdk

MOST_PEOPLE: Final = 256
"""Whose keys are kept; whoever has not called for longest gets new ones at their next call."""


class CloudOfPeople(Cloud):
    """What is read and written is signed for whoever calls, as `caller` tells; the server's own keys open no more.

    `caller` raises a `RefusedError` where nobody calls that the role could be assumed for.
    """

    def __init__(
        self,
        options: CloudOptions,
        role_arn: str,
        caller: Callable[[], Session],
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(options, pause=pause)
        self._role = Role(role_arn)
        self._session = caller
        self._now = now
        self._people: OrderedDict[Session, Sdk] = OrderedDict()

    async def sdk(self) -> "Sdk":
        """The loaded SDKs, with the keys of whoever calls.

        Raises:
            RefusedError: Nobody calls that the role could be assumed for.
        """
        session = self._session()
        own = await super().sdk()
        theirs = self._people.pop(session, None) or own.under_role(self._role, session, self._now)
        self._people[session] = theirs
        if len(self._people) > MOST_PEOPLE:
            self._people.popitem(last=False)
        return theirs
