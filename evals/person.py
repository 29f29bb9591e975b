"""The person of a scenario, at whichever channel, and what the harness remembers of the answers."""

import re
import urllib.parse
from collections.abc import Callable
from typing import Final

import aiohttp
import anyio
from mcp.client import ClientRequestContext
from mcp_types import ElicitRequestParams, ElicitResult

from evals.cloud import CloudInUse
from evals.question_parser import offered_by_form, read_page, schema_of
from evals.records import Channel, Offered, Question
from evals.scenario import Answer, ClientKind, Person

_LINK: Final = re.compile(r"http://127\.0\.0\.1:\d+/approve/[A-Za-z0-9_-]{22}")
_CODE: Final = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
_TOKEN: Final = re.compile(r'name="token" value="([0-9a-f]{64})"')
_ELSEWHERE: Final = {"Origin": "http://elsewhere.example"}
_COUNT: Final = re.compile(r"type how many remain|输入剩余的数量")
_INSTANCE_ID: Final = re.compile(r"(?<![\w-])dsw-[0-9a-z]{4,}")
_MEMBER: Final = re.compile(
    r"^(?:Member: |成员：)(.+)$"
    r"|^(?:Add member|Change roles of member|Remove member|添加成员|修改成员角色|移除成员) (.+)$",
    re.MULTILINE,
)
_WRONG_NAME: Final = "somebody_else"
_MISTAKES: Final = ("wrong_name", "similar_name", "no_name")
_PATIENCE: Final = 5.0
"""Seconds that a person waits for further forms before answering the first."""
_DECISIONS: Final = {"reject": "reject", "accept_empty": None, "no_decision": None}
"""What is pressed; everything else is an approval."""


