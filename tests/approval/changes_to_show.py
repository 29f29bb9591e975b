"""Changes that the approval's tests show to people: real in shape and size."""

from datetime import datetime, timedelta, timezone

from pai_dsw_mcp.model.catalogue import Dataset, EcsSpec, Image
from pai_dsw_mcp.model.change import Change, Origin, Parameter, Price, Sentence
from pai_dsw_mcp.model.instance import Label
from pai_dsw_mcp.tools._auto_stop import AutoStop
from pai_dsw_mcp.tools._meanings import meaning_of_dataset, meaning_of_image, meaning_of_spec
from pai_dsw_mcp.tools._stop_rules import NO_RULES, Place, planned

IMAGE_URL = "dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1.26.0-pytorch2.6.0-gpu-py311-cu124-ubuntu22.04"

IMAGE = Image(
    image_id="image-57e6f43bce6c9dace8",
    name="modelscope:1.26.0-pytorch2.6.0-gpu-py311-cu124-ubuntu22.04",
    image_uri=IMAGE_URL,
    labels=(Label(key="system.chipType", value="GPU"), Label(key="system.framework.PyTorch", value="2.6.0")),
)
ONE_A10 = EcsSpec(
    instance_type="ecs.gn7i-c8g1.2xlarge",
    accelerator_type="GPU",
    cpu=8,
    memory=30,
    gpu=1,
    gpu_type="A10",
    gpu_memory=24,
    is_available=True,
)
TWO_A10 = ONE_A10.model_copy(
    update={"instance_type": "ecs.gn7i-c32g1.16xlarge", "cpu": 64, "memory": 376, "gpu": 2, "gpu_memory": 48}
)
STREETS = Dataset(dataset_id="d-rcdg3wxyz7kq", name="street_scenes", data_source_type="OSS")
ORIGIN = Origin(account="10****21", credentials="default/env", client="Claude Code 2.1.285", is_emulator=True)


def create_a10() -> Change:
    """An A10 notebook in Hangzhou whose name is to be typed back, as with `--cost-line 5`."""
    return Change(
        action="create_instance",
        region_id="cn-hangzhou",
        target_name="llm_finetune_a10",
        workspace_id="84217",
        workspace_name="vision_team",
        parameters=(
            Parameter(name="RegionId", value="cn-hangzhou"),
            Parameter(name="WorkspaceId", value="84217"),
            Parameter(name="InstanceName", value="llm_finetune_a10"),
            Parameter(name="EcsSpec", value="ecs.gn7i-c8g1.2xlarge"),
            Parameter(name="ImageId", value=IMAGE.image_id),
            Parameter(name="Datasets", value=(("d-rcdg3wxyz7kq", "/mnt/data", "RW"),)),
            Parameter(name="Labels", value=(("team", "vision"),)),
            Parameter(name="Accessibility", value="PRIVATE", is_default=True),
        ),
        meanings={
            ONE_A10.instance_type: meaning_of_spec(ONE_A10),
            IMAGE.image_id: meaning_of_image(IMAGE),
            STREETS.dataset_id: meaning_of_dataset(STREETS),
        },
        origin=ORIGIN,
        price=Price(hourly=9.53, currency="CNY"),
        warnings=(
            Sentence(key="warn_dataset_read_write", values={"dataset": "street_scenes (d-rcdg3wxyz7kq)"}),
            Sentence(key="warn_charged_until_stopped"),
        ),
        typed_name="llm_finetune_a10",
        fingerprint="seen-1",
    )


def create_in_the_readme() -> Change:
    """The A10 notebook as a server with default settings asks for it: a click is enough at this price."""
    return create_a10().model_copy(update={"typed_name": None})


def create_cpu() -> Change:
    """A small machine that a click is enough for."""
    return Change(
        action="create_instance",
        region_id="cn-hangzhou",
        target_name="notes",
        workspace_id="84217",
        parameters=(Parameter(name="EcsSpec", value="ecs.c7.large"),),
        price=Price(hourly=0.62, currency="CNY"),
        fingerprint="seen-1",
    )


def create_that_stops_itself() -> Change:
    """A small notebook, of which the same yes also covers a timer and an idle rule."""
    create = create_cpu()
    due = datetime(2026, 11, 28, 18, tzinfo=timezone(timedelta(hours=8)))
    plan = planned(AutoStop(idle_minutes=60, stop_at=due), create.target_name, "CPU", NO_RULES)
    assert plan is not None
    place = Place(create.region_id, create.target_name, create.workspace_id, create.workspace_name)
    return create.model_copy(update={"then": (plan.change(place, NO_RULES),)})


