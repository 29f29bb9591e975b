"""The DSW operations on the labels of an instance.

Documented: the parameters, the rules of a label, and that a reply holds a RequestId alone. Assumed: that both take
effect in every status, that UpdateInstanceLabels leaves labels alone that it does not name, and that
DeleteInstanceLabels passes over a key that there is not.
"""

from pai_emulator.call import Call
from pai_emulator.errors import missing_parameter
from pai_emulator.instance import Instance
from pai_emulator.instance_settings import settle
from pai_emulator.parameters import UPDATE_INSTANCE_LABELS
from pai_emulator.query import Query
from pai_emulator.region_state import RegionState
from pai_emulator.shapes import checked
from pai_emulator.types import JsonObject
from pai_emulator.world import World


def update_instance_labels(world: World, call: Call) -> JsonObject:
    """UpdateInstanceLabels."""
    region, instance = world.find_instance(call)
    asked = checked(call.body, UPDATE_INSTANCE_LABELS)
    if not asked.get("Labels"):
        raise missing_parameter("Labels")
    settled = settle(region, asked)["Labels"]
    given = {label["Key"]: label["Value"] for label in settled}
    return _put(world, region, instance, _labels(instance) | given)


def delete_instance_labels(world: World, call: Call) -> JsonObject:
    """DeleteInstanceLabels."""
    region, instance = world.find_instance(call)
    keys = Query(call).csv("LabelKeys")
    if not keys:
        raise missing_parameter("LabelKeys")
    return _put(world, region, instance, {key: value for key, value in _labels(instance).items() if key not in keys})


def _labels(instance: Instance) -> dict[str, str]:
    return {label["Key"]: label["Value"] for label in instance.settings.get("Labels", [])}


def _put(world: World, region: RegionState, instance: Instance, labels: dict[str, str]) -> JsonObject:
    instance.settings = {
        **instance.settings,
        "Labels": [{"Key": key, "Value": value} for key, value in labels.items()],
    }
    instance.changed_at = world.clock.now()
    region.touch()
    return {}
