"""Changes that the approval's tests show to people: real in shape and size."""

from pai_dsw_mcp.model.change import Change, Parameter, Price, Sentence

IMAGE_URL = "dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1.26.0-pytorch2.6.0-gpu-py311-cu124-ubuntu22.04"


def create_a10() -> Change:
    """An A10 notebook in Hangzhou whose name is to be typed back."""
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
            Parameter(name="ImageUrl", value=IMAGE_URL),
            Parameter(name="Datasets", value=(("d-rcdg3wxyz7kq", "/mnt/data", "RW"),)),
            Parameter(name="Labels", value=(("team", "vision"),)),
            Parameter(name="Accessibility", value="PRIVATE", is_default=True),
        ),
        price=Price(hourly=9.53, currency="CNY"),
        warnings=(
            Sentence(key="warn_dataset_read_write", values={"dataset": "street_scenes (d-rcdg3wxyz7kq)"}),
            Sentence(key="warn_charged_until_stopped"),
        ),
        typed_name="llm_finetune_a10",
        fingerprint="seen-1",
    )


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
        price=Price(hourly=26.61, currency="CNY"),
        price_before=Price(hourly=9.53, currency="CNY"),
        warnings=(
            Sentence(key="warn_update_restarts", values={"instance_name": "llm_finetune_a10"}),
            Sentence(key="warn_charged_until_stopped"),
        ),
        typed_name="llm_finetune_a10",
        fingerprint="seen-1",
    )


def stop() -> Change:
    """Costs nothing and may lose work."""
    return Change(
        action="stop_instance",
        region_id="cn-shanghai",
        target_name="llm_finetune_a10",
        target_id="dsw-7k2m9p4q8r",
        workspace_id="84217",
        workspace_name="vision_team",
        parameters=(
            Parameter(name="RegionId", value="cn-shanghai"),
            Parameter(name="InstanceId", value="dsw-7k2m9p4q8r"),
        ),
        warnings=(
            Sentence(key="warn_stop_loses_work", values={"instance_name": "llm_finetune_a10"}),
            Sentence(key="warn_stop_running_for", values={"hours": "6.5"}),
            Sentence(key="warn_stopped_disk_15_days"),
        ),
        typed_name="llm_finetune_a10",
        fingerprint="seen-1",
    )
