"""How often one person may call, be asked, and have changes sent, over all servers that share a journal."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gate.auto_stops import MORNING
from tests.gate.cases import an_instance, new_notebook
from tests.gate.rounds import Conversation, posts
from tests.support.desk import Desk, Person, text_of, told
from tests.support.postgres import Cluster

pytestmark = pytest.mark.anyio


class Hands:
    """A clock that the test moves; it begins with a minute."""

    def __init__(self) -> None:
        self.time = MORNING // 60 * 60

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def two(new_desk: Callable[..., Desk], hands: Hands) -> Callable[..., tuple[Desk, Desk]]:
    """Makes two servers over one journal."""

    def make(**settings: int) -> tuple[Desk, Desk]:
        first, second = (new_desk(now=hands, **settings) for _ in range(2))
        return first, second

    return make


async def read(desk: Desk) -> str:
    """What a refused read is told; nothing where it is not refused."""
    answer = await desk.call("modern", None, "list_workspaces")
    return text_of(answer) if answer.is_error else ""


async def wish(desk: Desk, number: int, person: Person | None = None) -> str:
    """The status of what was asked for, or why it was refused."""
    answer = await desk.call("modern", person, "create_instance", **new_notebook(instance_name=f"train_{number}"))
    return text_of(answer) if answer.is_error else told(answer)["status"]


@pytest.mark.usefixtures("each_database")
async def test_beyond_the_calls_of_a_minute_each_server_says_when_to_come_back(
    two: Callable[..., tuple[Desk, Desk]], hands: Hands
) -> None:
    one, other = two(reads_per_minute=2)
    assert [await read(one), await read(other)] == ["", ""]
    hands.time += 20.5
    for desk in (one, other):
        refused = await read(desk)
        assert "--reads-per-minute" in refused
        assert "40 seconds" in refused
    hands.time += 39.5
    assert await read(other) == ""


async def test_a_server_whose_clock_is_behind_begins_no_minute_anew(
    two: Callable[..., tuple[Desk, Desk]], hands: Hands
) -> None:
    one, behind = two(reads_per_minute=2)
    hands.time += 60
    assert await read(one) == ""
    hands.time -= 60
    assert await read(behind) == ""
    assert "--reads-per-minute" in await read(behind)


async def test_the_answer_to_a_form_is_never_one_call_too_many(new_desk: Callable[..., Desk], hands: Hands) -> None:
    desk = new_desk(now=hands, reads_per_minute=1)
    async with desk.client("modern", Person()) as client:
        asked = Conversation(client, "start_instance", {"instance_id": an_instance(desk.steering, "Stopped")})
        await asked.ask()
        assert await read(desk)
        ended = told(await asked.answer(Person("yes").reply(asked.question)))
    assert ended["status"] == "done"


@pytest.fixture
def unusable_journal(tmp_path: Path) -> None:
    """Others may open its folder."""
    tmp_path.chmod(0o755)


@pytest.mark.usefixtures("unusable_journal")
async def test_without_the_journal_reads_go_on(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(reads_per_minute=1)
    assert [await read(desk) for _ in range(2)] == ["", ""]


async def test_counting_waits_for_no_writer(postgres: Cluster) -> None:
    writer, journal = postgres.journal(), postgres.journal()
    with writer.database.transaction("write"):
        await journal.count_call(person="ada", most=1)


@pytest.mark.usefixtures("each_database")
async def test_beyond_the_questions_of_an_hour_nobody_is_asked_and_the_same_question_is_no_new_one(
    two: Callable[..., tuple[Desk, Desk]], hands: Hands
) -> None:
    one, other = two(questions_per_hour=2)
    assert [await wish(one, 1), await wish(other, 2)] == ["approval_needed"] * 2
    hands.time += 60
    refused = await wish(other, 3)
    assert "--questions-per-hour" in refused
    assert "3540 seconds" in refused
    assert await wish(other, 1) == "approval_needed"
    assert len(await one.services.journal.waiting()) == 2
    hands.time += 3540
    assert await wish(one, 3) == "approval_needed"


@pytest.mark.usefixtures("each_database")
async def test_beyond_the_writes_of_an_hour_nobody_is_asked_and_a_yes_given_before_stays_unused(
    two: Callable[..., tuple[Desk, Desk]], hands: Hands
) -> None:
    one, other = two(writes_per_hour=1)
    for number in (1, 2):
        assert await wish(one, number) == "approval_needed"
    for waiting in await one.services.journal.waiting():
        await one.services.journal.decide(waiting.approval_id, approve=True, channel="page")
    assert await wish(one, 1) == "done"
    person, refused = Person("yes"), await wish(other, 2)
    assert "--writes-per-hour" in refused
    assert "3600 seconds" in refused
    assert "--writes-per-hour" in await wish(other, 3, person)
    assert posts(one) == ["CreateInstance"]
    assert person.questions == []
    known = await one.services.journal.history(since=0, limit=9)
    assert sorted(approval.state for approval, _ in known) == ["approved", "used"]
    hands.time += 3600
    assert await wish(other, 3, person) == "done"


async def test_what_the_same_yes_also_covers_is_sent_and_counts_nothing(
    new_desk: Callable[..., Desk], hands: Hands
) -> None:
    desk, person = new_desk(now=hands, writes_per_hour=2, questions_per_hour=2), Person("yes")
    for number in (1, 2):
        notebook = new_notebook(instance_name=f"train_{number}")
        created = told(await desk.call("modern", person, "create_instance", **notebook, idle_minutes=60))
        assert [each["status"] for each in created["follow_ups"]] == ["done"]
    assert "--questions-per-hour" in await wish(desk, 3, person)
