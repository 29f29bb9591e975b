"""SQL for the keys that seal what a client carries from one server to another; all servers over one journal share them.

A new key seals after every server has had the time to read it, and the one before goes on opening what it sealed.
"""

import secrets
from typing import Final

from pai_dsw_mcp.journal.database import Rows

ROTATED_AFTER: Final = 86_400.0
"""Seconds after which a new key is made."""
SPREAD: Final = 120.0
"""Seconds until it seals; a server reads the keys several times in this time."""


def usable(rows: Rows, now: float) -> tuple[str, ...]:
    """The key that seals, and then those that only open; makes a new one where the newest is old."""
    rows.execute("DELETE FROM state_keys WHERE made_at < ?", (now - 2 * ROTATED_AFTER,))
    found = rows.execute("SELECT secret, made_at FROM state_keys ORDER BY made_at DESC").fetchall()
    known = [(row["secret"], row["made_at"]) for row in found]
    if not known or now - known[0][1] >= ROTATED_AFTER:
        known.insert(0, (secrets.token_hex(32), now))
        rows.execute("INSERT INTO state_keys (secret, made_at) VALUES (?, ?)", known[0])
    # Nobody has sealed with another key where there is none that every server knows.
    sealing = next((key for key, made_at in known if now - made_at >= SPREAD), known[-1][0])
    return (sealing, *(key for key, _ in known if key != sealing))
