"""What an instance's status means for the next step.

Source: the names are `GetInstance.Status` and `GetLifecycle`; what may be started is documented by the vendor's skill;
that a status is charged is inferred (compute is held) and named so in the texts.
"""

from collections.abc import Set as AbstractSet
from typing import Final, Literal, TypeAlias, get_args

InstanceStatus: TypeAlias = Literal[
    "Creating",
    "ResourceAllocating",
    "Queuing",
    "Starting",
    "EnvPreparing",
    "Running",
    "Stopping",
    "Stopped",
    "Updating",
    "Saving",
    "Saved",
    "SaveFailed",
    "Deleting",
    "Failed",
    "Recovering",
    "ArrearStopping",
    "Arrearge",
    "Unknown",
]
"""`Unknown` stands for a status that this version does not know; it is never sent."""

ALL_STATUSES: Final[AbstractSet[str]] = frozenset(get_args(InstanceStatus))

STARTABLE: Final[AbstractSet[str]] = frozenset({"Stopped", "Failed"})
"""StartInstance is accepted from these."""

STARTING_UP: Final[AbstractSet[str]] = frozenset(
    {"Creating", "ResourceAllocating", "Queuing", "Starting", "EnvPreparing", "Recovering"}
)
"""On the way to Running without any further call."""

STOPPABLE: Final[AbstractSet[str]] = STARTING_UP | {"Running", "SaveFailed"}
"""Compute is held and StopInstance gives it back; that the service accepts it from each of these is assumed."""

HOLDING: Final[AbstractSet[str]] = ALL_STATUSES - {
    "Creating",
    "ResourceAllocating",
    "Queuing",
    "Stopped",
    "Arrearge",
    "Failed",
    "Deleting",
}
"""Compute is held, so that pay-as-you-go may be charged. The documents leave open from when on it is."""

STOPPED: Final[AbstractSet[str]] = frozenset({"Stopped", "Arrearge"})
STOPPING: Final[AbstractSet[str]] = frozenset({"Stopping", "ArrearStopping"})

SETTLED: Final[AbstractSet[str]] = frozenset({"Running", "Stopped", "Failed", "SaveFailed", "Arrearge"})
"""Does not change until somebody acts, so waiting for another status is pointless."""
