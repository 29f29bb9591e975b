"""An instance on the wire, as GetInstance and ListInstances show it."""

from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from typing import Any, Final

from pai_emulator.instance import Instance
from pai_emulator.region_state import RegionState, Resources
from pai_emulator.types import JsonObject

_SHOWN: Final = frozenset(
    {
        "AccessRestrictionRules",
        "Accessibility",
        "Affinity",
        "CredentialConfig",
        "DockerConfig",
        "Driver",
        "EcsSpec",
        "EnvironmentVariables",
        "ImageAuth",
        "ImageId",
        "ImageUrl",
        "InstanceName",
        "Labels",
        "MigrationOptions",
        "OversoldType",
        "Priority",
        "RequestedResource",
        "ResourceId",
        "WorkspaceId",
        "WorkspaceSource",
    }
)
"""Settings that come back as they were given. `AssignNodeSpec`, `SpotSpec` and `UserCommand` never do."""

_ONLY_GET: Final = frozenset(
    {
        "AccessRestrictionRules",
        "DockerConfig",
        "MigrationOptions",
        "NodeErrorRecovery",
        "PodIps",
        "ProxyPath",
        "UserCommandId",
    }
)
_MOST_DIGITS: Final = 9
_COURSE: Final = frozenset({"PushedFrom", "EndsAt"})
"""When a snapshot is pushed and when it ends: kept with it, and not shown."""
_ONLY_SNAPSHOTS: Final = frozenset({"SnapshotId", "SnapshotName", "InstanceId", "Labels", "ExcludePaths"})
"""What the operations on snapshots show and an instance does not."""
_ONLY_LIST: Final = frozenset({"OversoldInfo", "OversoldType"})


def time_text(moment: datetime) -> str:
    """A time as DSW writes it."""
    # Several times as fast as strftime, which shows in a list.
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def as_got(region: RegionState, instance: Instance, now: datetime) -> JsonObject:
    """The fields of GetInstance."""
    return _without(_complete(region, instance, now), _ONLY_LIST)


def as_listed(region: RegionState, instance: Instance, now: datetime) -> JsonObject:
    """The fields of an item of ListInstances."""
    view = _without(_complete(region, instance, now), _ONLY_GET)
    view["Datasets"] = [_without(mount, {"ActualMountAccess"}) for mount in view["Datasets"]]
    view["CloudDisks"] = [_without(disk, {"Status"}) for disk in view["CloudDisks"]]
    return view


def image_name(region: RegionState, settings: JsonObject) -> str:
    """The name of the image: the catalogue's, else the last part of its address."""
    image = region.find_image(settings)
    return image["Name"] if image else settings.get("ImageUrl", "").rpartition("/")[2]


def idle_rule_view(instance: Instance, now: datetime) -> JsonObject | None:
    """The idle rule; None where there is none."""
    rule = instance.idle_rule
    if rule is None:
        return None
    thresholds = {"CpuPercentThreshold": rule.cpu_percent, "GpuPercentThreshold": rule.gpu_percent}
    return {
        "InstanceId": instance.instance_id,
        **{name: value for name, value in thresholds.items() if value is not None},
        "MaxIdleTimeInMinutes": rule.max_idle_minutes,
        "IdleTimeInMinutes": rule.idle_minutes(instance.course, now),
    }


def timer_view(instance: Instance, now: datetime) -> JsonObject | None:
    """The timer; None where there is none, or it was due."""
    timer = instance.timer
    if timer is None or timer.due <= now:
        return None
    return {
        "InstanceId": instance.instance_id,
        "GmtCreateTime": time_text(timer.made),
        "GmtModifiedTime": time_text(timer.made),
        "DueTime": time_text(timer.due),
        "RemainingTimeInMs": int((timer.due - now).total_seconds() * 1000),
    }


def _without(fields: JsonObject, names: AbstractSet[str]) -> JsonObject:
    return {key: value for key, value in fields.items() if key not in names}


def _complete(region: RegionState, instance: Instance, now: datetime) -> JsonObject:
    settings, step, resources = instance.settings, instance.step(now), region.resources(instance.settings)
    workspace = region.workspaces.get(instance.workspace_id, {})
    quota = region.quotas.get(instance.resource_id or "", {})
    view: JsonObject = {key: value for key, value in settings.items() if key in _SHOWN}
    view |= {
        "InstanceId": instance.instance_id,
        "Status": step.status,
        "AcceleratorType": resources.accelerator_type,
        "AccumulatedRunningTimeInMs": int(instance.seconds_running(now) * 1000),
        "GmtCreateTime": time_text(instance.created_at),
        "GmtModifiedTime": time_text(instance.modified_at(now)),
        "PaymentType": instance.payment_type,
        "ResourceName": quota.get("QuotaName") or settings.get("EcsSpec", ""),
        "UserId": instance.user_id,
        "UserName": instance.user_name,
        "WorkspaceName": workspace.get("WorkspaceName", ""),
        "Labels": settings.get("Labels", []),
        "Tags": [{"TagKey": tag["Key"], "TagValue": tag.get("Value", "")} for tag in settings.get("Tag", [])],
        "Datasets": [_with_actual_access(mount) for mount in settings.get("Datasets", [])],
        "CloudDisks": [_with_status(disk) for disk in settings.get("CloudDisks", _default_disks(resources))],
        "NodeErrorRecovery": {
            "hasNodeError": False,
            "enableAutoSwitchOnNodeError": False,
            "autoSwitchCountdownSeconds": 30,
        },
        "ProxyPath": f"dsw-{instance.number}/proxy/",
        "DynamicMount": settings.get("DynamicMount", {"Enable": False, "MountPoints": []}),
        "OversoldInfo": settings.get("OversoldType", ""),
    }
    rules = {"IdleInstanceCuller": idle_rule_view(instance, now), "InstanceShutdownTimer": timer_view(instance, now)}
    view |= {name: rule for name, rule in rules.items() if rule is not None}
    view |= _image(region, settings)
    view |= _snapshots(instance, now)
    view |= _network(instance, running=step.status == "Running")
    view["ReasonCode"], view["ReasonMessage"] = step.reason or ("", "")
    if "UserCommand" in settings:
        view["UserCommandId"] = f"uc-{instance.number}"
    return view | instance.overwritten


