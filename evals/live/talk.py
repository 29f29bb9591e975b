"""A conversation with a server under test whose assistant is not scripted; it keeps the same records as a replay."""

from typing import Any, Self

from evals.harness import _Run  # pyright: ignore[reportPrivateUsage]  # the same conversation, led from elsewhere
from evals.records import Question
from evals.references import UnknownReferenceError
from evals.scenario import Call, Hear


class Talk(_Run):
    """One conversation that a model leads."""

    tools: list[Any]
    """What the server offers, as MCP has it."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        assert self._client is not None
        self.tools = (await self._client.list_tools()).tools
        return self

    @property
    def questions(self) -> list[Question]:
        """What the person was asked so far."""
        return self._person.questions

    async def call(self, tool: str, arguments: dict[str, Any]) -> tuple[str, bool]:
        """Calls a tool; gives what the model reads, and whether it is an error."""
        try:
            await self.take(Call(call=tool, arguments=arguments))
        except UnknownReferenceError as error:
            return str(error), True
        answer = next(event for event in reversed(self._records.events) if event.who == "answer")
        return answer.text, answer.is_error

    async def say(self, said: str) -> None:
        """The assistant says something."""
        if said:
            self._note("assistant", said)
            await self._person.hear(said)

    async def hear(self, said: str) -> None:
        """The person says something."""
        await self.take(Hear(person=said))
