"""Which release this is, read from the installed package once."""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("pai-dsw-mcp")
