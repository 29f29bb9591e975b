"""A parser of flags that tells a mistake in one sentence, with what was probably meant."""

import argparse
import difflib
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NoReturn

from pai_dsw_mcp import flag_values

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

    def answer_first(self, arguments: Sequence[str]) -> None:
        """Answers --help and --version, whatever else is wrong: the error of a variable points to --help.

        Raises:
            SystemExit: With code 0, where one of them is asked for.
        """
        asked = [each for each in arguments if each in {"-h", "--help", "-V", "--version"}]
        if asked:
            self.parse_args(asked[:1])

    def refuse_unknown_flags(self, arguments: Sequence[str], flags: Iterable[argparse.Action]) -> None:
        """Names the nearest flag. No value begins with two hyphens, so whatever does is meant as a flag."""
        known = ["--help", "--version", *(option for flag in flags for option in flag.option_strings)]
        for name in (each.partition("=")[0] for each in arguments if each.startswith("--")):
            if name not in known:
                # Without the hyphens, which all have: they would make any two alike.
                bare = {each.removeprefix("--"): each for each in known}
                near = [bare[each] for each in difflib.get_close_matches(name.removeprefix("--"), bare, n=1)]
                self.error(
                    "".join([f"{name} is not a flag of this program", *(f"; the nearest is {each}" for each in near)])
                )

    def refuse_unknown_variables(self, environ: Mapping[str, str], known: Sequence[str]) -> None:
        """A misspelt READ_ONLY would otherwise be a server that writes."""
        for name in environ:
            if name.upper().replace("-", "_").startswith(PREFIX.rstrip("_")) and name not in known:
                (nearest,) = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.0)
                self.error(f"{name} is not a variable of this program; the nearest is {nearest}")


def variable_of(flag: argparse.Action) -> str:
    """The variable that stands for this flag."""
    return PREFIX + flag.option_strings[0].removeprefix("--").upper().replace("-", "_")


def from_environment(
    parser: argparse.ArgumentParser, flags: Sequence[argparse.Action], environ: Mapping[str, str]
) -> list[str]:
    """The environment as equivalent arguments, so that both are checked by the same rules."""
    arguments: list[str] = []
    for flag in flags:
        option, value = flag.option_strings[0], environ.get(variable_of(flag))
        if not value:
            continue  # clients set the variable of a setting that nobody filled in to nothing
        if isinstance(flag, argparse.BooleanOptionalAction):
            try:
                truth = flag_values.truth(value)
            except argparse.ArgumentTypeError as error:
                parser.error(f"{variable_of(flag)}: {error}")
            arguments.append(option if truth else f"--no-{option.removeprefix('--')}")
        else:
            arguments.append(f"{option}={value}")
    return arguments
