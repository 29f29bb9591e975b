"""Axes of a test that take turns: every value of each is played, though not with every value of the others."""

from collections.abc import Iterator, Sequence
from typing import Any


def in_turns(first: Sequence[Any], *others: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """A row for each value of the first axis; each other axis moves on when the one before has taken all its turns."""
    for number, value in enumerate(first):
        row, turns = [value], number
        for other in others:
            turns, place = divmod(turns, len(other))
            row.append(other[place])
        yield tuple(row)
