"""A machine that has run out of open files."""

import resource
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def no_more_files() -> Generator[None]:
    """Nothing in this process can open a file or a socket within the block; what is open stays so."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # A new descriptor must have a lower number, and these three are taken.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
