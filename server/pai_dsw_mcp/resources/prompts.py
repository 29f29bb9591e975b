"""What a person can pick from a client's menu: four ways to begin, in their language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, GetPromptResult, Prompt, PromptArgument, PromptMessage, TextContent

from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.resources.documents import REFERENCES, ROOT, SKILL
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language

Argument: TypeAlias = Literal["region_id", "accelerator_type", "purpose", "instance", "team"]

_LONGEST: Final = 1_000
"""Characters of one value."""

_PAGES: Final = {
    "skill": f"{ROOT}/{SKILL}",
    **{
        name: f"{ROOT}/{REFERENCES}/{page}.md"
        for name, page in {
            "errors": "errors",
            "lifecycle": "lifecycle",
            "billing": "billing",
            "workspaces": "workspaces",
            "policies": "ram-policies",
        }.items()
    },
}
"""What the prompts point to."""


@dataclass(frozen=True, slots=True)
class _Offer:
    name: str
    arguments: tuple[Argument, ...]
    required: frozenset[Argument] = frozenset()
    writes: bool = False


_OFFERS: Final = (
    _Offer("start_notebook", ("purpose", "region_id", "accelerator_type"), writes=True),
    _Offer("why_did_it_fail", ("instance", "region_id"), frozenset({"instance"})),
    _Offer("weekly_cost_review", ("region_id",)),
    _Offer("set_up_team_workspace", ("team", "region_id")),
)


@dataclass(frozen=True, slots=True)
class Menu:
    """The prompts of one server. In read-only mode, the prompt that starts a notebook is left out."""

    language: Language
    read_only: bool

    def _offers(self) -> dict[str, _Offer]:
        return {offer.name: offer for offer in _OFFERS if not (offer.writes and self.read_only)}

    def listed(self) -> list[Prompt]:
        """As a client shows them."""
        return [
            Prompt(
                name=offer.name,
                title=say(f"prompt_{offer.name}_title", self.language),
                description=say(f"prompt_{offer.name}_about", self.language),
                arguments=[
                    PromptArgument(
                        name=name,
                        description=say(f"prompt_argument_{name}", self.language),
                        required=name in offer.required,
                    )
                    for name in offer.arguments
                ],
            )
            for offer in self._offers().values()
        ]

    def written(self, name: str, arguments: Mapping[str, str]) -> GetPromptResult:
        """The message that the client sends on the person's behalf.

        Raises:
            MCPError: There is no such prompt, an argument that it needs is missing, or it has no such argument.
        """
        offer = self._offers().get(name)
        if offer is None:
            raise MCPError(INVALID_PARAMS, f"Unknown prompt: {sanitize(name, 60)}")
        missing = sorted(offer.required - {key for key, value in arguments.items() if value.strip()})
        unknown = sorted(sanitize(key, 60) for key in arguments.keys() - set(offer.arguments))
        if missing or unknown:
            problem = f"missing {', '.join(missing)}" if missing else f"no argument {', '.join(unknown)}"
            raise MCPError(INVALID_PARAMS, f"{name}: {problem}")
        words = say(f"prompt_{name}", self.language, given=self._given(offer, arguments), **_PAGES)
        return GetPromptResult(
            description=say(f"prompt_{name}_about", self.language),
            messages=[PromptMessage(role="user", content=TextContent(type="text", text=words))],
        )

    def _given(self, offer: _Offer, arguments: Mapping[str, str]) -> str:
        given = [(name, sanitize(arguments.get(name, ""), _LONGEST)) for name in offer.arguments]
        lines = [f"- {say(f'prompt_argument_{name}', self.language)}: {value}" for name, value in given if value]
        return say("prompt_given", self.language, lines="\n".join(lines)) if lines else ""
