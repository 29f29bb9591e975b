"""How the demo looks: good on a terminal, plain when it is piped."""

import json
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.rule import Rule
from rich.text import Text

from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language

Show: TypeAlias = Callable[[float, float | None, str | None], None]

_WIDEST: Final = 110


class Stage:
    """Writes the conversation to stdout."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._console = Console(file=sys.stdout, highlight=False, soft_wrap=not sys.stdout.isatty())
        if self._console.is_terminal and self._console.width > _WIDEST:
            self._console.width = _WIDEST

    def _say(self, key: str, **values: object) -> str:
        return say(key, self._language, **values)

    def opening(self) -> None:
        """The title, and what is real about it."""
        self._console.print(Rule(Text("pai-dsw-mcp demo", style="bold")))
        self._console.print(Text(self._say("demo_opening"), style="dim"))

    def says(self, key: str) -> None:
        """The person says something."""
        self._console.print()
        self._console.print(Text.assemble((self._say("demo_person"), "bold cyan"), "  ", self._say(key)))

    def says_aside(self, key: str) -> None:
        """A remark of the demo itself."""
        self._console.print()
        self._console.print(Text(self._say(key), style="dim"))

    def call(self, tool: str, arguments: Mapping[str, Any]) -> None:
        """The assistant calls a tool."""
        shown = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items())
        self._console.print()
        self._console.print(
            Text.assemble((self._say("demo_assistant"), "bold magenta"), "  ", (tool, "bold"), f"({shown})")
        )

    def answer(self, text: str, lines: int) -> None:
        """What came back, cut to its first lines."""
        rows = [row for row in text.splitlines() if row.strip()]
        for row in rows[:lines]:
            self._console.print(Text(f"  {row}", style="dim", overflow="ellipsis", no_wrap=self._console.is_terminal))
        if len(rows) > lines:
            self._console.print(Text(f"  {self._say('demo_more', count=len(rows) - lines)}", style="dim italic"))

    def form(self, question: str, *, name: str | None) -> None:
        """The form that the person is shown, and their answer."""
        self._asked(self._say("demo_form"), question, name)

    def page(self, url: str, lines: Sequence[str], *, name: str | None) -> None:
        """The page that the person opens, and their answer."""
        self.says_aside("demo_page")
        self._asked(url, "\n".join(lines), name)

    def _asked(self, title: str, question: str, name: str | None) -> None:
        typed = self._say("demo_typed", name=name) if name else ""
        if self._console.is_terminal:
            self._console.print(Panel(Text(question), title=title, border_style="yellow", padding=(1, 2)))
        else:
            self._console.print(Text(question))
        self._console.print(
            Text.assemble((self._say("demo_person"), "bold cyan"), "  ", (self._say("demo_yes"), "bold green"), typed)
        )

    @contextmanager
    def waiting(self, tool: str) -> Generator[Show]:
        """A bar for a call that reports progress; nothing at all for one that does not."""
        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        task = bar.add_task(tool, total=None, visible=False)

        def show(done: float, total: float | None, message: str | None) -> None:
            bar.update(task, completed=done, total=total, description=f"  {message or tool}", visible=True)

        with bar:
            yield show

    def bill(self, *, seconds: float, hourly: float, currency: str) -> None:
        """What the notebook cost."""
        cost, minutes = f"{seconds / 3600 * hourly:.2f}", f"{seconds / 60:.1f}"
        line = self._say("demo_bill", minutes=minutes, cost=cost, currency=currency, hourly=f"{hourly:.2f}")
        self._console.print(Text(f"  {line}", style="bold"))

    def account(self, *, writes: int, approvals: int, requests: Sequence[str]) -> None:
        """The emulator's own account of what it was sent."""
        self._console.print()
        self._console.print(Rule())
        line = self._say("demo_account", writes=writes, approvals=approvals)
        agree = writes == approvals
        self._console.print(Text(line, style="bold green" if agree else "bold red"))
        self._console.print(Text(", ".join(requests), style="dim"))
