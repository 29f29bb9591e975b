"""The oracle of the random conversations: it sees a write that nobody allowed, and calls nothing else one."""

import pytest

from pai_emulator.journal import Entry
from tests.gate.witness import VALID_SECONDS, Witness

ENTRY = Entry(
    sequence=1,
    time="2026-01-05T08:00:00Z",
    user="admin",
    region_id="cn-hangzhou",
    product="pai-dsw",
    operation="StartInstance",
    method="PUT",
    path="/api/v2/instances/dsw-1/start",
    parameters={"InstanceId": "dsw-1"},
    status=200,
    code=None,
    request_id="R",
    write=True,
    outcome="applied",
)


def question(reference: str, note: str = "") -> str:
    return f"Start instance\nInstance: train_1 (dsw-1)\nRegion: cn-hangzhou\n{note}\nApproval code: {reference}"


def agreed(witness: Witness, text: str, time: float) -> None:
    witness.asked(text, time)
    witness.yes(text)


def test_an_old_yes_does_not_stand_before_a_new_one_with_the_same_words() -> None:
    witness = Witness()
    agreed(witness, question("AAAA-AAAA"), 0)
    witness.received([], 0, [])
    agreed(witness, question("BBBB-BBBB"), VALID_SECONDS + 1)
    witness.received([ENTRY], VALID_SECONDS + 1, [])
    assert witness.yeses == []


def test_of_two_yeses_the_one_that_ends_later_is_left_for_a_later_write() -> None:
    witness = Witness()
    agreed(witness, question("BBBB-BBBB", "It was stopped."), 300)
    agreed(witness, question("AAAA-AAAA"), 0)
    witness.received([ENTRY], 301, [])
    witness.received([ENTRY], VALID_SECONDS + 100, [])


@pytest.mark.parametrize(
    ("times", "sent_at"), [([], 0.0), ([0], VALID_SECONDS + 1), ([0, 10], 2 * VALID_SECONDS)], ids=str
)
def test_a_write_without_a_yes_that_still_holds_is_seen(times: list[float], sent_at: float) -> None:
    witness = Witness()
    for number, time in enumerate(times):
        agreed(witness, question(f"AAAA-AAA{number}"), time)
    with pytest.raises(AssertionError, match="yes"):
        witness.received([ENTRY], sent_at, [])


def test_each_yes_counts_once() -> None:
    witness = Witness()
    agreed(witness, question("AAAA-AAAA"), 0)
    witness.received([ENTRY], 1, [])
    with pytest.raises(AssertionError, match="no yes"):
        witness.received([ENTRY], 2, [])


def test_the_yes_to_a_question_that_was_asked_anew_is_over() -> None:
    witness = Witness()
    agreed(witness, question("AAAA-AAAA"), 0)
    witness.received([], 0, [])
    witness.asked(question("BBBB-BBBB"), 10)
    witness.received([], 10, [])
    with pytest.raises(AssertionError, match="no yes"):
        witness.received([ENTRY], 20, [])


def test_who_pays_may_be_found_out_between_the_question_and_the_yes() -> None:
    witness = Witness()
    witness.asked(question("AAAA-AAAA"), 0)
    witness.yes(question("AAAA-AAAA", "Account that pays: 15****01"))
    witness.received([], 0, [])
    witness.received([ENTRY], 1, [])
    assert witness.yeses == []
