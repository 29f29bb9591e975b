"""What is read off the wire: calls and their questions belong together, and every byte that was sent is kept."""

import json
from typing import Any

import pytest

from evals.cloud import Clouds
from evals.loading import scenario
from evals.records import Records
from evals.wire import WireTap

FORM = {"properties": {"decision": {"oneOf": [{"const": "approve", "title": "Approve"}]}}}
WITH_NAME = {"properties": {**FORM["properties"], "instance_name": {}}}
TRAIN, NOTES = "dsw-00000000000000a1", "dsw-00000000000000a2"


class Line:
    """Both ends of a wire with a tap."""

    def __init__(self, clouds: Clouds) -> None:
        self.records = Records(scenario="stop-declined", era="modern")
        self.heard: list[str] = []
        self.tap = WireTap(self.records, clouds.take(scenario("stop-declined")), self.heard.append)

    def call(self, number: int, instance_id: str, **more: Any) -> None:
        """The client calls stop_instance; `more` are the answers to questions."""
        given = {"name": "stop_instance", "arguments": {"instance_id": instance_id}, **more}
        self.tap.from_client(json.dumps({"id": number, "method": "tools/call", "params": given}))

    def ask(self, number: int, text: str, schema: object = FORM) -> None:
        """The server wants an answer before it goes on."""
        question = {"params": {"message": text, "requestedSchema": schema}}
        self.tap.from_server(json.dumps({"id": number, "result": {"inputRequests": {"approval": question}}}))

    def answer(self, number: int, **result: Any) -> None:
        """The server answers."""
        self.tap.from_server(json.dumps({"id": number, "result": result}))

    def says(self) -> list[tuple[str, str]]:
        """What the person was asked, and what came back."""
        return [(question.text, question.answer) for question in self.records.questions]


def yes(**content: str) -> dict[str, Any]:
    return {"approval": {"action": "accept", "content": {"decision": "approve", **content}}}


@pytest.fixture
def line(clouds: Clouds) -> Line:
    return Line(clouds)


def test_two_questions_at_the_same_time_are_kept_apart(line: Line) -> None:
    line.call(1, TRAIN)
    line.call(2, NOTES)
    line.ask(1, "Stop train_a10?")
    line.ask(2, "Stop notes?")
    line.call(3, TRAIN, inputResponses={"approval": {"action": "decline"}})
    line.call(4, NOTES, inputResponses=yes())
    line.answer(3, content=[{"text": "declined"}])
    line.answer(4, content=[{"text": "done"}])
    assert line.says() == [("Stop train_a10?", "reject"), ("Stop notes?", "approve")]
    numbers = [(event.number, event.text) for event in line.records.events if event.who == "answer"]
    assert numbers == [(1, "declined"), (2, "done")]


def test_an_answer_that_nobody_asked_for_is_a_call_like_any_other(line: Line) -> None:
    line.call(1, TRAIN, inputResponses=yes())
    assert line.says() == []
    assert [event.who for event in line.records.events] == ["call"]


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ({"decision": "approve", "instance_name": "train_a10"}, "approve"),
        ({"decision": "approve", "instance_name": "TRAIN_A10"}, "wrong_name"),
        ({"decision": "approve", "instance_name": ""}, "no_name"),
        ({"decision": "approve"}, "no_name"),
        ({"decision": "Approve", "instance_name": "train_a10"}, "no_decision"),
        ({"instance_name": "train_a10"}, "no_decision"),
        ({"decision": "reject", "instance_name": "train_a10"}, "reject"),
        ({}, "accept_empty"),
    ],
)
def test_only_the_word_and_the_name_are_a_yes(line: Line, content: dict[str, str], answer: str) -> None:
    line.call(1, TRAIN)
    line.ask(1, f"Stop instance\nInstance: train_a10 · {TRAIN}", WITH_NAME)
    line.call(2, TRAIN, inputResponses={"approval": {"action": "accept", "content": content}})
    [question] = line.records.questions
    assert (question.answer, question.approved) == (answer, answer == "approve")


def test_no_name_is_right_where_nobody_knows_the_instance(line: Line) -> None:
    line.call(1, TRAIN)
    line.ask(1, "Stop something", WITH_NAME)
    line.call(2, TRAIN, inputResponses=yes(instance_name=""))
    assert not line.records.questions[0].approved


def test_what_offers_no_approval_is_not_approved(line: Line) -> None:
    line.tap.from_server(json.dumps({"id": "x", "method": "elicitation/create", "params": {"message": "Open this"}}))
    line.tap.from_client(json.dumps({"id": "x", "result": {"action": "accept", "content": {"decision": "approve"}}}))
    assert [(each.answer, each.approved) for each in line.records.questions] == [("approve", False)]


def test_a_question_that_stays_open_was_never_answered(line: Line) -> None:
    line.call(1, TRAIN)
    line.ask(1, "Stop train_a10?")
    line.tap.finish()
    line.tap.finish()
    assert line.says() == [("Stop train_a10?", "never")]


def test_every_byte_of_the_server_is_kept(line: Line) -> None:
    line.tap.from_client(json.dumps({"id": 1, "method": "resources/read", "params": {"uri": "x"}}))
    line.answer(1, contents=[{"text": "in a document"}])
    line.tap.from_server(json.dumps({"id": 7, "method": "sampling/createMessage", "params": {"x": "to the model"}}))
    line.tap.from_server(json.dumps({"method": "notifications/message", "params": {"data": "in the log"}}))
    line.call(2, TRAIN)
    line.tap.from_server(json.dumps({"id": 2, "error": {"code": -1, "message": "no", "data": "in an error"}}))
    seen = line.records.seen()
    assert [word in seen for word in ("in a document", "to the model", "in the log", "in an error")] == [True] * 4
    assert line.records.events[-1].is_error


def test_what_is_no_message_is_passed_over(line: Line) -> None:
    for noise in ("", "[]", "{", '"x"', "{}"):
        line.tap.from_client(noise)
        line.tap.from_server(noise)
    assert line.records.events == []
