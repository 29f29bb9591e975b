"""A model that is none: an OpenAI-compatible endpoint on loopback that plays the scripts of the scenarios.

`python -m evals.live.stub [PORT]` prints its address and serves until it is stopped. A header of the request names the
scenario (wishes repeat, so they cannot), and the place in the script is where what was said and called leads to. What a
script quotes of an earlier result it takes from what it was shown of it, text or structured result. A host that does
not pass on the server's instructions is turned away. It proves the way from model to verdict, and says nothing about
any model.
"""

import json
import sys
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final, TypeAlias

from evals.answers import read_text, spread
from evals.harness import settings_of
from evals.live.playable import playable
from evals.references import UnknownReferenceError, resolve
from evals.scenario import Call, Say, Scenario, Together
from pai_dsw_mcp.app import instructions_for as server_instructions

Message: TypeAlias = Mapping[str, Any]
_CHARACTERS_PER_TOKEN: Final = 4
_POLL: Final = 0.02
"""Seconds until the end is noticed."""
SCENARIO_HEADER: Final = "X-Scenario"


class NotInTheScriptError(LookupError):
    """Nothing in the scenarios says what comes next."""


def next_words(one: Scenario, messages: Sequence[Message]) -> dict[str, Any]:
    """The assistant's next message: calls, or words. After the script's end it says nothing more.

    Raises:
        NotInTheScriptError: The script quotes what the stub was not shown.
    """
    results = [_text(each) for each in messages if each["role"] == "tool"]
    spoken = sum(each["role"] == "assistant" and not each.get("tool_calls") for each in messages)
    saved: dict[str, Any] = {}
    made, words = 0, None
    script = one.assistant.script
    for step, following in zip_longest(script, script[1:]):
        calls = [step] if isinstance(step, Call) else step.together if isinstance(step, Together) else []
        if calls and made == len(results):
            return {"role": "assistant", "content": words, "tool_calls": _calls(calls, saved, made)}
        for number, call in enumerate(calls, made):
            saved[call.save or ""] = _shown(results[number])
        made += len(calls)
        words = str(_resolved(step.say, saved)) if isinstance(step, Say) else None
        # Words before a call are said along with it.
        if words is not None and not isinstance(following, Call | Together):
            if not spoken:
                return {"role": "assistant", "content": words}
            spoken -= 1
    return {"role": "assistant", "content": ""}


def _calls(calls: list[Call], saved: Mapping[str, Any], number: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"call_{each}",
            "type": "function",
            "function": {
                "name": call.call,
                "arguments": json.dumps(_resolved(dict(call.arguments), saved), ensure_ascii=False),
            },
        }
        for each, call in enumerate(calls, number)
    ]


def _resolved(value: Any, saved: Mapping[str, Any]) -> Any:
    try:
        return resolve(value, saved)
    except UnknownReferenceError as error:
        raise NotInTheScriptError(str(error)) from None


def _shown(result: str) -> dict[str, Any]:
    """The fields of an answer, as far as its host showed it: the structured result stands below the text."""
    text, _, structured = result.rpartition("\n\n")
    if structured.startswith("{"):
        return {**spread(json.loads(structured)), "text": text}
    return {**spread(read_text(result)), "text": result}


def _text(message: Message) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def instructions_for(one: Scenario) -> str:
    """What the scenario's server tells every assistant, but for the words about the emulator."""
    return server_instructions(settings_of(one, Path()))


def _completion(asked: Mapping[str, Any], scenario_id: str | None) -> dict[str, Any]:
    one = next((each for each in playable() if each.id == scenario_id), None)
    if one is None:
        raise NotInTheScriptError(f"{SCENARIO_HEADER} is {scenario_id}, which is no scenario that can be played live")
    told = instructions_for(one)
    if not any(each["role"] == "system" and told in _text(each) for each in asked["messages"]):
        raise NotInTheScriptError("the server's instructions are missing: a host puts them before its model")
    message = next_words(one, asked["messages"])
    shown, said = len(json.dumps([asked["messages"], asked.get("tools")])), len(json.dumps(message))
    usage = {"prompt_tokens": shown // _CHARACTERS_PER_TOKEN, "completion_tokens": said // _CHARACTERS_PER_TOKEN}
    return {
        "id": "stub",
        "object": "chat.completion",
        "created": 0,
        "model": "stub",
        "choices": [
            {"index": 0, "message": message, "finish_reason": "tool_calls" if message.get("tool_calls") else "stop"}
        ],
        "usage": {**usage, "total_tokens": sum(usage.values())},
    }


class _Endpoint(BaseHTTPRequestHandler):
    def do_POST(self) -> None:  # the base class calls it so
        """Chat completions, not streamed. What is in no script is a bad request, which no client sends again."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            status, reply = 200, _completion(asked, self.headers[SCENARIO_HEADER])
        except NotInTheScriptError as error:
            status, reply = 400, {"error": {"message": str(error), "type": "invalid_request_error"}}
        data = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class calls it so
        """Says nothing."""


class _Stub(ThreadingHTTPServer):
    request_queue_size = 128  # as many conversations as begin at once; the default of 5 turns the others away
    daemon_threads = True

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def running_stub() -> Generator[str]:
    """Serves on a free port; gives the address."""
    with _Stub(("127.0.0.1", 0), _Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()


if __name__ == "__main__":
    with _Stub(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), _Endpoint) as standing:
        sys.stdout.write(f"{standing.url}\n")
        sys.stdout.flush()
        standing.serve_forever()
