"""Axes of a test that take turns: every value of each is played, though not with every value of the others."""

from collections.abc import Sequence
from typing import Any


def in_turns(first: Sequence[Any], *others: Sequence[Any]) -> list[tuple[Any, ...]]:
    """A row for each value of the first axis; each other axis moves on when the one before has taken all its turns."""
    rows: list[tuple[Any, ...]] = []
    for number, value in enumerate(first):
        row, turns = [value], number
        for other in others:
            turns, place = divmod(turns, len(other))
            row.append(other[place])
        rows.append(tuple(row))
    return rows
