"""When somebody else than who asks has to approve."""

from dataclasses import dataclass

from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.limits import Money


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """Above this price per hour, another member of this group approves, and nobody else."""

    above: Money
    group: str

    def is_needed_for(self, change: Change) -> bool:
        """Whether what begins to run is above the line, or nobody can tell."""
        return any(self._is_above(each) for each in (change, *change.then))

    def _is_above(self, change: Change) -> bool:
        if change.load is None or not change.load.is_metered:
            return False
        price = change.load.price
        return price is None or price.currency != self.above.currency or price.hourly > self.above.amount
