"""A row of the table: what was measured, beside what it is compared with, and whether it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

COLUMNS = ("what", "measured", "reference", "compared", "limit", "holds")


@dataclass(frozen=True, slots=True)
class Row:
    """Texts as they are printed. `holds` is None for a number without a promise, which is there to be known."""

    what: str
    measured: str
    reference: str
    compared: str
    limit: str
    holds: bool | None

    def cells(self) -> tuple[str, ...]:
        """In the order of `COLUMNS`."""
        verdict = {True: "yes", False: "NO", None: "-"}[self.holds]
        return (self.what, self.measured, self.reference, self.compared, self.limit, verdict)


def paired(what: str, ours: Sequence[float], theirs: Sequence[float], unit: str, limit: float | None) -> Row:
    """The median of the ratios of neighbours, with the quartiles of the ratios as a measure of the machine's noise."""
    ratios = sorted(our / their for our, their in zip(ours, theirs, strict=True))
    middle, low, high = median(ratios), ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
    compared = f"{middle:.2f}x [{low:.2f}-{high:.2f}]"
    measured, reference = (in_unit(median(values), unit) for values in (ours, theirs))
    if limit is None:
        return Row(what, measured, reference, compared, "-", None)
    return Row(what, measured, reference, compared, f"{limit:.2f}x", middle <= limit)


def absolute(what: str, values: Sequence[float], reference: str, unit: str, limit: float | None) -> Row:
    """The median of some runs against a limit of its own, with the range of the runs."""
    middle = median(values)
    measured = in_unit(middle, unit)
    compared = f"[{_number(min(values))}-{_number(max(values))}]" if len(values) > 1 else ""
    if limit is None:
        return Row(what, measured, reference, compared, "-", None)
    return Row(what, measured, reference, compared, f"{limit:,g} {unit}", middle <= limit)


def in_unit(value: float, unit: str) -> str:
    """A number with the digits that mean something, and its unit."""
    return f"{_number(value)} {unit}"


def _number(value: float) -> str:
    digits = 2 if value < 10 else 1 if value < 1000 else 0
    return f"{value:,.{digits}f}"


def table(rows: Sequence[Row]) -> str:
    """The rows under their headings, in columns."""
    cells = [COLUMNS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
