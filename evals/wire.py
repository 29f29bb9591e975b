"""Reads the records of a run off the wire between a client and a server, line by line, in either era."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from evals.cloud import CloudInUse
from evals.person import name_in
from evals.question_parser import offered_by_form, schema_of
from evals.records import Event, Question, Records
from evals.scenario import AnswerKind

Message: TypeAlias = dict[str, Any]


class WireTap:
    """Is told every line that passes, and writes down what it means. `heard` gets what the assistant is told."""

    def __init__(self, records: Records, cloud: CloudInUse, heard: Callable[[str], None]) -> None:
        self._records = records
        self._cloud = cloud
        self._heard = heard
        self._calls: dict[str, Event] = {}
        self._asked: dict[str, tuple[Message, float, int]] = {}
        """What is not answered yet: by the id of the server's request, or by the call that brought the question."""
        self._number = 0
        self._names: list[str] = []

    def from_client(self, line: str) -> None:
        """A line on its way to the server."""
        message = _decoded(line)
        key = str(message.get("id"))
        if "method" not in message:
            if key in self._asked:
                self._answered(key, _object(message, "result"))
            return
        if message["method"] == "initialize":
            self._records.era = "legacy"
        parameters = _object(message, "params")
        if message["method"] != "tools/call":
            return
        about = _about(parameters)
        responses: Mapping[str, Message] = _object(parameters, "inputResponses")
        for asked, response in responses.items():
            self._answered(f"{about} {asked}", response)
        calls = (event for event in reversed(self._records.events) if event.who == "call" and _call(event) == about)
        repeated = next(calls, None) if responses else None
        if repeated is not None:
            self._calls[key] = repeated
            return
        self._number += 1
        arguments = _object(parameters, "arguments")
        self._names += [str(arguments["instance_name"])] if "instance_name" in arguments else []
        self._note("call", "", tool=str(parameters.get("name")), arguments=arguments, number=self._number)
        self._calls[key] = self._records.events[-1]

    def from_server(self, line: str) -> None:
        """A line on its way to the client."""
        message = _decoded(line)
        key = str(message.get("id"))
        if "method" in message:
            if message["method"] == "elicitation/create":
                self._ask(key, _object(message, "params"))
            else:
                # A notification, or a request to the client, which it may show to its model.
                self._note("note", str(_object(message, "params").get("message") or message["method"]), raw=line)
            return
        result = _object(message, "result") or _object(message, "error")
        questions: Mapping[str, Message] = _object(result, "inputRequests")
        if questions and key in self._calls:
            about = _call(self._calls.pop(key))
            for asked, question in questions.items():
                self._ask(f"{about} {asked}", _object(question, "params"))
            return
        if key in self._calls:
            self._answer(self._calls.pop(key), result, line, is_error="error" in message or bool(result.get("isError")))
        else:
            # Lists, documents, prompts: whatever came may be read.
            self._records.listing += line

    def _answer(self, call: Event, result: Message, line: str, *, is_error: bool) -> None:
        text = "\n".join(str(block.get("text", "")) for block in result.get("content", [])) or str(result)
        self._heard(text)
        self._note(
            "answer",
            text,
            tool=call.tool,
            number=call.number,
            raw=line,
            result=_object(result, "structuredContent"),
            is_error=is_error,
            seconds=self._cloud.passed() - call.at,
        )

    def finish(self) -> None:
        """Nothing more will pass: what is not answered by now never will be."""
        for parameters, at, after in self._asked.values():
            offered = offered_by_form(schema_of(parameters))
            asked = Question(
                channel="form",
                text=str(parameters.get("message")),
                asked_at=at,
                asked_after=after,
                answer="never",
                approved=False,
                answered_after=self._cloud.request_count,
                offered=offered,
            )
            self._records.questions.append(asked)
        self._asked.clear()

    def _ask(self, key: str, parameters: Message) -> None:
        self._asked[key] = parameters, self._cloud.passed(), self._cloud.request_count
        self._note("question", str(parameters.get("message")))

    def _answered(self, key: str, response: Message) -> None:
        if key not in self._asked:
            return
        parameters, at, after = self._asked.pop(key)
        text = str(parameters.get("message"))
        offered = offered_by_form(schema_of(parameters))
        content = _object(response, "content")
        name = name_in(text, self._cloud, self._names) if offered.wants_name else None
        answer = _kind(str(response.get("action")), content, name)
        self._records.questions.append(
            Question(
                channel="form",
                text=text,
                asked_at=at,
                asked_after=after,
                answer=answer,
                # A form that offers no approval cannot be approved, whatever its reader presses.
                approved=answer == "approve" and "approve" in offered.choices,
                answered_after=self._cloud.request_count,
                feedback=content.get("feedback"),
                offered=offered,
            )
        )

    def _note(self, who: Any, text: str, **facts: Any) -> None:
        at, requests = self._cloud.passed(), self._cloud.request_count
        self._records.events.append(Event(who=who, text=text, at=at, requests=requests, **facts))


def _kind(action: str, content: Message, name: str | None) -> AnswerKind:
    """What a reply to a form says; `name` is the one that is wanted, if any."""
    if action != "accept":
        return "reject" if action == "decline" else "close"
    typed = content.get("instance_name") or content.get("remaining")
    if content.get("decision") == "reject":
        return "reject"
    if content.get("decision") != "approve":
        return "no_decision" if content else "accept_empty"
    if name is None:
        return "approve"
    return "no_name" if not typed else "approve" if typed == name else "wrong_name"


def _about(parameters: Message) -> str:
    """By which a call that is repeated with answers is known."""
    return json.dumps([parameters.get("name"), _object(parameters, "arguments")], sort_keys=True)


def _call(event: Event) -> str:
    return json.dumps([event.tool, event.arguments], sort_keys=True)


def _object(message: Message, name: str) -> Message:
    """A member that is an object; empty where there is none."""
    member = message.get(name)
    return cast("Message", member) if isinstance(member, dict) else {}


def _decoded(line: str) -> Message:
    try:
        message: Any = json.loads(line)
    except ValueError:
        return {}
    return cast("Message", message) if isinstance(message, dict) else {}
