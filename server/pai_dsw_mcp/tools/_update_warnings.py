"""What a person is told of an update, besides the values themselves."""

from collections.abc import Mapping

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.model.catalogue import Dataset, EcsSpec, Image
from pai_dsw_mcp.model.change import Sentence
from pai_dsw_mcp.model.instance import Instance, InstanceChanges, SpotSpec
from pai_dsw_mcp.tools._advanced import advanced_warnings, check_spot, known_spot_warnings, limit_warnings
from pai_dsw_mcp.tools._checks import check_datasets, check_image, chip_warnings, price_of, price_warnings
from pai_dsw_mcp.tools._differences import NOT_SHOWN, REMOVED_UNSEEN
from pai_dsw_mcp.tools._meanings import image_in_time
from pai_dsw_mcp.tools._quota_wish import Terms


def update_warnings(
    instance: Instance,
    changes: InstanceChanges,
    after: EcsSpec | None,
    image: Image | None,
    datasets: Mapping[str, Dataset],
    terms: Terms | None,
    known_spot: SpotSpec | None,
) -> tuple[Sentence, ...]:
    """Everything to mind. `after` is the spec that it will have, `known_spot` how it stays spot.

    Raises:
        RefusedError: The service could not do it.
    """
    warnings = _of_machine(instance, changes, after, image, known_spot)
    if changes.datasets is not None or changes.disassociate_datasets:
        warnings.extend(check_datasets(datasets, instance.workspace_id, changes.datasets or ()))
        warnings.append(Sentence(key="warn_datasets_replaced"))
    if changes.accessibility == "PUBLIC":
        shown = instance.workspace_name or instance.workspace_id or "-"
        warnings.append(Sentence(key="warn_public", values={"workspace_name": shown}))
    if instance.status == "Running":
        warnings.append(Sentence(key="warn_update_restarts", values={"instance_name": instance.instance_name}))
    warnings.extend(advanced_warnings(changes, instance.accelerator_type))
    unseen = (name for name in sorted(NOT_SHOWN | REMOVED_UNSEEN) if getattr(changes, name) is not None)
    warnings.extend(Sentence(key=f"warn_unseen_{name}") for name in unseen)
    if terms is not None:
        warnings.extend(terms.warnings())
    elif changes.start_instance:
        warnings.append(Sentence(key="warn_charged_until_stopped"))
    return tuple(warnings)


def _of_machine(
    instance: Instance,
    changes: InstanceChanges,
    after: EcsSpec | None,
    image: Image | None,
    known_spot: SpotSpec | None,
) -> list[Sentence]:
    """What is to mind of spec, image and spot."""
    warnings: list[Sentence] = []
    check_spot(changes.spot_spec, after)
    image_id, image_url = image_of(instance, changes)
    if changes_machine(changes) and (image_id or image_url):
        kind = after.accelerator_type if after else instance.accelerator_type
        warnings.extend(check_image(image, image_url, kind, changes.ecs_spec or instance.ecs_spec))
    if changes.ecs_spec:
        warnings.extend(price_warnings(price_of(after, None), changes.ecs_spec))
        warnings.extend(limit_warnings(known_spot, after))
    if changes.start_instance or changes.ecs_spec:
        warnings.extend(known_spot_warnings(known_spot, after))
    return warnings


async def kept_image_warnings(cloud: Cloud, instance: Instance, changes: InstanceChanges) -> tuple[Sentence, ...]:
    """What to mind of the image at a start that changes neither image nor compute."""
    if not changes.start_instance or changes_machine(changes):
        return ()
    return chip_warnings(await image_in_time(cloud, instance), instance)


def changes_machine(changes: InstanceChanges) -> bool:
    """Whether image or compute change, so that both have to be checked against each other."""
    return any((changes.ecs_spec, changes.requested_resource, changes.image_id, changes.image_url))


def image_of(instance: Instance, changes: InstanceChanges) -> tuple[str | None, str | None]:
    """Id and address of the image that an instance will have."""
    if changes.image_id is None and changes.image_url is None:
        return instance.image_id, instance.image_url
    return changes.image_id, changes.image_url
