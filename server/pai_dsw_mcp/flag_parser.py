"""A parser of flags that tells a mistake in one sentence, with what was probably meant."""

import argparse
import difflib
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NoReturn

PREFIX: Final = "PAI_DSW_MCP_"
"""Of the variables that stand for flags."""


class FlagParser(argparse.ArgumentParser):
    """Without the whole usage, which buries the mistake."""

    def error(self, message: str) -> NoReturn:
        """Exits with code 2.

        Raises:
            SystemExit: Always.
        """
        sys.stderr.write(f"{self.prog}: error: {message}\nSee `{self.prog} --help`.\n")
        raise SystemExit(2)

    def refuse_unknown_flags(self, arguments: Sequence[str], flags: Iterable[argparse.Action]) -> None:
        """Names the nearest flag. No value begins with two hyphens, so whatever does is meant as a flag."""
        known = ["--help", "--version", *(option for flag in flags for option in flag.option_strings)]
        for name in (each.partition("=")[0] for each in arguments if each.startswith("--")):
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                self.error(
                    "".join([f"{name} is not a flag of this program", *(f"; the nearest is {each}" for each in near)])
                )

    def refuse_unknown_variables(self, environ: Mapping[str, str], known: Sequence[str]) -> None:
        """A misspelt READ_ONLY would otherwise be a server that writes."""
        for name in environ:
            if name.upper().replace("-", "_").startswith(PREFIX.rstrip("_")) and name not in known:
                (nearest,) = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.0)
                self.error(f"{name} is not a variable of this program; the nearest is {nearest}")
