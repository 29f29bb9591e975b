"""The digest by which values are compared."""

import hashlib
import json
from typing import Any


def digest(facts: Any) -> str:
    """SHA-256 of the canonical JSON of these facts."""
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
