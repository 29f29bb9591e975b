"""Discards what was typed before a question was shown, so that it does not answer the question."""

import sys
from typing import Final, TextIO

from pai_dsw_mcp.errors import RefusedError

if sys.platform == "win32":
    import msvcrt

    def discard_typed_ahead(stdin: TextIO) -> None:  # noqa: ARG001  # a process has one console
        """Empties the input of the console."""
        while msvcrt.kbhit():
            msvcrt.getwch()

else:
    import select
    import termios

    _QUIET: Final = 0.1

    def discard_typed_ahead(stdin: TextIO) -> None:
        """Empties the input of the terminal until nothing more arrives.

        Raises:
            RefusedError: This terminal cannot do that.
        """
        try:
            # A long paste arrives in portions: the next one comes only when there is room again.
            is_arriving = True
            while is_arriving:
                termios.tcflush(stdin, termios.TCIFLUSH)
                is_arriving = bool(select.select([stdin], [], [], _QUIET)[0])
            # An unfinished line is not reported as readable, yet it is in the buffer.
            termios.tcflush(stdin, termios.TCIFLUSH)
        except (OSError, termios.error):
            raise RefusedError("terminal_unsafe") from None