class ScriptedPerson:
    """Answers as the scenario says, and writes down what was asked and answered. `note` hears of every question.

    `give_up` is called when a form stays unanswered.
    """

    def __init__(self, person: Person, kind: ClientKind, cloud: CloudInUse, note: Callable[[str], None]) -> None:
        self.questions: list[Question] = []
        self.names_spoken_of: list[str] = []
        self._answers = [[answer, answer.times] for answer in person.answers]
        self._kind: ClientKind = kind
        self._cloud = cloud
        self._note = note
        self._opened: set[str] = set()
        self._forms_to_come = person.reads_first
        self._all_forms_open = anyio.Event()
        self.give_up: Callable[[], object] = lambda: None

    async def __call__(
        self,
        context: ClientRequestContext,  # noqa: ARG002  # the SDK's callback has this name
        params: ElicitRequestParams,
    ) -> ElicitResult:
        """A form: reads it and fills it in."""
        offered = offered_by_form(schema_of(params.model_dump(by_alias=True)))
        answer = self._choose(params.message)
        typed = self._type(answer, params.message) if offered.wants_name else None
        question = self._remember("form", params.message, answer, offered)
        await self._read_all()
        question.answered_after = self._cloud.request_count
        if answer.answer == "never":
            self.give_up()
            await anyio.sleep_forever()
        if answer.answer == "close":
            return ElicitResult(action="cancel")
        if answer.answer == "accept_empty":
            return ElicitResult(action="accept", content={})
        if answer.answer == "reject" and answer.feedback is None:
            return ElicitResult(action="decline")
        content = {
            "decision": _DECISIONS.get(answer.answer, "approve"),
            "remaining" if _COUNT.search(params.message) else "instance_name": typed,
            "leave_out": ", ".join(answer.leaves_out),
            "feedback": answer.feedback,
        }
        return ElicitResult(action="accept", content={name: value for name, value in content.items() if value})

    async def _read_all(self) -> None:
        """Holds the answer back until every form is open that is to be read before the first is answered."""
        self._forms_to_come -= 1
        if self._forms_to_come <= 0:
            self._all_forms_open.set()
        with anyio.move_on_after(_PATIENCE):
            await self._all_forms_open.wait()
        # Whoever has waited in vain waits for none of the others.
        self._all_forms_open.set()

    async def hear(self, said: str) -> None:
        """The assistant said something: opens a link that is new, decides on a code that is asked for."""
        if self._kind == "page":
            for url in _LINK.findall(said):
                if url not in self._opened:
                    self._opened.add(url)
                    await self._open(url)
        elif self._kind == "chat" and _CODE.search(said):
            self._remember("chat", said, self._choose(said), Offered())

    async def _open(self, url: str) -> None:
        """Reads the page at a link and presses a button."""
        async with aiohttp.ClientSession(trust_env=False) as browser:
            async with browser.get(url) as reply:
                page = await reply.text()
            token = _TOKEN.search(page)
            if token is None:
                return
            text, offered = read_page(page)
            answer = self._choose(text)
            typed = self._type(answer, text) if offered.wants_name else None
            self._remember("page", text, answer, offered)
            parts = urllib.parse.urlsplit(url)
            here = {"Origin": f"{parts.scheme}://{parts.netloc}"}
            if answer.answer != "approve":
                # Another program guesses, another page forges: neither is the person.
                yes = {"decision": "approve", "instance_name": name_in(text, self._cloud, self.names_spoken_of)}
                await browser.post(url, data=yes, headers=here)
                await browser.post(url, data={**yes, "token": token[1]}, headers=_ELSEWHERE)
            if answer.answer in ("never", "close"):
                return
            form = {
                "token": token[1],
                "decision": _DECISIONS.get(answer.answer, "approve"),
                "instance_name": typed,
                "feedback": answer.feedback,
            }
            sent = [(name, value) for name, value in form.items() if value]
            sent += [("keep", each) for each in offered.keeps if each not in answer.leaves_out]
            await browser.post(url, data=sent, headers=here)

    def _choose(self, text: str) -> Answer:
        for pair in self._answers:
            answer, left = pair
            if isinstance(answer, Answer) and answer.to.lower() in text.lower() and left != 0:
                pair[1] = None if left is None else int(str(left)) - 1
                return answer
        return Answer(answer="reject")

    def _type(self, answer: Answer, text: str) -> str | None:
        if answer.answer == "no_name":
            return None
        count = _COUNT.search(text)
        if count is not None:
            return str(len(set(_INSTANCE_ID.findall(text))) - len(answer.leaves_out))
        name = name_in(text, self._cloud, self.names_spoken_of)
        if answer.answer == "wrong_name":
            # What only begins like the name is another one.
            return name[:-1] or _WRONG_NAME
        return f" {name.swapcase()}" if answer.answer == "similar_name" else name

    def _remember(self, channel: Channel, text: str, answer: Answer, offered: Offered) -> Question:
        mistaken = offered.wants_name and answer.answer in _MISTAKES
        # A form that offers no approval cannot be approved, whatever its reader presses.
        can_be_approved = channel == "chat" or "approve" in offered.choices
        seen = self._cloud.request_count
        question = Question(
            channel=channel,
            text=text,
            asked_at=self._cloud.passed(),
            asked_after=seen,
            answer=answer.answer,
            approved=can_be_approved and answer.answer in ("approve", *_MISTAKES) and not mistaken,
            answered_after=seen,
            feedback=answer.feedback,
            left_out=answer.leaves_out,
            offered=offered,
        )
        self.questions.append(question)
        self._note(text)
        return question


def name_in(text: str, cloud: CloudInUse, spoken_of: list[str]) -> str:
    """The name of what a question is about, as a person knows it: of a member, by its id, else from the talk."""
    member = _MEMBER.search(text)
    if member is not None:
        return member[1] or member[2]
    rows = cloud.instances()
    by_id = [str(row["InstanceName"]) for row in rows if row["InstanceId"] in text]
    return next(iter([*by_id, *(name for name in reversed(spoken_of) if name in text)]), "")
