"""A client without forms: the yes comes from the page or from a terminal, and the server finds it in the journal."""

import html
import re
import resource
import socket
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from tests.gate.cases import GPU_SPEC, an_instance, image_for, new_notebook
from tests.process.conftest import Start
from tests.process.conversation import MODERN, Conversation
from tests.process.processes import DEADLINE, INSTALLED_SERVER, SERVER
from tests.process.terminal import in_a_terminal
from tests.support.steering import Steering

TOKEN: Final = re.compile(r'name="token" value="([0-9a-f]{64})"')


def visit(url: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
    """Status and text of a page, as a browser without scripts gets it; with a form, of the answer to it."""
    data = None if form is None else urllib.parse.urlencode(form).encode()
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=data, headers=sent)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=DEADLINE) as reply:
            return reply.status, html.unescape(reply.read().decode())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, html.unescape(refusal.read().decode())


def origin_of(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def token_of(page: str) -> str:
    found = TOKEN.search(page)
    assert found is not None, page
    return found[1]


def opened(start: Start, *arguments: str, command: str = SERVER) -> Conversation:
    client = Conversation(start(*arguments, command=command), MODERN)
    client.open()
    return client


def test_a_page_takes_the_yes_of_a_client_without_forms(start: Start, steering: Steering) -> None:
    client = opened(start)
    wanted = new_notebook(instance_name="by_page")
    before = len(steering.writes())
    asked = client.told("create_instance", **wanted)
    url: str = asked["approve_url"]
    assert asked["status"] == "approval_needed"
    assert url in asked["message"]

    status, page = visit(url)
    assert status == 200
    for shown in ("by_page", wanted["ecs_spec"], wanted["image_id"], wanted["workspace_id"], asked["reference"]):
        assert shown in page

    yes = {"token": token_of(page), "decision": "approve"}
    own = origin_of(url)
    assert visit(url, yes)[0] == 403
    assert visit(url, yes, Origin="http://evil.example")[0] == 403
    assert visit(url, {**yes, "token": "0" * 64}, Origin=own)[0] == 403
    assert visit(url, yes, Origin=own, Host="evil.example")[0] == 421
    assert visit(f"{url[:-4]}AAAA")[0] == 404
    assert client.told("create_instance", **wanted)["approve_url"] == url
    assert len(steering.writes()) == before

    assert visit(url, yes, Origin=own)[0] == 200
    assert visit(url, yes, Origin=own)[0] == 410
    assert len(steering.writes()) == before
    assert client.told("create_instance", **wanted)["status"] == "done"
    assert client.told("create_instance", **wanted)["status"] == "nothing_to_do"
    assert [entry["operation"] for entry in steering.writes()[before:]] == ["CreateInstance"]


def test_after_a_restart_the_repeated_call_gives_a_new_link_to_what_still_waits(
    start: Start, steering: Steering
) -> None:
    wanted = new_notebook(instance_name="by_new_link")
    first = opened(start)
    asked = first.told("create_instance", **wanted)
    address: str = asked["approve_url"]
    first.server.kill()

    client = opened(start)
    again = client.told("create_instance", **wanted)
    url: str = again["approve_url"]
    assert again["reference"] == asked["reference"]
    assert "link is new" in again["message"]
    assert "link is new" not in asked["message"]
    assert "link is new" not in client.told("create_instance", **wanted)["message"]
    assert visit(f"{origin_of(url)}{urllib.parse.urlsplit(address).path}")[0] == 404

    before = len(steering.writes())
    assert visit(url, {"token": token_of(visit(url)[1]), "decision": "approve"}, Origin=origin_of(url))[0] == 200
    assert client.told("create_instance", **wanted)["status"] == "done"
    assert len(steering.writes()) == before + 1


def test_half_open_connections_take_nothing_from_an_approved_stop(start: Start, steering: Steering) -> None:
    client = opened(start, command=INSTALLED_SERVER)
    instance_id = an_instance(steering, "Running")
    name: str = steering.instance(instance_id)["InstanceName"]
    url: str = client.told("stop_instance", instance_id=instance_id)["approve_url"]
    resource.prlimit(client.server.process.pid, resource.RLIMIT_NOFILE, (256, 256))
    parts = urllib.parse.urlsplit(url)
    before = len(steering.writes())
    with ExitStack() as attack:
        for _ in range(400):
            half_open = attack.enter_context(socket.socket())
            half_open.setblocking(False)
            half_open.connect_ex((parts.hostname, parts.port))
        yes = {"token": token_of(visit(url)[1]), "decision": "approve", "instance_name": name}
        assert visit(url, yes, Origin=origin_of(url))[0] == 200
        assert client.told("stop_instance", instance_id=instance_id)["status"] == "done"
    assert [entry["operation"] for entry in steering.writes()[before:]] == ["StopInstance"]
    assert client.server.errors == []


def test_a_no_on_the_page_reaches_the_caller_with_its_reason(start: Start, steering: Steering) -> None:
    client = opened(start, "--approve", "page", "--cost-line", "0.01", "--lang", "zh")
    wanted = new_notebook(instance_name="refused_by_page", ecs_spec=GPU_SPEC, image_id=image_for("GPU"))
    before = len(steering.writes())
    url: str = client.told("create_instance", **wanted)["approve_url"]
    _, page = visit(url)
    assert "批准" in page
    own, token = origin_of(url), token_of(page)
    assert visit(url, {"token": token, "decision": "approve", "instance_name": "other"}, Origin=own)[0] == 422

    assert visit(url, {"token": token, "decision": "reject", "feedback": "too dear"}, Origin=own)[0] == 200
    declined = client.told("create_instance", **wanted)
    assert (declined["status"], declined["feedback"]) == ("declined", "too dear")
    assert len(steering.writes()) == before


def test_a_terminal_takes_the_yes_while_the_server_runs(start: Start, steering: Steering, tmp_path: Path) -> None:
    client = opened(start)
    before = len(steering.writes())

    def call(name: str) -> dict[str, Any]:
        return client.told("create_instance", **new_notebook(instance_name=name))

    url: str = call("by_terminal")["approve_url"]
    assert call("not_by_terminal")["status"] == "approval_needed"
    answers = [("Enter = later:", "yes"), ("Enter = later:", "no"), ("A note for", "not now")]
    code, shown = in_a_terminal([SERVER, "approve", "--state-dir", str(tmp_path / "state")], tmp_path / "home", answers)
    assert code == 0, shown
    assert "by_terminal" in shown
    assert visit(url)[0] == 410
    assert steering.writes()[before:] == []

    assert call("by_terminal")["status"] == "done"
    declined = call("not_by_terminal")
    assert (declined["status"], declined["feedback"]) == ("declined", "not now")
    assert [entry["parameters"]["InstanceName"] for entry in steering.writes()[before:]] == ["by_terminal"]


def test_the_chat_takes_a_yes_for_the_code_that_was_shown(start: Start, steering: Steering) -> None:
    client = opened(start, "--approve", "chat")
    wanted = new_notebook(instance_name="by_chat")
    before = len(steering.writes())
    asked = client.told("create_instance", **wanted)
    assert asked["status"] == "approval_needed"
    assert "approve_url" not in asked
    assert client.call("confirm_change", region_id=None, code="AAAA-2222")["isError"]
    assert client.told("create_instance", **wanted)["status"] == "approval_needed"
    assert len(steering.writes()) == before

    client.told("confirm_change", region_id=None, code=asked["reference"])
    assert len(steering.writes()) == before
    assert client.told("create_instance", **wanted)["status"] == "done"
    assert len(steering.writes()) == before + 1
