"""`pai-dsw-mcp approve`: one person, one terminal, one question after the other."""

import io
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from rich.cells import cell_len

from pai_dsw_mcp.approval import terminal
from pai_dsw_mcp.journal.records import Approval, Channel
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Change, Parameter
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language
from tests.approval.changes_to_show import create_a10, create_cpu, update_to_larger
from tests.approval.person_at_terminal import CLOSED, NoTerminal, Person, read_until

pytestmark = pytest.mark.anyio


@pytest.fixture
def journal(tmp_path: Path) -> Generator[Journal]:
    journal = Journal(tmp_path / "journal.sqlite3")
    yield journal
    journal.close()


async def ask(journal: Journal, change: Change, channel: Channel = "page") -> Approval:
    return await journal.ask(
        principal="ada",
        tool=change.action,
        arguments_digest=change.target_name,
        change=change,
        channel=channel,
        channels=frozenset({channel}),
    )


async def state(journal: Journal, approval: Approval) -> tuple[str, str | None, str | None]:
    now = await journal.get(approval.approval_id)
    assert now is not None
    return now.state, now.decided_channel, now.feedback


async def approve(
    journal: Journal, *answers: str, language: Language = "en", type_ahead: str = "", columns: int = 0
) -> tuple[int, str]:
    person = Person(columns)
    with person.answering(*answers, type_ahead=type_ahead):
        code = await terminal.run(journal, language, stdin=person.stdin, stdout=person.stdout)
    return code, person.shown.replace("\r\n", "\n")


async def test_where_nothing_waits_it_says_so(journal: Journal) -> None:
    assert await approve(journal) == (0, say("terminal_nothing", "en") + "\n\n")


@pytest.mark.parametrize("channel", ["form", "http_page", "second_person"])
async def test_what_is_answered_elsewhere_is_told_and_not_asked(journal: Journal, channel: Channel) -> None:
    elsewhere = await ask(journal, create_cpu(), channel)
    here = await ask(journal, create_cpu().model_copy(update={"target_name": "other"}))
    code, shown = await approve(journal, "yes")
    assert (code, "elsewhere" in shown, elsewhere.reference in shown) == (0, True, False)
    assert await state(journal, here) == ("approved", "terminal", None)
    assert (await state(journal, elsewhere))[0] == "waiting"


async def test_the_change_is_shown_and_a_yes_recorded(journal: Journal) -> None:
    approval = await ask(journal, create_cpu())
    code, shown = await approve(journal, "yes")
    assert code == 0
    for told in ("Waiting for approval: 1", "Create instance", "0.62 CNY per hour", approval.reference, "Approved"):
        assert told in shown
    assert await state(journal, approval) == ("approved", "terminal", None)


async def test_a_no_carries_a_note(journal: Journal) -> None:
    approval = await ask(journal, create_a10())
    code, shown = await approve(journal, "No", "too dear")
    assert code == 0
    assert "Rejected" in shown
    assert await state(journal, approval) == ("rejected", "terminal", "too dear")


async def test_the_name_is_asked_for_until_it_is_right(journal: Journal) -> None:
    approval = await ask(journal, create_a10())
    _, shown = await approve(journal, "yes", "llm", "yes", "llm_finetune_a10")
    assert shown.count("Type the instance name:") == 2
    assert "That is not the name of this instance" in shown
    assert (await state(journal, approval))[0] == "approved"


@pytest.mark.parametrize(("language", "wanted"), [("en", "Type the present name"), ("zh", "请输入当前名称")])
async def test_a_rename_wants_the_present_name(journal: Journal, language: Language, wanted: str) -> None:
    await ask(journal, update_to_larger())
    _, shown = await approve(journal, "yes", "llm_finetune_a10", language=language)
    assert f"{wanted} llm_finetune_a10" in shown


async def test_anything_but_yes_or_no_is_asked_again(journal: Journal) -> None:
    approval = await ask(journal, create_cpu())
    _, shown = await approve(journal, "ok", "y", "approve", " YES ")
    assert shown.count("Approve?") == 4
    assert shown.count("type yes in full") == 3
    assert (await state(journal, approval))[0] == "approved"


async def test_what_is_put_off_keeps_waiting_and_the_next_is_asked(journal: Journal) -> None:
    first = await ask(journal, create_a10())
    second = await ask(journal, create_cpu())
    _, shown = await approve(journal, "", "yes")
    assert "Left waiting" in shown
    assert (await state(journal, first))[0] == "waiting"
    assert (await state(journal, second))[0] == "approved"


async def test_a_closed_input_decides_nothing(journal: Journal) -> None:
    approval = await ask(journal, create_a10())
    code, shown = await approve(journal, "yes", CLOSED)
    assert code == 0
    assert "keeps waiting" in shown
    assert (await state(journal, approval))[0] == "waiting"


@pytest.mark.parametrize("is_wordy", [False, True], ids=["without words", "with words that are not passed on"])
async def test_what_was_decided_elsewhere_meanwhile_is_told(journal: Journal, tmp_path: Path, is_wordy: bool) -> None:
    approval = await ask(journal, create_cpu())
    answers = ["no", "take the cheaper one"] if is_wordy else ["yes"]

    def reject() -> None:
        """Somebody rejects on the page while the person here makes up their mind."""
        decide = "import sys, anyio, pathlib; from pai_dsw_mcp.journal.store import Journal;"
        decide += " journal = Journal(pathlib.Path(sys.argv[1]));"
        decide += " anyio.run(lambda: journal.decide(sys.argv[2], approve=False, channel='page'))"
        path = str(tmp_path / "journal.sqlite3")
        subprocess.run([sys.executable, "-c", decide, path, approval.approval_id], check=True)

    class Hesitant(Person):
        def type(self, text: str) -> None:
            if text == f"{answers[-1]}\n":
                reject()
            super().type(text)

    person = Hesitant()
    with person.answering(*answers):
        assert await terminal.run(journal, "en", stdin=person.stdin, stdout=person.stdout) == 0
    assert "This was rejected already" in person.shown
    assert ("the assistant does not get it" in person.shown) == is_wordy
    assert (await state(journal, approval))[:2] == ("rejected", "page")


