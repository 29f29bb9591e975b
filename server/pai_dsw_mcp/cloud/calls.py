"""Everything that needs the vendor's modules, in one class, so that one import loads it all."""

from pai_dsw_mcp.cloud.reads_images import ImageReads
from pai_dsw_mcp.cloud.reads_instances import InstanceReads
from pai_dsw_mcp.cloud.reads_workspaces import WorkspaceReads
from pai_dsw_mcp.cloud.sending import Sending


class Calls(InstanceReads, WorkspaceReads, ImageReads, Sending):
    """Every operation that the project uses."""