def _image(region: RegionState, settings: JsonObject) -> JsonObject:
    """An image of the catalogue is shown with its id and its address, whichever was given (assumed)."""
    image = region.find_image(settings)
    if image is None:
        return {"ImageName": image_name(region, settings)}
    return {"ImageName": image["Name"], "ImageId": image["ImageId"], "ImageUrl": image["ImageUri"]}


def _with_actual_access(mount: JsonObject) -> JsonObject:
    return {**mount, "ActualMountAccess": "RO" if mount.get("Dynamic") else mount["MountAccess"]}


def _default_disks(resources: Resources) -> list[JsonObject]:
    """The free disk of a pay-as-you-go instance: 100 GiB with a GPU, 30 GiB without (documented)."""
    capacity = "100Gi" if resources.gpu else "30Gi"
    return [{"Capacity": capacity, "SubType": "rootfs", "MountPath": "/mnt/workspace", "Path": "/workspace"}]


def _with_status(disk: JsonObject) -> JsonObject:
    digits = "".join(filter(str.isdecimal, disk.get("Capacity", "")))[:_MOST_DIGITS] or "0"
    capacity = int(digits) * 2**30
    usage = capacity // 80
    status = {"Capacity": capacity, "Usage": usage, "Available": capacity - usage}
    return {**disk, "Status": {**status, **disk.get("Status", {})}}


def _snapshots(instance: Instance, now: datetime) -> JsonObject:
    """The environments that were saved, or are being saved."""
    snapshots = [_without(snapshot_view(each, now), _ONLY_SNAPSHOTS) for each in instance.snapshots]
    shown: JsonObject = {"InstanceSnapshotList": snapshots}
    return shown | {"LatestSnapshot": snapshots[-1]} if snapshots else shown


def snapshot_view(snapshot: JsonObject, now: datetime) -> JsonObject:
    """A snapshot as it stands: Committing, Pushing, then what it ends in; one of a fixture is Saved."""
    view = _without(snapshot, _COURSE)
    moment = time_text(now)
    pushed, ended = snapshot.get("PushedFrom", ""), snapshot.get("EndsAt", "")
    if moment < ended:
        begun = pushed if moment >= pushed else snapshot["GmtCreateTime"]
        status = "Pushing" if moment >= pushed else "Committing"
        return view | {"Status": status, "GmtModifiedTime": begun, "ReasonCode": "", "ReasonMessage": ""}
    return {"Status": "Saved", **view}


def _network(instance: Instance, *, running: bool) -> JsonObject:
    """Addresses and secrets, which are there while the instance runs."""
    region_id, number, vpc = instance.region_id, instance.number, instance.settings.get("UserVpc")
    shown: JsonObject = {"PodIps": []}
    if running:
        gateway = f"https://dsw-gateway-{region_id}.aliyun.com/dsw-{number}"
        shown = {
            "InstanceUrl": f"https://dsw-{region_id}.data.aliyun.com/notebook.htm?instance={number}#/",
            "JupyterlabUrl": f"{gateway}/lab/",
            "WebIDEUrl": f"{gateway}/ide/",
            "TerminalUrl": f"{gateway}/tty/",
            "PodIps": [{"InterfaceName": "eth0", "Ip": f"10.0.{number // 250 % 250}.{number % 250}", "Type": "IPv4"}],
            # The form of these four is assumed: a client must be seen to keep them to itself.
            "ServiceConfig": {
                "CodeServerAuth": "password",
                "CodeServerPassword": f"code-server-secret-{number}",
                "JupyterServerAuth": "password",
                "JupyterServerPassword": f"jupyter-secret-{number}",
            },
        }
    if vpc is not None:
        forwards = [_forward(instance, forward, running=running) for forward in vpc.get("ForwardInfos", [])]
        shown["UserVpc"] = {**vpc, "ForwardInfos": forwards}
        if running:
            shown["UserVpc"]["Ip"] = f"192.168.{number // 250 % 250}.{number % 250}"
    return shown


def _forward(instance: Instance, forward: JsonObject, *, running: bool) -> JsonObject:
    if not running:
        return forward
    port = forward.get("ForwardPort", "22")
    inner = f"{forward.get('ContainerName', 'dsw-notebook')}-{port}-{instance.number}.dsw.pai.alibaba.com"
    connect: dict[str, Any] = {
        "Phase": "Ready",
        "Message": "DNAT and privateZone are both ready.",
        "Intranet": {"Endpoint": inner, "Port": port},
        "Internet": {"Endpoint": "203.0.113.10", "Port": forward.get("ExternalPort", port)},
    }
    return {**forward, "ConnectInfo": connect}
