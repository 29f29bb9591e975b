"""The locks hold everything that an installation needs, so that installing resolves nothing."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distributions
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.lock import FOLDER, LOCKS, Environment, Pin, environments, holds, normal, pins_in, recorded

pytestmark = pytest.mark.usefixtures("without_coverage")

PROJECT: Final[dict[str, Any]] = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text("utf-8"))
GROUPS: Final = {"serve": ("build",), "postgres": (), "otel": (), "develop": ("dev",), "live": ("build", "live")}
"""What the project itself asks for, beside its dependencies. Elsewhere it is not installed: there the group is all."""
WHERE: Final = [
    pytest.param(environment, id=f"{environment['sys_platform']}-{environment['python_full_version']}")
    for environment in environments()
]


parsed: Final = cache(Requirement)


def group(name: str) -> Iterator[str]:
    for each in PROJECT["dependency-groups"][name]:
        if isinstance(each, str):
            yield each
        else:
            yield from group(each["include-group"])


def pinned(lock: str, environment: Environment) -> dict[str, Pin]:
    """What `make` installs together there; a package has one version."""
    pins: dict[str, Pin] = {}
    for pin in (pin for part in LOCKS[lock] for pin in pins_in(part) if holds(pin.requirement, environment)):
        assert pins.setdefault(pin.name, pin).version == pin.version
    return pins


def unmet(pins: dict[str, Pin], wanted: list[Requirement], environment: Environment) -> Iterator[str]:
    """Requirements that no pin meets, from these on through the extras that each one names."""
    requires = recorded()
    seen: set[tuple[str, str]] = set()
    while wanted:
        requirement = wanted.pop()
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None or not requirement.specifier.contains(pin.version, prereleases=True):
            yield str(requirement)
            continue
        for extra in {"", *requirement.extras} - {extra for name, extra in seen if name == pin.name}:
            seen.add((pin.name, extra))
            asked = map(parsed, requires[pin.identity])
            wanted += [each for each in asked if holds(each, environment, extra)]


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("environment", WHERE)
def test_every_requirement_of_every_pin_is_met_by_a_pin(lock: str, environment: Environment) -> None:
    pins = pinned(lock, environment)
    own = [*PROJECT["project"]["dependencies"]] if lock in GROUPS else []
    for extra, packages in PROJECT["project"]["optional-dependencies"].items():
        own += packages if lock in {extra, "develop"} else []
    own += [each for name in GROUPS.get(lock, (lock,)) for each in group(name)]
    wanted = [Requirement(each) for each in own] + [pin.requirement for pin in pins.values()]
    assert list(unmet(pins, wanted, environment)) == []


@pytest.mark.parametrize("environment", WHERE)
def test_what_builds_packages_is_pinned_by_itself_and_as_everywhere_else(environment: Environment) -> None:
    pins = {pin.name: pin for pin in pins_in("build")}
    assert list(unmet(pins, [Requirement(each) for each in group("build")], environment)) == []
    assert {name: pinned("serve", environment)[name].version for name in pins} == {
        name: pin.version for name, pin in pins.items()
    }


def test_what_is_recorded_of_a_pin_is_what_the_installed_package_says() -> None:
    requires = recorded()
    installed = {f"{canonicalize_name(each.name)}=={each.version}": normal(each.requires) for each in distributions()}
    known = installed.keys() & requires.keys()
    assert {pin.name for pin in pins_in("serve")} & {identity.partition("==")[0] for identity in known}
    assert {each: installed[each] for each in known} == {each: requires[each] for each in known}


@pytest.mark.parametrize("lock", ["build", *LOCKS])
def test_a_lock_pins_by_hash_and_names_no_download_host(lock: str) -> None:
    text = (FOLDER / f"{lock}.txt").read_text("utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    pins = pins_in(lock)
    assert pins
    assert [str(pin.requirement) for pin in pins if "==" not in str(pin.requirement) or not pin.hashes] == []
