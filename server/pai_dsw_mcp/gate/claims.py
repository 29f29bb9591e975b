"""Between the last look and the request, another process may have been faster: the journal tells.

Whoever began earlier goes on; whoever began later sees the other and sends nothing. Beginning is one transaction of
the journal, so of two writes exactly one is the earlier.
"""

from typing import Final

from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.records import Operation

NEWEST: Final = 200
"""Operations that are looked through; far more than begin during one look, or in the time that a list may lag."""
_OPEN: Final = frozenset({"sent", "unknown"})


async def ended_operations(services: Services) -> frozenset[str]:
    """The ids of the operations that have ended: a look that begins now sees what they did."""
    known = await services.journal.operations(limit=NEWEST)
    return frozenset(each.operation_id for each in known if each.state not in _OPEN)


async def faster_operation(
    services: Services, operation: Operation, claims: frozenset[str], ended: frozenset[str]
) -> Operation | None:
    """An operation on the same instance or name that began earlier, and whose effect the look did not see.

    `ended` is what `ended_operations` gave before that look.
    """
    newest_first = await services.journal.operations(limit=NEWEST)
    ids = [each.operation_id for each in newest_first]
    for earlier in newest_first[ids.index(operation.operation_id) + 1 :]:
        is_over = earlier.operation_id in ended or earlier.state in ("rejected", "not_sent")
        if not is_over and not claims.isdisjoint(await _claims_of(services, earlier)):
            return earlier
    return None


async def _claims_of(services: Services, operation: Operation) -> frozenset[str]:
    """Its scope, and the name that it gives an instance if it renames one."""
    approval = await services.journal.get(operation.approval_id)
    parameters = approval.change.parameters if approval is not None else ()
    names = (each.value for each in parameters if each.name == "InstanceName")
    return frozenset({operation.scope, *(f"{operation.region_id}/name:{name}" for name in names)})