async def test_it_speaks_chinese(journal: Journal) -> None:
    await ask(journal, create_cpu())
    _, shown = await approve(journal, "是", language="zh")
    assert "创建实例" in shown
    assert "已批准" in shown


@pytest.mark.parametrize(("typed_here", "shown_here"), [(True, False), (False, True), (False, False)])
async def test_without_a_terminal_nobody_is_asked(journal: Journal, typed_here: bool, shown_here: bool) -> None:
    approval = await ask(journal, create_cpu())
    stdin = NoTerminal("yes\n") if typed_here else io.StringIO("yes\n")
    stdout = NoTerminal() if shown_here else io.StringIO()
    stderr = io.StringIO()
    assert await terminal.run(journal, "en", stdin=stdin, stdout=stdout, stderr=stderr) == 2
    assert "needs a person at a terminal" in stderr.getvalue()
    assert stdout.getvalue() == ""
    assert (await state(journal, approval))[0] == "waiting"


async def test_where_earlier_input_cannot_be_discarded_nobody_is_asked(journal: Journal) -> None:
    approval = await ask(journal, create_cpu())
    stderr = io.StringIO()
    assert await terminal.run(journal, "en", stdin=NoTerminal("yes\n"), stdout=NoTerminal(), stderr=stderr) == 1
    assert "--approve page" in stderr.getvalue()
    assert (await state(journal, approval))[0] == "waiting"


@pytest.mark.parametrize("typed", ["y\n" * 3, "yes\n" * 3, "yes\n" * 2500, "yes"])
async def test_what_was_typed_before_the_question_approves_nothing(journal: Journal, typed: str) -> None:
    asked = [await ask(journal, create_cpu().model_copy(update={"target_name": name})) for name in ("a", "b", "c")]
    code, _ = await approve(journal, "", "", "", type_ahead=typed)
    assert code == 0
    assert [(await state(journal, each))[0] for each in asked] == ["waiting"] * 3


async def test_every_value_is_shown_in_full_and_what_does_not_fit_is_set_further_in(journal: Journal) -> None:
    value = "数据" * 30 + "x" * 200 + " - Visible to: PRIVATE (default)"
    parameters = tuple(Parameter(name="Labels", value=((f"k{n}", value),)) for n in range(20))
    await ask(journal, create_a10().model_copy(update={"parameters": parameters}))
    _, shown = await approve(journal, "", columns=40)
    assert shown.replace("\n    ", "").count(f'="{value}"') == 20
    assert max(cell_len(line) for line in shown.splitlines()[2:-6]) <= 40
    assert "\n- Visible to" not in shown


async def test_a_journal_that_fails_is_told(tmp_path: Path) -> None:
    stderr = io.StringIO()
    (tmp_path / "journal.sqlite3").write_bytes(b"")
    broken = Journal(tmp_path / "journal.sqlite3")
    assert await terminal.run(broken, "en", stdin=NoTerminal(), stdout=NoTerminal(), stderr=stderr) == 1
    assert "not a journal of this program" in stderr.getvalue()


COMMAND = """
import anyio, functools, pathlib, sys
from pai_dsw_mcp.approval import terminal
from pai_dsw_mcp.journal.store import Journal
journal = Journal(pathlib.Path(sys.argv[1]))
code = anyio.run(functools.partial(terminal.run, journal, "en"))
journal.close()
sys.exit(code)
"""


def wait_until_it_reads(pid: int) -> None:
    """A signal that comes between the question and the read is seen only after the read: then one presses again."""
    command = ["ps", "-o", "stat=", "-p", str(pid)]
    while not subprocess.run(command, capture_output=True, text=True, check=True).stdout.startswith("S"):
        pass


@pytest.fixture
def command(tmp_path: Path) -> Generator[tuple[subprocess.Popen[bytes], int]]:
    """The command in a real terminal; gives the process and the person's end of the terminal."""
    person, tty = pty.openpty()
    arguments = [sys.executable, "-c", COMMAND, str(tmp_path / "journal.sqlite3")]
    process = subprocess.Popen(arguments, stdin=tty, stdout=tty, stderr=tty)
    os.close(tty)
    yield process, person
    process.kill()
    process.wait()
    os.close(person)


@pytest.fixture
async def asked(journal: Journal) -> Approval:
    return await ask(journal, create_cpu())


async def test_a_person_at_a_real_terminal_says_yes(
    journal: Journal, asked: Approval, command: tuple[subprocess.Popen[bytes], int]
) -> None:
    process, person = command
    read_until(person, "Enter = later:")
    os.write(person, b"yes\n")
    read_until(person, "Return to the chat")
    assert process.wait(30) == 0
    assert (await state(journal, asked))[:2] == ("approved", "terminal")


async def test_the_interrupt_key_leaves_at_once_and_decides_nothing(
    journal: Journal, asked: Approval, command: tuple[subprocess.Popen[bytes], int]
) -> None:
    process, person = command
    read_until(person, "Enter = later:")
    wait_until_it_reads(process.pid)
    process.send_signal(signal.SIGINT)
    read_until(person, "keeps waiting")
    assert process.wait(30) == 0
    assert (await state(journal, asked))[0] == "waiting"
