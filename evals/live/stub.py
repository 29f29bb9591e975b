"""A model that is none: an OpenAI-compatible endpoint on loopback that plays the scripts of the scenarios.

`python -m evals.live.stub [PORT]` prints its address and serves until it is stopped. It knows the scenario it is in by
the person's wish, and where in the script by how much was said. It reads no results: a script whose calls quote earlier
ones fails here. Where it quotes one in words, it reads the last result aloud. It proves the way from model to verdict,
and says nothing about any model.
"""

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from evals.loading import scenarios
from evals.scenario import Call, Hear, Say, Scenario

_QUOTED: Final = re.compile(r"\$\{[^}]+\}")


def next_words(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """The assistant's next message: a call, or words."""
    wish = next(_text(each) for each in messages if each["role"] == "user")
    one = next(each for each in scenarios() if each.request == wish)
    return _message(one, messages)


def _message(one: Scenario, messages: list[dict[str, Any]]) -> dict[str, Any]:
    results = [_text(each) for each in messages if each["role"] == "tool"]
    spoken = sum(each["role"] == "assistant" and not each.get("tool_calls") for each in messages)
    calls, says = 0, 0
    for step in one.assistant.script:
        if isinstance(step, Call):
            if calls == len(results):
                return _call(step, calls)
            calls += 1
        elif isinstance(step, Say):
            if says == spoken:
                aloud = _QUOTED.sub(lambda _: results[-1], step.say)
                return {"role": "assistant", "content": aloud}
            says += 1
        else:
            assert isinstance(step, Hear)
    return {"role": "assistant", "content": ""}


def _call(step: Call, number: int) -> dict[str, Any]:
    arguments = json.dumps(step.arguments, ensure_ascii=False)
    call = {"id": f"call_{number}", "type": "function", "function": {"name": step.call, "arguments": arguments}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def _text(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


class _Endpoint(BaseHTTPRequestHandler):
    def do_POST(self) -> None:  # the base class calls it so
        """Chat completions, not streamed."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        message = next_words(asked["messages"])
        reason = "tool_calls" if message.get("tool_calls") else "stop"
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        reply = {
            "id": "stub",
            "object": "chat.completion",
            "created": 0,
            "model": "stub",
            "choices": [{"index": 0, "message": message, "finish_reason": reason}],
            "usage": usage,
        }
        data = json.dumps(reply).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class calls it so
        """Says nothing."""


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), _Endpoint) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}/v1\n")
        sys.stdout.flush()
        server.serve_forever()
