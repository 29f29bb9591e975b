"""Alternatives of `assumptions.toml` that are the same for many operations: how it is asked, shown and refused."""

from dataclasses import replace
from typing import Final

from pai_emulator import errors
from pai_emulator.call import Call
from pai_emulator.errors import ApiError
from pai_emulator.faults.model import Faults
from pai_emulator.query import Query
from pai_emulator.types import JsonObject

_SMALLER_PAGE: Final = 50
_REASONS: Final = ("ReasonCode", "ReasonMessage")


def asked(faults: Faults, call: Call) -> Call:
    """The call with a page that is not larger than allowed; raises the ApiError that refuses it."""
    played = faults.assumed(call.region_id, "largest-page")
    if played not in {"50", "cut-to-50"} or "PageSize" not in call.query:
        return call
    size = Query(call).whole("PageSize", 1, _SMALLER_PAGE if played == "50" else None)
    return replace(call, query={**call.query, "PageSize": str(min(size, _SMALLER_PAGE))})


def shown(faults: Faults, call: Call, body: JsonObject) -> JsonObject:
    """The reply, with reasons that are empty as they are shown."""
    played = faults.assumed(call.region_id, "no-reason")
    if played is None or call.operation not in {"GetInstance", "ListInstances"}:
        return body
    if "Instances" in body:
        return body | {"Instances": [_with_reasons(instance, played) for instance in body["Instances"]]}
    return _with_reasons(body, played)


def _with_reasons(instance: JsonObject, played: str) -> JsonObject:
    if played == "absent":
        return {name: value for name, value in instance.items() if name not in _REASONS or value}
    return {name: None if name in _REASONS and not value else value for name, value in instance.items()}


def refused(faults: Faults, call: Call, error: ApiError) -> ApiError:
    """The error, with a denial of DSW in the shape that it has."""
    played = faults.assumed(call.region_id, "dsw-denial") if error.code == "NoPermissionError" else None
    if played == "Forbidden.RAM":
        return errors.forbidden_by_ram()
    if played == "100700008":
        return errors.rbac_denied(f"PaiDSW:{call.operation}", error.access_denied_detail or {})
    return error
