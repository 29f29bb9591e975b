"""The programs that tests start: forked ones where `pytest` has made them, else the installed ones."""

import os
import sys
from pathlib import Path
from typing import Final

from tests.support.forking import VARIABLE

INSTALLED: Final = Path(sys.executable).parent
"""For tests that look at the process itself, or at how it starts."""
BIN: Final = Path(os.environ.get(VARIABLE, INSTALLED))
PYTHON: Final = str(BIN / "python")
"""Forks what `-m` names."""