def update_to_larger() -> Change:
    """A running instance gets a larger machine."""
    return Change(
        action="update_instance",
        region_id="cn-shanghai",
        target_name="llm_finetune_a10",
        target_id="dsw-7k2m9p4q8r",
        workspace_id="84217",
        workspace_name="vision_team",
        parameters=(
            Parameter(name="RegionId", value="cn-shanghai"),
            Parameter(name="InstanceId", value="dsw-7k2m9p4q8r"),
            Parameter(name="InstanceName", value="llm_finetune_2xa10", before="llm_finetune_a10"),
            Parameter(name="EcsSpec", value="ecs.gn7i-c32g1.16xlarge", before="ecs.gn7i-c8g1.2xlarge"),
            Parameter(name="StartInstance", value="true"),
        ),
        meanings={each.instance_type: meaning_of_spec(each) for each in (ONE_A10, TWO_A10)},
        origin=ORIGIN,
        price=Price(hourly=26.61, currency="CNY"),
        price_before=Price(hourly=9.53, currency="CNY"),
        warnings=(Sentence(key="warn_charged_until_stopped"),),
        typed_name="llm_finetune_a10",
        fingerprint="seen-1",
    )


def share() -> Change:
    """A running instance becomes visible to others; its price stays."""
    return Change(
        action="update_instance",
        region_id="cn-shanghai",
        target_name="llm_finetune_a10",
        target_id="dsw-7k2m9p4q8r",
        workspace_id="84217",
        workspace_name="vision_team",
        parameters=(
            Parameter(name="RegionId", value="cn-shanghai"),
            Parameter(name="InstanceId", value="dsw-7k2m9p4q8r"),
            Parameter(name="Accessibility", value="PUBLIC", before="PRIVATE"),
        ),
        origin=ORIGIN.model_copy(update={"is_emulator": False}),
        price=Price(hourly=9.53, currency="CNY"),
        price_before=Price(hourly=9.53, currency="CNY"),
        warnings=(
            Sentence(key="warn_public", values={"workspace_name": "vision_team"}),
            Sentence(key="warn_update_restarts", values={"instance_name": "llm_finetune_a10"}),
        ),
        typed_name="llm_finetune_a10",
        fingerprint="seen-1",
    )


def _on_the_machine(change: Change) -> Change:
    return change.model_copy(
        update={
            "region_id": "cn-shanghai",
            "target_name": "llm_finetune_a10",
            "target_id": "dsw-7k2m9p4q8r",
            "workspace_id": "84217",
            "workspace_name": "vision_team",
            "parameters": (
                Parameter(name="RegionId", value="cn-shanghai"),
                Parameter(name="InstanceId", value="dsw-7k2m9p4q8r"),
            ),
            "kept": (
                Parameter(name="EcsSpec", value=ONE_A10.instance_type),
                Parameter(name="ImageId", value=IMAGE.image_id),
            ),
            "meanings": {
                ONE_A10.instance_type: meaning_of_spec(ONE_A10),
                IMAGE.image_id: meaning_of_image(IMAGE),
            },
            "origin": ORIGIN,
        }
    )


def start() -> Change:
    """Charges begin."""
    return _on_the_machine(
        Change(
            action="start_instance",
            region_id="",
            target_name="",
            price=Price(hourly=9.53, currency="CNY"),
            warnings=(Sentence(key="warn_charged_until_stopped"),),
            fingerprint="seen-1",
        )
    )


def stop() -> Change:
    """Costs nothing and may lose work."""
    return _on_the_machine(
        Change(
            action="stop_instance",
            region_id="",
            target_name="",
            warnings=(
                Sentence(key="warn_stop_loses_work", values={"instance_name": "llm_finetune_a10"}),
                Sentence(key="warn_stop_running_for", values={"duration": "3000"}),
                Sentence(key="warn_stop_charges_end", values={"hourly": "9.53", "currency": "CNY"}),
                Sentence(key="warn_stopped_disk_15_days"),
            ),
            typed_name="llm_finetune_a10",
            fingerprint="seen-1",
        )
    )


def stop_several() -> Change:
    """Three stops under one yes."""
    stops = tuple(
        stop().model_copy(
            update={"target_id": f"dsw-0000000{number}", "target_name": f"forgotten_{number}", "warnings": ()}
        )
        for number in range(1, 4)
    )
    names = ", ".join(each.target_name for each in stops)
    return stop().model_copy(
        update={
            "action": "stop_instances",
            "target_id": None,
            "target_name": names,
            "typed_name": None,
            "parameters": (),
            "kept": (),
            "then": stops,
        }
    )
