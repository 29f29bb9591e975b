"""The right to send one write. Only `writes.Writer` makes one, and only the gate makes a Writer."""

from typing import Final, Literal, TypeAlias

WriteOperation: TypeAlias = Literal["CreateInstance", "UpdateInstance", "StartInstance", "StopInstance"]


class Ticket:
    """Good for one operation, once."""

    def __init__(self, operation: WriteOperation) -> None:
        self.operation: Final = operation
        self._spent = False

    def spend(self, operation: str) -> bool:
        """Use it up; False when it was made for another operation or is used up already."""
        if self._spent or operation != self.operation:
            return False
        self._spent = True
        return True
