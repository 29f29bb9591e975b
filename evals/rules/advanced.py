"""The rules about spot instances and owners."""

import re
from collections.abc import Iterator
from typing import Final

from evals.records import Records
from evals.rules.account import accounts
from evals.rules.prices import spots

_LIMIT: Final = re.compile(r"(?:Spot, at most|抢占式实例，每小时最多) ([\d.]+) [A-Z]{3}")
_TAKEN_BACK: Final = re.compile(r"take the machine back at any moment|随时回收机器")
_MOST: Final = re.compile(r"(?<!Spot, )(?:at most|最多) [\d.,]+ [A-Z]{3} (?:per hour|/ 小时)")
"""The price as an upper bound; the limit of spot stands in a line of its own."""
_NO_LIMIT: Final = re.compile(r"without a limit|未设上限")


def told_the_terms_of_spot(records: Records) -> Iterator[str]:
    """Who said yes to a spot instance had been shown its limit, or that it has none, and what can happen.

    So had who started one that a write before had made spot.
    """
    for each in accounts(records):
        begins = each.write.parameters.get("SpotSpec") or each.write.operation == "StartInstance"
        spot = spots(each.write, records)[1] if begins else None
        if each.question is None or not spot:
            continue
        told, text, limit = (
            f"{each.write.operation} (request {each.write.sequence})",
            each.question.text,
            spot.get("SpotPriceLimit"),
        )
        if not _TAKEN_BACK.search(text):
            yield f"{told}: the person was not shown that a spot instance can be taken back"
        if not _MOST.search(text):
            yield f"{told}: the person was not shown that the price is the most that it costs"
        if limit is None and not _NO_LIMIT.search(text):
            yield f"{told}: the person was not shown that there is no limit"
        if limit is not None and [float(limit)] != [float(found) for found in _LIMIT.findall(text)]:
            yield f"{told}: the person was not shown the limit of {limit}"


def told_the_real_owner(records: Records) -> Iterator[str]:
    """What an answer calls done, with another owner, has that owner in the cloud."""
    calls = {event.number: event for event in records.events if event.who == "call"}
    owners = {str(row["InstanceId"]): row.get("UserId") for row in records.instances}
    for answer in records.events:
        if answer.who != "answer" or answer.number not in calls or answer.result.get("status") != "done":
            continue
        for request in records.requests[calls[answer.number].requests : answer.requests]:
            wanted = request.parameters.get("UserId")
            if request.operation in {"CreateInstance", "UpdateInstance"} and wanted is not None:
                found = owners.get(str(answer.result.get("instance_id")))
                if found != wanted:
                    yield f"{answer.tool} (call {answer.number}) says done; the owner is {found}, not {wanted}"
