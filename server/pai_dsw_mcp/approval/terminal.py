"""The terminal channel: `pai-dsw-mcp approve` shows what waits and asks for each.

Input and output must be a terminal, so that a pipe or a script does not answer for a person by accident. A program
that opens a pseudo-terminal still can: whoever may run commands as this user may decide as this user.
"""

import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, TextIO

from rich.cells import chop_cells

from pai_dsw_mcp.approval.decision import Decision, judge
from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.plain_text import as_plain_text
from pai_dsw_mcp.approval.quoting import left_to_right, visible
from pai_dsw_mcp.approval.type_ahead import discard_typed_ahead
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.journal.errors import AlreadyDecidedError
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.texts.render import render, say
from pai_dsw_mcp.texts.text import Language

_WORDS: Final = {"yes": "approve", "是": "approve", "n": "reject", "no": "reject", "否": "reject", "": "later"}
_ELSEWHERE: Final = frozenset({"form", "http_page", "second_person"})
"""Where a question can be answered only there: over HTTP, whoever has this terminal is not whoever asks."""
_INDENT: Final = "    "
_NARROWEST: Final = 20
_USUAL: Final = 80


async def run(
    journal: Journal,
    language: Language,
    *,
    stdin: TextIO | None = None,
    stdout: TextIO | None = None,
    stderr: TextIO | None = None,
) -> int:
    """Asks about everything that waits, oldest first; what is skipped keeps waiting.

    Returns the exit code: 0 well, 1 journal or terminal failed, 2 there is no terminal.
    """
    console = Console(stdin or sys.stdin, stdout or sys.stdout, language)
    complaints = stderr or sys.stderr
    if not console.is_terminal():
        complaints.write(say("terminal_needed", language) + "\n")
        return 2
    try:
        with interruptible():
            await _ask_for_each(journal, console)
    except (EOFError, KeyboardInterrupt):
        console.say("terminal_left")
    except PaiDswError as failure:
        complaints.write(render(failure.sentence, language) + "\n")
        return 1
    return 0


class Console:
    """Lines to and from a person."""

    def __init__(self, stdin: TextIO, stdout: TextIO, language: Language) -> None:
        self._stdin = stdin
        self._stdout = stdout
        self.language: Language = language

    def is_terminal(self) -> bool:
        return self._stdin.isatty() and self._stdout.isatty()

    def write(self, text: str) -> None:
        self._stdout.write(text + "\n\n")

    def say(self, key: str, **values: object) -> None:
        self.write(say(key, self.language, **values))

    def show(self, text: str) -> None:
        """Each line in full. A long line is continued with an indent, so that it cannot pass for a line of its own."""
        try:
            columns = os.get_terminal_size(self._stdout.fileno()).columns
        except OSError:
            columns = 0
        width = max(columns or _USUAL, _NARROWEST) - len(_INDENT)
        self.write("\n".join(f"\n{_INDENT}".join(chop_cells(line, width)) for line in text.splitlines()))

    def ask(self, key: str, **values: object) -> str:
        """One line, without its end; what was typed before the question is discarded.

        Raises:
            EOFError: The person closed the input.
            RefusedError: This terminal cannot discard what was typed before.
        """
        self._stdout.flush()
        discard_typed_ahead(self._stdin)
        self._stdout.write(say(key, self.language, **values) + " ")
        self._stdout.flush()
        line = self._stdin.readline()
        if not line:
            self._stdout.write("\n")
            raise EOFError
        return line.rstrip("\r\n")


async def _ask_for_each(journal: Journal, console: Console) -> None:
    found = await journal.waiting()
    waiting = [each for each in found if each.channel not in _ELSEWHERE]
    console.say("terminal_waiting" if waiting else "terminal_nothing", count=len(waiting))
    if len(waiting) < len(found):
        console.say("terminal_elsewhere", count=len(found) - len(waiting))
    for approval in waiting:
        text = describe(approval.reference, approval.change, console.language, expires_at=approval.expires_at)
        console.show(as_plain_text(text))
        decision = _ask(console, approval)
        if decision is None:
            console.say("terminal_later")
            continue
        try:
            decided = await journal.decide(
                approval.approval_id,
                approve=decision.approve,
                channel="terminal",
                feedback=decision.feedback,
                left_out=decision.left_out,
            )
        except AlreadyDecidedError as refusal:
            console.say(f"page_{refusal.approval.state}")
            if decision.feedback:
                why = say(f"page_{refusal.approval.state}_text", console.language)
                console.say("page_late_words", why=why)
            continue
        console.say(f"page_now_{decided.state}")
        console.say(f"page_now_{decided.state}_text")


def _ask(console: Console, approval: Approval) -> Decision | None:
    """The answer to one change; None where it is put off."""
    while True:
        word = _WORDS.get(console.ask("terminal_question").strip().lower())
        if word == "later":
            return None
        if word is None:
            console.say("terminal_not_understood")
            continue
        name = feedback = leave_out = None
        kind = approval.change.name_kind
        if word == "reject":
            feedback = console.ask("terminal_feedback")
        elif kind is not None:
            if kind == "count":
                key = "terminal_by_name" if approval.change.names_are_unique else "terminal_by_id"
                leave_out = console.ask("terminal_leave_out", names=say(key, console.language))
            shown = left_to_right(visible(approval.change.typed_name or ""))
            name = console.ask(f"terminal_{kind}", instance_name=shown)
        decision = judge(approval.change, decision=word, instance_name=name, feedback=feedback, leave_out=leave_out)
        if decision.problem is None:
            return decision
        for each in decision.why:
            console.write(render(each, console.language))


@contextmanager
def interruptible() -> Generator[None]:
    """Lets Ctrl-C end a blocked read: the event loop's own handler would wait for the line to be finished."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
