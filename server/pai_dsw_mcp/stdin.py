"""The lines of stdin, each in bounded memory. Imports only the standard library: the front reads them too."""

import os
from typing import BinaryIO, Final

LONGEST: Final = 4 * 1024 * 1024
"""Bytes in a line; a call of any tool takes a few thousand."""


def take_stdin() -> BinaryIO:
    """Takes stdin for the protocol alone: any other reader, such as a child process, gets end-of-file.

    Never closed: a thread may still be blocked in a read when everything else has ended.
    """
    wire = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return os.fdopen(wire, "rb", closefd=False)


def read_line(wire: BinaryIO) -> bytes:
    """The next line, empty at the end. One that is too long is cut just beyond the limit; the rest is dropped."""
    line = rest = wire.readline(LONGEST + 1)
    while len(line) > LONGEST and rest and not rest.endswith(b"\n"):
        rest = wire.readline(LONGEST)
    return line
