"""The secrets of cards: who has one answers for the person that sees the card."""

import secrets
from dataclasses import dataclass

from pai_dsw_mcp.journal.records import Approval


@dataclass(frozen=True, slots=True)
class _Given:
    secret: str
    client: str | None
    approval: Approval


class CardSecrets:
    """The secrets that this process gave out, in its memory alone.

    A secret is for one approval and one client, and it works once. A newer one takes the place of an older one.
    """

    def __init__(self) -> None:
        self._given: dict[str, _Given] = {}

    def give(self, approval: Approval, client: str | None) -> str:
        """A new secret for the card of this approval."""
        secret = secrets.token_urlsafe(32)
        self._given[approval.reference] = _Given(secret, client, approval)
        return secret

    def take(self, reference: str, secret: str, client: str | None) -> Approval | None:
        """The approval that this secret is for, which is used up by that; None where it is for none."""
        given = self._given.get(reference)
        if given is None or given.client != client:
            return None
        if not secrets.compare_digest(given.secret.encode(), secret.encode()):
            return None
        del self._given[reference]
        return given.approval
