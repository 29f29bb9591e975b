"""The AIWorkSpace operations on images.

Documented: the parameters and defaults, that the conditions of `Labels` are combined with AND, that `Verbose` adds the
labels, `ExactMatchName`, that `Accessibility` filters custom images only, that `LabelKeys` and `LabelFilter` of
ListImageLabels work independently. Assumed: that a private image is seen by its creator and by administrators, that
`WorkspaceId` leaves the official images in, that names match without regard to case, and that a label passes
ListImageLabels if one of its two filters lets it through, and that an image that is being saved is there once it is.
"""

from typing import Final

from pai_emulator.call import Call
from pai_emulator.errors import image_not_found
from pai_emulator.instance_view import time_text
from pai_emulator.query import Query
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_SORT_FIELDS: Final = {"GmtCreateTime", "GmtModifiedTime"}
_OFFICIAL: Final = ("system.official", "true")


def list_images(world: World, call: Call) -> JsonObject:
    """ListImages."""
    query, region = Query(call), world.region(call.region_id)
    region.check_member(call, query.text("WorkspaceId"), "paiimage:ListImages")
    found = [
        image
        for image in _seen(world, call)
        if _is_named(image, query) and _is_placed(image, query) and _conditions(query, "Labels") <= _labels(image)
    ]
    page = query.page(default_size=20).cut(query.sort(found, _SORT_FIELDS))
    listed = [_shown(image, verbose=query.flag("Verbose")) for image in page]
    return {"Images": listed, "TotalCount": len(found)}


def get_image(world: World, call: Call) -> JsonObject:
    """GetImage."""
    image = _find(world, call, call.path["ImageId"])
    shown = _shown(image, verbose=Query(call).flag("Verbose"))
    del shown["ImageId"]
    return shown


def list_image_labels(world: World, call: Call) -> JsonObject:
    """ListImageLabels: each pair of key and value once, sorted."""
    query = Query(call)
    image_id = query.text("ImageId")
    images = _seen(world, call) if image_id is None else [_find(world, call, image_id)]
    keys, conditions = query.csv("LabelKeys"), _conditions(query, "LabelFilter")
    pairs = {
        pair
        for image in images
        if query.text("Region") in {None, call.region_id}
        and query.text("WorkspaceId") in {None, image.get("WorkspaceId")}
        for pair in _labels(image)
        if (not keys and not conditions) or pair[0] in keys or pair in conditions
    }
    labels = [{"Key": key, "Value": value} for key, value in sorted(pairs)]
    return {"Labels": labels, "TotalCount": len(labels)}


def _find(world: World, call: Call, image_id: str) -> JsonObject:
    for image in _seen(world, call):
        if image["ImageId"] == image_id:
            return image
    raise image_not_found(image_id)


def _seen(world: World, call: Call) -> list[JsonObject]:
    """The images that there are by now and that the user may know about, in the order in which they were added."""
    region, user, now = world.region(call.region_id), call.user, time_text(world.clock.now())
    workspace_ids = {None, *(workspace["WorkspaceId"] for workspace in region.member_of(user))}
    return [
        image
        for image in region.images.values()
        if image["GmtCreateTime"] <= now
        and image.get("WorkspaceId") in workspace_ids
        and (
            image["Accessibility"] == "PUBLIC"
            or image["UserId"] == user.user_id
            or region.permits(user, image.get("WorkspaceId"), "paiimage:PublishImage")
        )
    ]


def _is_named(image: JsonObject, query: Query) -> bool:
    name, text = (query.text("Name") or "").casefold(), (query.text("Query") or "").casefold()
    own = image["Name"].casefold()
    named = query.text("Name") == image["Name"] if query.text("Options") == "ExactMatchName" else name in own
    return named and (text in own or text in image["Description"].casefold())


def _is_placed(image: JsonObject, query: Query) -> bool:
    accessibility = query.choice("Accessibility", {"PUBLIC", "PRIVATE"})
    workspace_id, uri = query.text("WorkspaceId"), query.text("ImageUri")
    in_place = _OFFICIAL in _labels(image) or (
        accessibility in {None, image["Accessibility"]} and workspace_id in {None, image.get("WorkspaceId")}
    )
    return in_place and uri in {None, image["ImageUri"]}


def _conditions(query: Query, name: str) -> set[tuple[str, str]]:
    """`key=value` pairs that are separated by commas."""
    parts = [condition.partition("=") for condition in query.csv(name)]
    return {(key, value) for key, _, value in parts}


def _labels(image: JsonObject) -> set[tuple[str, str]]:
    return {(label["Key"], label["Value"]) for label in image["Labels"]}


def _shown(image: JsonObject, *, verbose: bool) -> JsonObject:
    return {**image, "Labels": image["Labels"] if verbose else []}
