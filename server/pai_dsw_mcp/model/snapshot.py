"""An environment of an instance that is saved as an image."""

from pai_dsw_mcp.model.instance import Label
from pai_dsw_mcp.model.value import Text, Value


class Snapshot(Value):
    """What ListInstanceSnapshot says of a snapshot. Its image can be used once its status is Saved."""

    snapshot_id: str
    snapshot_name: str
    status: str
    image_id: Text = None
    image_url: Text = None
    reason_code: Text = None
    reason_message: Text = None
    exclude_paths: tuple[str, ...] = ()
    created_at: Text = None
    modified_at: Text = None


class NewSnapshot(Value):
    """What CreateInstanceSnapshot is sent. `image_url` is where the image will be; nothing there is overwritten."""

    snapshot_name: str
    image_url: str
    exclude_paths: tuple[str, ...] = ()


class StopOptions(Value):
    """What StopInstance is sent."""

    save_image: bool | None = None


class ChangedLabels(Value):
    """What UpdateInstanceLabels is sent."""

    labels: tuple[Label, ...]


class RemovedLabels(Value):
    """What DeleteInstanceLabels is sent: keys with commas between them."""

    label_keys: str
