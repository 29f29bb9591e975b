"""Steers an emulator through its control routes, as any outside program would."""

import json
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Steering:
    """One emulator's control routes."""

    url: str
    control_key: str

    def _ask(self, route: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.url}/_emulator/{route}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"x-emulator-key": self.control_key},
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)

    def requests(self) -> list[dict[str, Any]]:
        """Every request so far, oldest first."""
        return self._ask("journal")["entries"]

    def writes(self) -> list[dict[str, Any]]:
        """The requests that can change something."""
        return [entry for entry in self.requests() if entry["write"]]

    def faults(self, *faults: dict[str, Any], clear: bool = False) -> None:
        self._ask("faults", {"clear": clear, "faults": list(faults)})

    def now(self) -> float:
        """The emulator's time, in seconds since the epoch."""
        return datetime.fromisoformat(self._ask("clock", {"advance": 0})["now"]).timestamp()

    def advance(self, seconds: float) -> None:
        self._ask("clock", {"advance": seconds})

    def instance(self, instance_id: str, **fields: Any) -> dict[str, Any]:
        """Reads an instance after overwriting some of its fields behind everybody's back."""
        return self._ask("state", {"instance_id": instance_id, "set": fields})["instance"]

    def generate(self, count: int, region_id: str = "cn-hangzhou") -> list[str]:
        return self._ask("state", {"generate": {"count": count, "region_id": region_id}})["instance_ids"]

    def reset(self) -> None:
        self._ask("reset", {})
