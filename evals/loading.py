"""Where scenarios and fixtures lie, and how they are read."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from evals.scenario import Scenario
from pai_emulator.fixture import Fixture, read_fixture

HOME: Final = Path(__file__).parent
SCENARIOS: Final = HOME / "scenarios"
FIXTURES: Final = HOME / "fixtures"
SCHEMA: Final = HOME / "scenario.schema.json"


_DEEPEST: Final = 50
_MERGE: Final = "tag:yaml.org,2002:merge"
_NO_MERGE: Final = "a scenario is plain data: fields are not merged in with <<, write them out"


class ScenarioError(ValueError):
    """A file is no scenario; the message says which and where."""


class _Strict(yaml.CSafeLoader):
    """Refuses a key that is given twice or is no single value, and takes dates for texts.

    An anchor repeats a value as it stands. Fields of one mapping are not merged into another (`<<`): which of two
    values holds would depend on their order, and no other reader of the file would have to agree.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.tag == _MERGE:
                raise yaml.constructor.ConstructorError(None, None, _NO_MERGE, key.start_mark)
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key is a single value", key.start_mark)
            name = self.construct_object(key)  # pyright: ignore[reportUnknownMemberType]
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} is given twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


_Strict.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _depth(text: bytes) -> int:
    """How deeply it is nested, up to one level too many: libyaml's loader crashes on a hundred thousand."""
    depth = deepest = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        deepest = max(deepest, depth)
        if deepest > _DEEPEST:
            break
    return deepest


def read_scenario(path: Path) -> Scenario:
    """One scenario; raises ScenarioError."""
    text = path.read_bytes()
    try:
        if _depth(text) > _DEEPEST:
            raise ScenarioError(f"{path.name}: it is nested too deeply")
        scenario = Scenario.model_validate(yaml.load(text, _Strict))  # noqa: S506  # a SafeLoader
    except (yaml.YAMLError, ValidationError) as error:
        raise ScenarioError(f"{path.name}: {error}") from None
    if scenario.id != path.stem:
        raise ScenarioError(f"{path.name}: its id is {scenario.id}, which should be the name of the file")
    return scenario


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Every scenario, by family and id."""
    found = [read_scenario(path) for path in sorted(SCENARIOS.rglob("*.yaml"))]
    return tuple(sorted(found, key=lambda each: (each.family, each.id)))


@cache
def scenario(scenario_id: str) -> Scenario:
    """The scenario of this id, read without the others; raises ScenarioError."""
    for path in SCENARIOS.rglob("*.yaml"):
        if path.stem == scenario_id:
            return read_scenario(path)
    raise ScenarioError(f"there is no scenario {scenario_id}")


def fixture_of(one: Scenario) -> Fixture | None:
    """The world that a scenario begins with; raises FixtureError, OSError."""
    fixture = one.cloud.fixture
    return _named(fixture) if isinstance(fixture, str) else fixture


@cache
def _named(name: str) -> Fixture:
    return read_fixture(FIXTURES / f"{name}.json")


def schema() -> str:
    """The JSON Schema of a scenario file, as it is kept beside this module."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
